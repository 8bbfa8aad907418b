/** Requests for ranges that are made in the same turn, gathered: those that lie close together become one. */
import { EcofluxError, throwIfAborted } from '../../core/errors.ts';

type ReadRange = (start: number, end: number, signal: AbortSignal) => Promise<Uint8Array>;

/** At 40 Mbit/s these bytes take 50 ms, about what a request costs before its first byte: reading them is cheaper than another request. */
export const GAP_BYTES = 256 * 1024;
/** At most this many bytes in one request, so that memory stays bounded and a broken connection costs little. */
const MOST_BYTES = 16 * 2 ** 20;
/** Requests under way at a time: what browsers allow to one host. */
const MOST_AT_ONCE = 6;

interface Wanted {
  readonly start: number;
  readonly end: number;
  readonly signal: AbortSignal | undefined;
  resolve(bytes: Uint8Array): void;
  reject(error: unknown): void;
}

/** @returns `read` for callers; a range is cut out of what was read for its neighbours too */
export function gathered(read: ReadRange): (start: number, end: number, signal?: AbortSignal) => Promise<Uint8Array> {
  let waiting: Wanted[] = [];
  const groups: Wanted[][] = [];
  let running = 0;

  function next(): void {
    while (running < MOST_AT_ONCE && groups.length > 0) {
      running++;
      void readGroup(groups.shift()!, read).finally(() => {
        running--;
        next();
      });
    }
  }

  return (start, end, signal) =>
    new Promise((resolve, reject) => {
      throwIfAborted(signal);
      // A turn of the event loop, not of the promises: callers come here through chains of different length.
      if (waiting.length === 0)
        setTimeout(() => {
          groups.push(...neighbours(waiting));
          waiting = [];
          next();
        }, 0);
      waiting.push({ start, end, signal, resolve, reject });
    });
}

function neighbours(wanted: readonly Wanted[]): Wanted[][] {
  const groups: Wanted[][] = [];
  let [from, to] = [0, 0];
  for (const one of [...wanted].sort((a, b) => a.start - b.start)) {
    if (groups.length > 0 && one.start - to <= GAP_BYTES && Math.max(to, one.end) - from <= MOST_BYTES) {
      groups.at(-1)!.push(one);
      to = Math.max(to, one.end);
    } else {
      groups.push([one]);
      [from, to] = [one.start, one.end];
    }
  }
  return groups;
}

/** Whoever loses interest is let go at once; the request is given up when nobody is left. */
async function readGroup(group: readonly Wanted[], read: ReadRange): Promise<void> {
  const controller = new AbortController();
  let interested = group.length;
  const leave = group.map((one) => () => {
    one.reject(new EcofluxError('Interrupted', 'the run was interrupted', { cause: one.signal?.reason }));
    if (--interested === 0) controller.abort();
  });
  for (const [i, { signal }] of group.entries()) {
    if (signal?.aborted) leave[i]();
    else signal?.addEventListener('abort', leave[i], { once: true });
  }
  const start = group[0].start;
  const end = group.reduce((most, one) => Math.max(most, one.end), 0);
  try {
    const bytes = await read(start, end, controller.signal);
    for (const one of group) one.resolve(bytes.subarray(one.start - start, one.end - start));
  } catch (error) {
    for (const one of group) one.reject(error);
  } finally {
    for (const [i, { signal }] of group.entries()) signal?.removeEventListener('abort', leave[i]);
  }
}
