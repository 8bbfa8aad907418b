/** Natural breaks (Fisher 1958, Jenks): sorted values cut into runs with the least sum of squares within them, exactly (statistics.md section 3). */
import { EcofluxError } from '../core/errors.ts';

/** Different values, ascending, or bins of them in their order: never empty. */
export interface SortedValues {
  readonly counts: ArrayLike<number>;
  /** Sum of the values of each, less a number near their mean for each value. */
  readonly sums: ArrayLike<number>;
}

/**
 * Index behind the last value of each of `classes` runs. Dynamic programme over the runs' ends: the best cut before an end never moves back as the
 * end moves on, so the ends are halved again and again, O(k u log u). Of equal cuts the first.
 * @throws EcofluxError InvalidInput where there are fewer different values than classes
 */
export function naturalRuns({ counts, sums }: SortedValues, classes: number): number[] {
  const length = counts.length;
  if (classes > length)
    throw new EcofluxError('InvalidInput', 'there are fewer different values than classes', {
      found: `${length} different values`,
      expected: `at least ${classes}`,
      fix: 'ask for fewer classes',
    });
  const [count, sum] = [new Float64Array(length + 1), new Float64Array(length + 1)];
  for (let i = 0; i < length; i++) {
    count[i + 1] = count[i] + counts[i];
    sum[i + 1] = sum[i] + sums[i];
  }
  // Σx² is the same for every way to cut: what is left of a run is −(Σx)² / n.
  const cost = (from: number, to: number) => -((sum[to] - sum[from]) ** 2) / (count[to] - count[from]);
  let best = Float64Array.from({ length: length + 1 }, (_, end) => (end === 0 ? Infinity : cost(0, end)));
  const cuts: Int32Array[] = [];
  for (let runs = 2; runs <= classes; runs++) {
    const next = new Float64Array(length + 1).fill(Infinity);
    const cut = new Int32Array(length + 1);
    const before = best;
    const waiting = [[runs, length, runs - 1, length - 1]];
    for (let range = waiting.pop(); range; range = waiting.pop()) {
      const [low, high, first, last] = range;
      if (low > high) continue;
      const end = (low + high) >> 1;
      for (let at = Math.max(first, runs - 1); at <= Math.min(last, end - 1); at++) {
        const total = before[at] + cost(at, end);
        if (total < next[end]) {
          next[end] = total;
          cut[end] = at;
        }
      }
      waiting.push([low, end - 1, first, cut[end]], [end + 1, high, cut[end], last]);
    }
    cuts.push(cut);
    best = next;
  }
  const ends = [length];
  for (const cut of cuts.reverse()) ends.unshift(cut[ends[0]]);
  return ends;
}
