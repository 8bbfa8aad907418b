/** Levels of confidence: how hot or cold a cell is. */
import { NODATA } from '../../core/cells.ts';

/** Chance of a cell that is taken for hot or cold and is neither: level 1, 2 and 3. */
export const LEVELS = [0.1, 0.05, 0.01] as const;
/** The |Z| of each. */
export const CRITICAL: Thresholds = [1.644853626951473, 1.959963984540054, 2.575829303548901];
/** In planes of Z on their way: a valid cell without one. */
export const UNDEFINED = -NODATA;

/** The smallest |Z| of each level; Infinity where no cell has it. */
export type Thresholds = readonly [number, number, number];

/** The level of each cell, negative where it is cold, of planes of Z with UNDEFINED in them; 0 there. */
export function binsOf(z: Float32Array, [first, second, third]: Thresholds): Float32Array {
  const bins = new Float32Array(z.length);
  for (let i = 0; i < z.length; i++) {
    const value = z[i];
    const size = Math.abs(value);
    if (value === NODATA) bins[i] = NODATA;
    else if (size >= first && value !== UNDEFINED) {
      const level = size >= third ? 3 : size >= second ? 2 : 1;
      bins[i] = value > 0 ? level : -level;
    }
  }
  return bins;
}
