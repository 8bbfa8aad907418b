/** The spectrum of a kernel, whole or in parts: rows of the kernel into slabs, slabs into the spectrum. */
import { forward } from './fft.ts';
import { type Kernel, kernelSum, putWeights } from './kernels.ts';
import { type ColumnTransform, LANES, type RowTransform, STEP, type Transform } from './transform.ts';
import { RECORD } from './wasm/lines.ts';

/** Puts the spectrum of the kernel over the size of the transform in its place, in the order of the slabs. */
export function bringSpectrum(transform: Transform, kernel: Kernel): void {
  const { numbers, slabs, spectrum } = transform;
  const scale = 1 / (transform.x.length * transform.y.length);
  numbers.fill(0, slabs / 8, spectrum / 8);
  kernelRows(transform, kernel, kernelSum(kernel), scale, 0);
  kernelColumns(transform, kernel.reachY);
}

/** Rows of the kernel from `first` on, of its centre and on one side of it, to slabs; below its last row these stay as they are. */
export function kernelRows(
  { x, functions, numbers, turnsX, rows, slabs, height }: RowTransform,
  kernel: Kernel,
  total: number,
  scale: number,
  first: number,
): void {
  const { reachX, reachY } = kernel;
  const weights = new Float32Array(reachX + 1);
  for (let row = 0; row < height && first + row <= reachY; row += LANES) {
    numbers.fill(0, rows / 8, slabs / 8);
    for (let lane = 0; lane < LANES && first + row + lane <= reachY; lane++) {
      putWeights(kernel, total, first + row + lane, weights);
      for (let dx = -reachX; dx <= reachX; dx++) {
        const column = dx < 0 ? x.length + dx : dx;
        numbers[rows / 8 + column * STEP + lane] = weights[Math.abs(dx)] * scale;
      }
    }
    forward(x, functions, rows, turnsX);
    functions.transpose(rows, slabs, slabs + row * RECORD, LANES * RECORD, height * RECORD);
  }
}

/**
 * From the rows of the kernel in slabs to its spectrum. Columns of the kernel are even, so that their spectra are real: two slabs ride in one transform,
 * and the rows on one side of the centre serve both.
 */
export function kernelColumns(
  { y, functions, numbers, turnsY, slabs, count, spectrum }: ColumnTransform,
  reachY: number,
): void {
  const bytes = y.length * RECORD;
  const end = slabs + count * bytes;
  for (let slab = slabs; slab < end; slab += 2 * bytes) {
    const pair = slab + bytes < end ? slab + bytes : slab;
    functions.join(slab, slab + (reachY + 1) * RECORD, pair);
    const [from, to] = [slab / 8, (slab + bytes) / 8];
    for (let dy = 1; dy <= reachY; dy++) numbers.copyWithin(to - dy * STEP, from + dy * STEP, from + (dy + 1) * STEP);
    forward(y, functions, slab, turnsY);
    const place = spectrum + (slab - slabs) / 2;
    functions.split(slab, slab + bytes, place, place + (pair - slab) / 2);
  }
}

/** The spectrum at place `column` along x and `row` along y. */
export function spectrumAt({ y, numbers, spectrum }: Transform, column: number, row: number): number {
  const lane = column % LANES;
  return numbers[spectrum / 8 + (column - lane) * y.length + row * LANES + lane];
}
