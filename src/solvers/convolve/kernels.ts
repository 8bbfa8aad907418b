/** The weights of a kernel around its centre, as float32, and which cells it covers. */
import { EcofluxError } from '../../core/errors.ts';
import type { RasterShape } from '../../core/solver.ts';
import type { Values } from '../../core/values.ts';

/** In the order of the parameter's choices. */
export const KERNELS = ['exponential', 'disc', 'quartic', 'linear'] as const;
export type KernelShape = (typeof KERNELS)[number];

export interface Kernel {
  readonly shape: KernelShape;
  /** n, in cells. */
  readonly radius: number;
  /** Columns and rows on each side of the centre that can meet a cell of the raster. */
  readonly reachX: number;
  readonly reachY: number;
}

/** Multiples of n up to which the exponential kernel goes. */
const CUT_OFF = 5;

/**
 * What the parameters of the operator say, for a raster of this size: weights that no two cells of it are apart are left out.
 * @throws EcofluxError InvalidConfiguration for a radius of 0
 */
export function kernelOf({ kernel, radius }: Values, { width, height }: Pick<RasterShape, 'width' | 'height'>): Kernel {
  if (!(radius > 0) || !Number.isFinite(radius))
    throw new EcofluxError('InvalidConfiguration', 'the kernel has no cell beside its centre', {
      found: `a radius of ${radius} cells`,
      expected: 'a radius above 0',
      fix: 'give a distance of at least half a cell',
    });
  const shape = KERNELS[kernel];
  const reach = Math.floor(cutOff(shape, radius));
  return { shape, radius, reachX: Math.min(reach, width - 1), reachY: Math.min(reach, height - 1) };
}

/** Distance beyond which the kernel is 0, in cells. */
export function cutOff(shape: KernelShape, radius: number): number {
  return shape === 'exponential' ? CUT_OFF * radius : radius;
}

/** Before it is divided by its sum, at `squared` cells². */
export function rawWeight(shape: KernelShape, radius: number, squared: number): number {
  const limit = cutOff(shape, radius);
  if (squared > limit * limit) return 0;
  const r = Math.sqrt(squared);
  if (shape === 'exponential') return Math.exp(-r / radius);
  if (shape === 'disc') return 1;
  if (shape === 'linear') return 1 - r / radius;
  return (1 - (r / radius) ** 2) ** 2;
}

/** Weights of the quadrant with the centre: (dx, dy) at [dy · (reachX + 1) + dx]. */
export function weightsOf(kernel: Kernel): Float32Array {
  const { reachX, reachY } = kernel;
  const total = kernelSum(kernel);
  const weights = new Float32Array((reachX + 1) * (reachY + 1));
  for (let y = 0; y <= reachY; y++)
    putWeights(kernel, total, y, weights.subarray(y * (reachX + 1), (y + 1) * (reachX + 1)));
  return weights;
}

/** Of the cells at (0, dy), (1, dy), …, as many as there is room for. `total`: the kernel's sum. */
export function putWeights({ shape, radius }: Kernel, total: number, dy: number, row: Float32Array): void {
  for (let dx = 0; dx < row.length; dx++) row[dx] = rawWeight(shape, radius, dx * dx + dy * dy) / total;
}

/** What weights are divided by: the sum over the whole kernel, 1 for a disc. */
export function kernelSum(kernel: Kernel): number {
  return sumOfRings(kernel, [ringSums(kernel, 0, ringsOf(kernel))]);
}

/** Into how many sums the kernel's is split. */
export function ringsOf({ shape, radius }: Kernel): number {
  return Math.floor(cutOff(shape, radius)) + 1;
}

/** Of the kernel's cells whose distance from the centre along the further axis is `from` to before `end`, each. From the axis and one eighth of the plane. */
export function ringSums({ shape, radius }: Kernel, from: number, end: number): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(end - from);
  if (shape === 'disc') return sums;
  for (let x = from; x < end; x++) {
    let eighths = 0;
    for (let y = 1; y < x; y++) eighths += rawWeight(shape, radius, x * x + y * y);
    const axes = rawWeight(shape, radius, x * x) + rawWeight(shape, radius, 2 * x * x);
    sums[x - from] = x === 0 ? rawWeight(shape, radius, 0) : 4 * axes + 8 * eighths;
  }
  return sums;
}

/** The kernel's sum from those of all rings, in their order. */
export function sumOfRings({ shape }: Kernel, parts: readonly Float64Array[]): number {
  if (shape === 'disc') return 1;
  let total = 0;
  for (const part of parts) for (const sum of part) total += sum;
  return total;
}
