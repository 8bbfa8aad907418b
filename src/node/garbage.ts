/** Collecting garbage when asked: shared buffers that were let go stay in memory until some collection, and do not hasten one. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/** Of this thread; takes some hundredths of a second. */
export function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc'); // its function appears in contexts made afterwards
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
