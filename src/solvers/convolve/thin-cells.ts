/**
 * Cells around which so few others are valid that the error of a transform, which is that of its largest sums, would show in their means: their sums are
 * made cell by cell, in the order of rows and columns. Only the widest kernels know such cells: with others a cell's own weight is above the threshold.
 */
import { NODATA } from '../../core/cells.ts';
import type { BlockValues } from './block-values.ts';
import { type Kernel, rawWeight } from './kernels.ts';
import { coveredHeights } from './zero-cells.ts';

/** Part of the kernel's sum: a sum of weights errs by some 10⁻¹⁴ of it. */
const THIN = 1e-7;
/** Up to this radius the centre of every kernel is heavier. */
const NEVER_THIN = 1000;

/** Cells with a smaller weight are thin; 0 where none is. */
export function thinWeight({ shape, radius }: Kernel): number {
  return shape === 'disc' || radius <= NEVER_THIN ? 0 : THIN;
}

/** Column among the values and row of the transform, and what has been summed so far. */
export interface ThinCell {
  readonly x: number;
  readonly y: number;
  contrast: number;
  weight: number;
  /** Whether a value other than 0 is within the kernel. */
  source: boolean;
}

export interface ThinInput {
  readonly cells: ThinCell[];
  readonly values: Float32Array;
  readonly pitch: number;
  /** The first row of values in the transform. */
  readonly top: number;
  readonly kernel: Kernel;
  /** The kernel's sum. */
  readonly total: number;
  readonly level: number;
}

/** Adds what these rows give to the cells. */
export function addToThin({ cells, values, pitch, top, kernel, total, level }: ThinInput): ThinCell[] {
  const { shape, radius } = kernel;
  const widths = coveredHeights(shape, radius, Infinity);
  const next = new Int32Array(pitch + 1);
  for (let y = top, start = 0; start < values.length; y++, start += pitch) {
    const near = cells.filter((cell) => Math.abs(y - cell.y) < widths.length);
    if (near.length === 0) continue;
    next[pitch] = pitch;
    for (let x = pitch - 1; x >= 0; x--) next[x] = values[start + x] === NODATA ? next[x + 1] : x;
    for (const cell of near) {
      const dy = y - cell.y;
      const width = widths[Math.abs(dy)];
      const last = Math.min(pitch - 1, cell.x + width);
      for (let x = next[Math.max(0, cell.x - width)]; x <= last; x = next[x + 1]) {
        const value = values[start + x];
        const k = Math.fround(rawWeight(shape, radius, (x - cell.x) ** 2 + dy * dy) / total);
        cell.contrast += k * (value - level);
        cell.weight += k;
        cell.source ||= value !== 0;
      }
    }
  }
  return cells;
}

/** Mean and sum of a cell that has been summed over the whole kernel, and its weight. */
export function resultsOf({ contrast, weight, source }: ThinCell, { low, high, level }: BlockValues) {
  const within = (value: number, by: number) => Math.min(Math.max(value, low * by), high * by);
  return {
    mean: source ? within(level + contrast / weight, 1) : 0,
    sum: source ? within(contrast + level * weight, weight) : 0,
    weight,
  };
}
