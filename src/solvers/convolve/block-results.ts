/** Means, sums and weights of a block from its kernel sums: kept within what the values allow, and exactly 0 where no source is within the kernel. */
import { NODATA } from '../../core/cells.ts';
import type { BlockOutput } from './block.ts';
import type { BlockPlan } from './block-plan.ts';
import { areWhole, type BlockValues } from './block-values.ts';
import { cutOff, type Kernel } from './kernels.ts';
import { thinWeight } from './thin-cells.ts';
import { type Cover, coveredCells } from './zero-cells.ts';

/** Cells whose results are made, with values around them. */
export interface ResultCells {
  /** Rows of the cells with the plan's margin on every side; more may follow. */
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly kernel: Kernel;
  readonly plan: Pick<BlockPlan, 'marginX' | 'marginY'>;
  readonly wanted: readonly (keyof BlockOutput)[];
  /** Where these are some rows of a block: what the whole block says of its values, and of sources in other rows. */
  readonly part?: {
    readonly whole: boolean;
    /** Missing where it does not matter. */
    readonly cover?: Cover;
    /** The first row of values in the transform of the block. */
    readonly top: number;
  };
}

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

/** @param onThin is told of cells of these rows whose sums are too small for a transform, which are left out */
export function rowWriter(
  { values, width, kernel, plan, part }: ResultCells,
  about: BlockValues,
  { mean, sum: sums, weight }: BlockOutput,
  onThin?: (x: number, y: number) => void,
): RowWriter {
  const { low, high, level } = about;
  const { marginX, marginY } = plan;
  const pitch = width + 2 * marginX;
  const counts = kernel.shape === 'disc';
  const exact = counts && (part?.whole ?? areWhole(values));
  const doubt = doubtOf(kernel, about, exact);
  const thin = onThin ? thinWeight(kernel) : 0;
  let covered: Uint8Array | undefined;
  const hasSource = (cell: number) => {
    covered ??= coveredCells(values, pitch, kernel, part?.cover, part?.top);
    return covered[cell] !== 0;
  };
  return (y, contrasts, contrastAt, weights, weightAt, step) => {
    const start = (y + marginY) * pitch + marginX;
    for (let x = 0, o = y * width, c = contrastAt, w = weightAt; x < width; x++, o++, c += step, w += step) {
      if (values[start + x] === NODATA) continue;
      if (weights[w] < thin) {
        onThin?.(x, y);
        continue;
      }
      const contrast = contrasts[c];
      const k = counts ? Math.round(weights[w]) : weights[w];
      const raw = contrast + level * k;
      const small = Math.abs(raw) <= doubt;
      const none = small && !hasSource(start + x);
      const sum = none ? 0 : exact ? Math.round(raw) + 0 : raw; // no -0
      if (weight) weight[o] = k;
      if (sums) sums[o] = none ? 0 : clamp(small ? away(sum, about) : sum, low * k, high * k);
      if (mean) {
        const quotient = exact ? sum / k : level + contrast / k;
        mean[o] = none ? 0 : clamp(small ? away(quotient, about) : quotient, low, high);
      }
    }
  };
}

/**
 * A sum no larger than this may be one without a source; below 0 where there is none, or where sums tell themselves: those over a disc of whole numbers
 * of one sign. @param exact whether sums are whole numbers
 */
export function doubtOf({ shape, radius }: Kernel, { low, high }: BlockValues, exact: boolean): number {
  if (low > 0 || high < 0 || (exact && (low >= 0 || high <= 0))) return -1;
  return DOUBT * Math.max(high, -low) * (shape === 'disc' ? (cutOff(shape, radius) + 1) ** 2 : 1);
}

/** Of the largest value: less than any error, and no 0. */
const LEAST = 1e-18;

/** A sum or mean that has a source is not 0 where values have one sign, however small it is beside the error of a transform. */
function away(value: number, { low, high }: BlockValues): number {
  if (low >= 0) return Math.max(value, LEAST * high);
  return high <= 0 ? Math.min(value, LEAST * low) : value;
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
