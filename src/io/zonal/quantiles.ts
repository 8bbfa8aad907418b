/** Quantiles of values, exact: by sorting what fits in memory, by counting in ever narrower classes what does not. */
import type { Values } from '../plane-mapping.ts';
import type { Histogram } from './accumulate.ts';

/** Where quantile q of n sorted values lies: between two ranks, from 0, at a share of the way (linear interpolation, as numpy's default). */
function rankOf(q: number, count: number): { readonly lower: number; readonly upper: number; share: number } {
  const place = q * (count - 1);
  const lower = Math.min(count - 1, Math.floor(place));
  return { lower, upper: Math.min(count - 1, lower + 1), share: place - lower };
}

/** From the nearer end, so that a share of 1 gives the upper value itself. */
export function between(lower: number, upper: number, share: number): number {
  const difference = upper - lower;
  return share < 0.5 ? lower + difference * share : upper - difference * (1 - share);
}

/** Changes the order of the values; there must be one. */
export function quantilesOf(values: Values, quantiles: readonly number[]): number[] {
  return quantiles.map((q) => {
    const { lower, upper, share } = rankOf(q, values.length);
    const low = valueOfRank(values, lower);
    // All to the right of it are as large or larger.
    const high = upper === lower ? low : leastFrom(values, upper);
    return between(low, high, share) + 0; // no −0
  });
}

function leastFrom(values: Values, from: number): number {
  let least = values[from];
  for (let i = from + 1; i < values.length; i++) if (values[i] < least) least = values[i];
  return least;
}

/** Below this sorting is as fast. */
const FEW = 32;

/** The value that sorting would put at `rank`: put there, none larger to the left of it, none smaller to the right (Hoare's selection). */
function valueOfRank(values: Values, rank: number): number {
  let left = 0;
  let right = values.length - 1;
  // Unlucky pivots are no reason to wait: a sort always ends in time.
  for (let steps = 4 * Math.log2(values.length + 1); right - left > FEW && steps > 0; steps--) {
    const pivot = middleOf(values[left], values[(left + right) >>> 1], values[right]);
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const value = values[i];
      values[i++] = values[j];
      values[j--] = value;
    }
    // Between them lies what equals the pivot.
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else return values[rank];
  }
  values.subarray(left, right + 1).sort();
  return values[rank];
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

export interface Selection {
  /** Of all values. */
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** Passes over the values: how many lie in each class between two bounds; those between two bounds, sorted. */
  histogram(bounds: readonly [number, number]): Promise<Histogram>;
  sorted(bounds: readonly [number, number]): Promise<Values>;
  /** As many values may be in memory. */
  readonly most: number;
}

/** The quantiles of more values than memory holds. */
export async function selectQuantiles(quantiles: readonly number[], selection: Selection): Promise<number[]> {
  const ranks = quantiles.map((q) => rankOf(q, selection.count));
  const found = new Map<number, number>();
  const wanted = [...new Set(ranks.flatMap(({ lower, upper }) => [lower, upper]))].sort((a, b) => a - b);
  await select(wanted, 0, selection.count, [selection.min, selection.max], selection, found);
  return ranks.map(({ lower, upper, share }) => between(found.get(lower)!, found.get(upper)!, share) + 0);
}

/** Finds the values of some ranks, all of which lie within bounds; `before`: values below the bounds, `count`: inside. */
async function select(
  ranks: readonly number[],
  before: number,
  count: number,
  bounds: readonly [number, number],
  selection: Selection,
  found: Map<number, number>,
): Promise<void> {
  if (bounds[0] === bounds[1]) {
    for (const rank of ranks) found.set(rank, bounds[0]);
    return;
  }
  if (count <= selection.most) {
    const values = await selection.sorted(bounds);
    for (const rank of ranks) found.set(rank, values[rank - before]);
    return;
  }
  const { counts, min, max } = await selection.histogram(bounds);
  let below = before;
  for (let i = 0; i < counts.length; i++) {
    const inside = ranks.filter((rank) => rank >= below && rank < below + counts[i]);
    if (inside.length > 0) await select(inside, below, counts[i], [min[i], max[i]], selection, found);
    below += counts[i];
  }
}
