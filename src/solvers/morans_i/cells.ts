/** Local I of single cells, by the sums over their neighbours. */
import type { Moments } from '../neighbourhood/moments.ts';

/** One of WEIGHTS. */
export const BINARY = 1;

/** z(i) / S · lag(i) / S, from the sum of y − mean over `neighbours` cells; 0 without any. */
export function productOf(
  x: number,
  sum: number,
  neighbours: number,
  weights: number,
  ofX: Moments,
  ofY: Moments,
): number {
  if (neighbours === 0) return 0;
  const lag = weights === BINARY ? sum : sum / neighbours;
  return ((x - ofX.mean) / ofX.deviation) * (lag / ofY.deviation);
}

export function localOf(product: number, count: number): number {
  return ((count - 1) / count) * product;
}

/** 1 high among high, 2 low among high, 3 low among low, 4 high among low; what is no higher than the mean is low. */
export function quadrantOf(x: number, sum: number, { mean }: Moments): number {
  if (sum > 0) return x > mean ? 1 : 2;
  return x > mean ? 4 : 3;
}
