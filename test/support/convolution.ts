/** Rasters and kernels on which convolutions are compared. */
import { NODATA } from '../../src/core/cells.ts';
import { randomNumbers } from '../../src/gpu/self-test-data.ts';
import { KERNELS, type KernelShape, kernelOf, kernelSum, rawWeight } from '../../src/solvers/convolve/kernels.ts';

export interface ConvolutionCase {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly kernel: KernelShape;
  readonly radius: number;
  readonly values: Float32Array;
}

export function paramsOf({ kernel, radius }: Pick<ConvolutionCase, 'kernel' | 'radius'>) {
  return { kernel: KERNELS.indexOf(kernel), radius };
}

/** Numbers around `level`, a share of the cells without one, and a corner without any but one lonely cell. */
export function field(
  width: number,
  height: number,
  { seed = 5, level = 20, spread = 8, holes = 0.1 } = {},
): Float32Array {
  const random = randomNumbers(seed);
  const values = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const corner = x > width * 0.6 && y > height * 0.5;
      const value = level + spread * (Math.sin(x / 9) + random() - 0.5);
      values[i] = random() < holes || corner ? NODATA : value;
    }
  values[(height - 2) * width + width - 3] = level - spread;
  return values;
}

/** Zeros with a few sources, one of them negative, and holes. */
export function sources(width: number, height: number, seed = 3, share = 0.004): Float32Array {
  const random = randomNumbers(seed);
  const at = Math.floor(height / 3) * width + 5;
  return Float32Array.from({ length: width * height }, (_, i) => {
    if (random() < 0.05) return NODATA;
    const source = random() < share;
    return i === at ? -0.25 : source ? 1e-3 + random() : 0;
  });
}

/** 0 and 1, with holes. */
export function flags(width: number, height: number, seed = 8): Float32Array {
  const random = randomNumbers(seed);
  return Float32Array.from({ length: width * height }, () => (random() < 0.1 ? NODATA : random() < 0.3 ? 1 : 0));
}

const made = (
  name: string,
  [width, height]: readonly [number, number],
  kernel: KernelShape,
  radius: number,
  make: (width: number, height: number) => Float32Array,
): ConvolutionCase => ({ name, width, height, kernel, radius, values: make(width, height) });

/** Every kernel, small and large, wider than the raster, on rasters of odd sizes. */
export const CASES: readonly ConvolutionCase[] = [
  made('a cell and its neighbours', [67, 41], 'exponential', 0.3, field),
  made('a small exponential kernel', [67, 41], 'exponential', 0.8, sources),
  made('an exponential kernel', [101, 75], 'exponential', 2, field),
  made('an exponential kernel over few sources', [101, 75], 'exponential', 3, sources),
  made('an exponential kernel wider than the raster', [41, 67], 'exponential', 30, field),
  made('a small disc', [67, 41], 'disc', 2, flags),
  made('a disc of half cells', [67, 41], 'disc', 4.5, flags),
  made('a disc', [101, 75], 'disc', 19, flags),
  made('a disc over numbers', [101, 75], 'disc', 17, field),
  made('a quartic kernel', [75, 101], 'quartic', 16, field),
  made('a linear kernel over few sources', [75, 101], 'linear', 12, sources),
  made('a single row', [90, 1], 'exponential', 4, field),
  made('a single cell', [1, 1], 'quartic', 9, () => Float32Array.of(7)),
];

/** The first cell in which two planes differ, -1 where there is none: `toEqual` takes seconds on planes. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (a[i] !== b[i]) return i;
  return -1;
}

/** Of kernels, by shape and radius: they take a while. */
const sums = new Map<string, number>();

/** The kernel mean of a cell by its definition. */
export function meanAround(
  { width, height, values, ...given }: Pick<ConvolutionCase, 'width' | 'height' | 'values' | 'kernel' | 'radius'>,
  cell: number,
): number {
  const kernel = kernelOf(paramsOf(given), { width, height });
  const name = `${kernel.shape} ${kernel.radius}`;
  const total = sums.get(name) ?? kernelSum(kernel);
  sums.set(name, total);
  const [x, y] = [cell % width, Math.floor(cell / width)];
  let [sum, weight] = [0, 0];
  for (let v = Math.max(0, y - kernel.reachY); v <= Math.min(height - 1, y + kernel.reachY); v++)
    for (let u = Math.max(0, x - kernel.reachX); u <= Math.min(width - 1, x + kernel.reachX); u++) {
      if (values[v * width + u] === NODATA) continue;
      const k = Math.fround(rawWeight(kernel.shape, kernel.radius, (u - x) ** 2 + (v - y) ** 2) / total);
      sum += k * values[v * width + u];
      weight += k;
    }
  return sum / weight;
}
