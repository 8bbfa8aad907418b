/** Work on many tiles at once, a few in flight, so that memory stays bounded and every worker has something to do. */
import { throwIfAborted } from '../core/errors.ts';
import type { SolveRequest } from './solver.ts';

/** One more than workers: the next tile is read while they are busy. The first failure ends it, once all that started has ended. */
export async function eachTile<T>(
  tiles: Iterable<T>,
  { pool, signal }: Pick<SolveRequest, 'pool' | 'signal'>,
  visit: (tile: T) => Promise<void>,
): Promise<void> {
  const waiting = tiles[Symbol.iterator]();
  let failed = false;
  const lane = async () => {
    for (let next = waiting.next(); !next.done && !failed; next = waiting.next()) {
      try {
        throwIfAborted(signal);
        await visit(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: pool.size + 1 }, lane));
  const end = ends.find(({ status }) => status === 'rejected');
  if (end) throw (end as PromiseRejectedResult).reason;
}
