/**
 * Values as whole numbers of a quantum around the mean, so fine that float64 still holds every sum over a window without rounding. Where few bits
 * are enough, the number of valid cells rides in the upper ones, and one sum does for both.
 */
import type { Moments } from '../neighbourhood/moments.ts';
import type { Neighbourhood } from '../neighbourhood/shape.ts';

/** Cells along a side of the largest block: sums along whole lines of one have to fit too. */
export const LONGEST_BLOCK = 1024;
/** The most that rounding to quanta may change Z by in the worst case, where cells and sums share one number. */
const FINE_ENOUGH = 2 ** -20;

export interface Scale {
  readonly mean: number;
  readonly quantum: number;
  /** Bits of the largest |q|. */
  readonly bits: number;
  /** What a valid cell adds beside its q; 0 where counts are summed by themselves. */
  readonly unit: number;
}

/** Undefined where no cell has a Z: fewer than two valid cells, or all the same. */
export function scaleOf(
  { count, low, high, mean, deviation }: Moments,
  { cells, reachX, reachY }: Neighbourhood,
): Scale | undefined {
  if (count < 2 || deviation === 0) return undefined;
  const largest = Math.max(high - mean, mean - low);
  const exponent = Math.ceil(Math.log2(largest));
  const most = Math.min(cells, count - 1);
  const digits = Math.ceil(Math.log2(Math.max(cells, LONGEST_BLOCK + 2 * Math.max(reachX, reachY)) + 1));
  const quantumFor = (bits: number) => 2 ** (exponent - bits);
  const shared = 52 - 2 * digits;
  const error = (Math.sqrt((most * (count - 1)) / (count - most)) * quantumFor(shared)) / 2 / deviation;
  if (error <= FINE_ENOUGH) return { mean, quantum: quantumFor(shared), bits: shared, unit: 2 ** (53 - digits) };
  const alone = 52 - digits;
  return { mean, quantum: quantumFor(alone), bits: alone, unit: 0 };
}

/** The number of quanta nearest to x − mean, half-way ones up. */
export function quantaOf(x: number, { mean, quantum }: Scale): number {
  return Math.floor((x - mean) / quantum + 0.5); // as in neighbourhood/window-sums.ts
}

/** S √((n W − W²) / (n − 1)): what a sum of deviations over W cells is divided by. 0 where W = n. */
export function spreadOf(cells: number, { count, deviation }: Moments): number {
  return deviation * Math.sqrt((cells * (count - cells)) / (count - 1));
}
