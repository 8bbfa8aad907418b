/** The weights of a kernel around its centre, as float32, and which cells it covers. */
import { EcofluxError } from '../../core/errors.ts';
import type { Values } from '../../core/model.ts';
import type { RasterShape } from '../../core/solver.ts';

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
export function weightsOf({ shape, radius, reachX, reachY }: Kernel): Float32Array {
  const total = shape === 'disc' ? 1 : rawSum(shape, radius);
  const weights = new Float32Array((reachX + 1) * (reachY + 1));
  for (let y = 0, i = 0; y <= reachY; y++)
    for (let x = 0; x <= reachX; x++, i++) weights[i] = rawWeight(shape, radius, x * x + y * y) / total;
  return weights;
}

/** Over the whole kernel, from the axis and one eighth of the plane. */
function rawSum(shape: KernelShape, radius: number): number {
  const reach = Math.floor(cutOff(shape, radius));
  let sum = rawWeight(shape, radius, 0);
  for (let x = 1; x <= reach; x++) {
    sum += 4 * (rawWeight(shape, radius, x * x) + rawWeight(shape, radius, 2 * x * x));
    for (let y = 1; y < x; y++) sum += 8 * rawWeight(shape, radius, x * x + y * y);
  }
  return sum;
}
