/** What the values of a block and of the reach around it are like, before it is convolved. */
import { NODATA } from '../../core/cells.ts';

export interface BlockValues {
  readonly valid: number;
  /** Of the valid cells. */
  readonly low: number;
  readonly high: number;
  /** About their mean, a float32: taken off before the sums, so that errors follow the contrast. */
  readonly level: number;
  /** Valid cells other than 0. */
  readonly sources: number;
  readonly whole: boolean;
}

export function describeValues(values: Float32Array): BlockValues {
  let [valid, low, high, total, sources] = [0, Infinity, -Infinity, 0, 0];
  let whole = true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === NODATA) continue;
    valid++;
    total += value;
    if (value < low) low = value;
    if (value > high) high = value;
    if (value !== 0) sources++;
    if (whole && value !== Math.floor(value)) whole = false;
  }
  return { valid, low, high, level: valid > 0 ? Math.fround(total / valid) : 0, sources, whole };
}
