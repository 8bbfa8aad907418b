/** One block of a convolution on the CPU: means, sums and weights of its cells from the values in it and around it. */
import { NODATA } from '../../core/cells.ts';
import type { BlockPlan } from './block-plan.ts';
import { type BlockValues, describeValues } from './block-values.ts';
import { directBlock } from './direct.ts';
import type { Kernel } from './kernels.ts';
import {
  kernelSpectrum,
  LANES,
  makeTransform,
  multiplySlabs,
  rowsBackward,
  rowsForward,
  type Transform,
} from './transform.ts';
import { coveredCells } from './zero-cells.ts';

export interface BlockInput {
  /** Of the block with the kernel's reach on every side. */
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
  const write = rowWriter(input, about, out);
  if (plan.method === 'direct') directBlock(input, about.level, write);
  else transformBlock(input, about.level, write);
  return out;
}

/**
 * Takes kernel sums of the values less their level, and of the valid cells, of row `y` of the block: that of cell x at [from + x · step].
 */
export type RowWriter = (y: number, contrast: Float64Array, weight: Float64Array, from: number, step: number) => void;

/** Mean and sum from the sums, kept within what the values allow; 0 where no source is within the kernel. */
function rowWriter(
  { values, width, height, kernel }: BlockInput,
  { low, high, level, sources, whole }: BlockValues,
  out: BlockOutput,
): RowWriter {
  const { reachX, reachY, shape, radius } = kernel;
  const pitch = width + 2 * reachX;
  const counts = shape === 'disc';
  const exact = counts && whole;
  const covered =
    low > 0 || high < 0 || sources === 0 ? undefined : coveredCells(values, pitch, height + 2 * reachY, shape, radius);
  return (y, contrast, weight, from, step) => {
    const start = (y + reachY) * pitch + reachX;
    for (let x = 0, o = y * width, s = from; x < width; x++, o++, s += step) {
      if (values[start + x] === NODATA) continue;
      const k = counts ? Math.round(weight[s]) : weight[s];
      if (out.weight) out.weight[o] = k;
      const none = sources === 0 || (covered !== undefined && covered[start + x] === 0);
      const raw = contrast[s] + level * k;
      const sum = none ? 0 : clamp(exact ? Math.round(raw) : raw, low * k, high * k);
      if (out.sum) out.sum[o] = sum;
      if (out.mean) out.mean[o] = none ? 0 : clamp(exact ? sum / k : level + contrast[s] / k, low, high);
    }
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

interface Kept {
  readonly key: string;
  readonly transform: Transform;
  readonly spectrum: Float64Array;
}

/** Of the last block of this thread: the next one is mostly of the same kernel. Let go of after a while without one. */
let kept: Kept | undefined;
let letGo: ReturnType<typeof setTimeout> | undefined;
const KEEP_MS = 2000;

function transformFor(kernel: Kernel, { lengthX, lengthY }: BlockPlan): Kept {
  const key = JSON.stringify([kernel, lengthX, lengthY]);
  if (kept?.key !== key) {
    kept = undefined; // before there is another one
    const transform = makeTransform(lengthX, lengthY);
    kept = { key, transform, spectrum: kernelSpectrum(transform, kernel) };
  }
  clearTimeout(letGo);
  letGo = setTimeout(() => {
    kept = undefined;
  }, KEEP_MS);
  (letGo as { unref?: () => void }).unref?.(); // Node only: it must not keep a process alive
  return kept;
}

function transformBlock({ values, width, height, kernel, plan }: BlockInput, level: number, write: RowWriter): void {
  const { reachX, reachY } = kernel;
  const pitch = width + 2 * reachX;
  const rows = height + 2 * reachY;
  const { transform, spectrum } = transformFor(kernel, plan);
  rowsForward(transform, (row, re, im) => fillRows(values, pitch, rows, level, row, re, im));
  multiplySlabs(transform, spectrum);
  rowsBackward(transform, reachY, reachY + height, (row, re, im) => {
    for (let lane = 0; lane < LANES; lane++) {
      const y = row + lane - reachY;
      if (y >= 0 && y < height) write(y, re, im, reachX * LANES + lane, LANES);
    }
  });
}

function fillRows(
  values: Float32Array,
  pitch: number,
  rows: number,
  level: number,
  row: number,
  re: Float64Array,
  im: Float64Array,
): boolean {
  re.fill(0);
  im.fill(0);
  let some = false;
  for (let lane = 0; lane < LANES && row + lane < rows; lane++)
    for (let x = 0, from = (row + lane) * pitch, to = lane; x < pitch; x++, from++, to += LANES) {
      const value = values[from];
      if (value === NODATA) continue;
      re[to] = value - level;
      im[to] = 1;
      some = true;
    }
  return some;
}
