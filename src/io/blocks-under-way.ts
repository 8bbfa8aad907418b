/** How many blocks are on their way through a pool, whichever files they belong to: memory must not grow with the number of files. */
import type { TaskPool } from '../core/tasks.ts';

/** One at work, and enough waiting that a worker never runs dry while the caller makes the next rectangle. */
const BLOCKS_PER_WORKER = 8;

export interface BlocksUnderWay {
  /** A promise that never rejects; counted until it resolves. */
  add(work: Promise<void>): void;
  /** Resolves when another may be added. */
  room(): Promise<void>;
}

const ALL = new WeakMap<TaskPool, BlocksUnderWay>();

export function blocksUnderWay(pool: TaskPool): BlocksUnderWay {
  const known = ALL.get(pool);
  if (known) return known;
  const running = new Set<Promise<void>>();
  const made: BlocksUnderWay = {
    add(work) {
      running.add(work);
      void work.then(() => running.delete(work));
    },
    async room() {
      while (running.size >= BLOCKS_PER_WORKER * pool.size) await Promise.race(running);
    },
  };
  ALL.set(pool, made);
  return made;
}
