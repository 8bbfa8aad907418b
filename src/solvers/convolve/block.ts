/** One block of a convolution on the CPU: means, sums and weights of its cells from the values in it and around it. */
import { NODATA } from '../../core/cells.ts';
import type { BlockPlan } from './block-plan.ts';
import { rowWriter } from './block-results.ts';
import { makeResults, putThin, takeRows } from './block-rows.ts';
import { type BlockValues, describeValues } from './block-values.ts';
import { directBlock } from './direct.ts';
import { discBlock, fitsChords } from './disc.ts';
import { keptFor } from './kept.ts';
import { type Kernel, kernelSum } from './kernels.ts';
import { bringSpectrum } from './spectrum.ts';
import { addToThin } from './thin-cells.ts';
import { makeTransform, multiplySlabs, type Transform } from './transform.ts';

export interface BlockInput {
  /** Of the block with the plan's margin on every side. */
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly kernel: Kernel;
  readonly plan: BlockPlan;
  readonly wanted: readonly (keyof BlockOutput)[];
}

/** Those that are wanted, of the block alone, row by row. */
export interface BlockOutput {
  readonly mean?: Float32Array;
  readonly sum?: Float32Array;
  readonly weight?: Float32Array;
}

export function convolveBlock(input: BlockInput): BlockOutput {
  const { values, width, height, plan, wanted } = input;
  const about = describeValues(values, width + 2 * plan.marginX);
  const planes = wanted.map((name) => [name, new Float32Array(width * height).fill(NODATA)] as const);
  const out: BlockOutput = Object.fromEntries(planes);
  if (about.valid === 0) return out;
  if (about.low === about.high && out.mean && wanted.length === 1) {
    putConstant(input, about.low, out.mean);
    return out;
  }
  if (fitsChords(values, input.kernel, about)) {
    discBlock(input, about, rowWriter(input, { ...about, level: 0 }, out));
    return out;
  }
  if (plan.method === 'direct') directBlock(input, about.level, rowWriter(input, about, out));
  else transformBlock(input, about, out);
  return out;
}

/** The mean of one value is that value, whatever the kernel. */
function putConstant(
  { values, width, height, plan: { marginX, marginY } }: BlockInput,
  value: number,
  mean: Float32Array,
) {
  for (let y = 0; y < height; y++)
    for (let x = 0, i = (y + marginY) * (width + 2 * marginX) + marginX; x < width; x++, i++)
      if (values[i] !== NODATA) mean[y * width + x] = value;
}

function transformFor(kernel: Kernel, { lengthX, lengthY }: BlockPlan): Transform {
  return keptFor(JSON.stringify([kernel, lengthX, lengthY]), () => {
    const transform = makeTransform(lengthX, lengthY);
    bringSpectrum(transform, kernel);
    return transform;
  });
}

function transformBlock(input: BlockInput, about: BlockValues, out: BlockOutput): void {
  const { values, width, height, kernel, plan } = input;
  const { level } = about;
  const pitch = width + 2 * plan.marginX;
  const transform = transformFor(kernel, plan);
  takeRows(transform, level, values, pitch, height + 2 * plan.marginY);
  multiplySlabs(transform);
  const thin = makeResults(transform, input, about, out);
  if (thin.length === 0) return;
  const total = kernelSum(kernel);
  putThin(addToThin({ cells: thin, values, pitch, top: 0, kernel, total, level }), input, 0, about, out);
}
