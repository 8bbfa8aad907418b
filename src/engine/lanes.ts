/** Work on many things, some of them at once. */
import { throwIfAborted } from '../core/errors.ts';

export interface Lanes {
  /** How many at once. */
  readonly most: number;
  /** Aborted by the first failure. */
  readonly stop: AbortController;
  /** Of the caller, whose reason goes first. */
  readonly signal?: AbortSignal;
}

/** Calls `work` for 0 .. count − 1, in order of their beginning. The first failure stops the rest and is the one reported, when nothing is under way any more. */
export async function inLanes(
  count: number,
  { most, stop, signal }: Lanes,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count && !stop.signal.aborted) await work(next++);
  };
  const lanes = Array.from({ length: Math.min(most, count) }, () =>
    lane().catch((error: unknown) => {
      if (!stop.signal.aborted) stop.abort(error);
      throw error;
    }),
  );
  const results = await Promise.allSettled(lanes);
  if (!stop.signal.aborted && results.every(({ status }) => status === 'fulfilled')) return;
  throwIfAborted(signal);
  throw stop.signal.reason;
}
