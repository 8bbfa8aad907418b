/** Means, sums and weights of a block from its kernel sums: kept within what the values allow, and exactly 0 where no source is within the kernel. */
import { NODATA } from '../../core/cells.ts';
import type { BlockInput, BlockOutput } from './block.ts';
import { areWhole, type BlockValues } from './block-values.ts';
import { cutOff, type Kernel } from './kernels.ts';
import { coveredCells } from './zero-cells.ts';

/** Takes kernel sums of the values less their level, and of the valid cells, of row `y` of the block: those of cell x stand x · `step` after the first. */
export type RowWriter = (
  y: number,
  contrasts: Float64Array,
  contrastAt: number,
  weights: Float64Array,
  weightAt: number,
  step: number,
) => void;

/** Of the largest value times the sum of the kernel: far above what a sum in float64 errs by. One that is larger has a source. */
const DOUBT = 1e-9;

export function rowWriter(
  { values, width, height, kernel, plan }: BlockInput,
  about: BlockValues,
  { mean, sum: sums, weight }: BlockOutput,
): RowWriter {
  const { shape, radius } = kernel;
  const { low, high, level } = about;
  const { marginX, marginY } = plan;
  const pitch = width + 2 * marginX;
  const counts = shape === 'disc';
  const exact = counts && areWhole(values);
  // Sums of whole numbers of one sign tell themselves.
  const doubt = exact && (low >= 0 || high <= 0) ? -1 : doubtOf(kernel, about);
  let covered: Int32Array | undefined;
  const hasSource = (cell: number) => {
    covered ??= coveredCells(values, pitch, height + 2 * marginY, shape, radius);
    return covered[cell] !== 0;
  };
  return (y, contrasts, contrastAt, weights, weightAt, step) => {
    const start = (y + marginY) * pitch + marginX;
    for (let x = 0, o = y * width, c = contrastAt, w = weightAt; x < width; x++, o++, c += step, w += step) {
      if (values[start + x] === NODATA) continue;
      const contrast = contrasts[c];
      const k = counts ? Math.round(weights[w]) : weights[w];
      const raw = contrast + level * k;
      const none = Math.abs(raw) <= doubt && !hasSource(start + x);
      const sum = none ? 0 : exact ? Math.round(raw) : raw;
      if (weight) weight[o] = k;
      if (sums) sums[o] = none ? 0 : clamp(sum, low * k, high * k);
      if (mean) mean[o] = none ? 0 : clamp(exact ? sum / k : level + contrast / k, low, high);
    }
  };
}

/** A sum no larger than this may be one without a source; below 0 where there is none. */
export function doubtOf({ shape, radius }: Kernel, { low, high }: BlockValues): number {
  if (low > 0 || high < 0) return -1;
  return DOUBT * Math.max(high, -low) * (shape === 'disc' ? (cutOff(shape, radius) + 1) ** 2 : 1);
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
