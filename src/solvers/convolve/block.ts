/** One block of a convolution on the CPU: means, sums and weights of its cells from the values in it and around it. */
import { NODATA } from '../../core/cells.ts';
import { meanWriter } from './block-means.ts';
import type { BlockPlan } from './block-plan.ts';
import { type RowWriter, rowWriter } from './block-results.ts';
import { type BlockValues, describeValues } from './block-values.ts';
import { directBlock } from './direct.ts';
import { discBlock, fitsChords } from './disc.ts';
import { keptFor } from './kept.ts';
import type { Kernel } from './kernels.ts';
import {
  bringSpectrum,
  LANES,
  makeTransform,
  multiplySlabs,
  rowsBackward,
  rowsForward,
  STEP,
  type Transform,
} from './transform.ts';

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
  const about = describeValues(values);
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
  const write = rowWriter(input, about, out);
  if (plan.method === 'direct') directBlock(input, about.level, write);
  else transformBlock(input, about, out, write);
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

function transformBlock(input: BlockInput, about: BlockValues, out: BlockOutput, write: RowWriter): void {
  const { values, width, height, kernel, plan } = input;
  const { marginX, marginY } = plan;
  const pitch = width + 2 * marginX;
  const rows = height + 2 * marginY;
  const transform = transformFor(kernel, plan);
  const { numbers } = transform;
  rowsForward(transform, about.level, rowFiller(transform, values, pitch, rows));
  multiplySlabs(transform);
  const putMeans = out.mean && input.wanted.length === 1 && kernel.shape !== 'disc';
  const means = putMeans ? meanWriter(input, about, out.mean!, transform) : undefined;
  rowsBackward(transform, marginY, marginY + height, (row, from) => {
    if (means?.(row, from)) return;
    for (let lane = 0; lane < LANES; lane++) {
      const y = row + lane - marginY;
      const at = from + marginX * STEP + lane;
      if (y >= 0 && y < height) write(y, numbers, at, numbers, at + LANES, STEP);
    }
  });
}

/** Puts rows of values where a transform expects them; says whether any of them has one. */
function rowFiller({ numbers, cells, x }: Transform, values: Float32Array, pitch: number, rows: number) {
  const lines = new Float32Array(numbers.buffer, cells, LANES * x.length).fill(NODATA);
  return (row: number): boolean => {
    const last = Math.min(LANES, rows - row);
    const from = row * pitch;
    if (last <= 0 || !hasValue(values, from, from + last * pitch)) return false;
    if (last < LANES) lines.fill(NODATA);
    for (let lane = 0; lane < last; lane++)
      lines.set(values.subarray(from + lane * pitch, from + (lane + 1) * pitch), lane * x.length);
    return true;
  };
}

function hasValue(values: Float32Array, from: number, end: number): boolean {
  for (let i = from; i < end; i++) if (values[i] !== NODATA) return true;
  return false;
}
