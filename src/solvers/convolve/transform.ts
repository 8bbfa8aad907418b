/**
 * Two-dimensional transforms for convolution. Values and validity ride as the real and imaginary part of one transform: the kernel is even,
 * so its spectrum is real and mixes them not. Rows are transformed LANES at a time into slabs of LANES columns; each slab is then transformed
 * along y, multiplied with the spectrum and transformed back in place, and its rows brought back.
 */

import { backward, type FftPlan, fftPlan, forward } from './fft.ts';
import type { Kernel } from './kernels.ts';
import { weightsOf } from './kernels.ts';

/** Lines at a time: a row of them is 128 bytes, and the work on 1024 elements fits the cache of a core. */
export const LANES = 16;

export interface Transform {
  readonly x: FftPlan;
  readonly y: FftPlan;
  /** Slab s holds columns s · LANES on, in the order of frequencies: (row y, lane b) at [(s · lengthY + y) · LANES + b]. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly rowsRe: Float64Array;
  readonly rowsIm: Float64Array;
}

export function makeTransform(lengthX: number, lengthY: number): Transform {
  const size = lengthX * lengthY;
  return {
    x: fftPlan(lengthX),
    y: fftPlan(lengthY),
    re: new Float64Array(size),
    im: new Float64Array(size),
    rowsRe: new Float64Array(lengthX * LANES),
    rowsIm: new Float64Array(lengthX * LANES),
  };
}

/** Writes element x of row (row + lane) of the real and imaginary part at [x · LANES + lane]; says whether any is not 0. */
export type FillRows = (row: number, re: Float64Array, im: Float64Array) => boolean;

/** Rows to slabs: after it every slab is ready along y. */
export function rowsForward({ x, y, re, im, rowsRe, rowsIm }: Transform, fill: FillRows): void {
  const slabs = x.length / LANES;
  for (let row = 0; row < y.length; row += LANES) {
    const some = fill(row, rowsRe, rowsIm);
    if (some) forward(x, rowsRe, rowsIm, LANES);
    for (let slab = 0; slab < slabs; slab++) {
      const to = (slab * y.length + row) * LANES;
      if (!some) {
        re.fill(0, to, to + LANES * LANES);
        im.fill(0, to, to + LANES * LANES);
        continue;
      }
      const from = slab * LANES * LANES;
      for (let lane = 0; lane < LANES; lane++)
        for (let b = 0; b < LANES; b++) {
          re[to + lane * LANES + b] = rowsRe[from + b * LANES + lane];
          im[to + lane * LANES + b] = rowsIm[from + b * LANES + lane];
        }
    }
  }
}

/** Along y and back, times the spectrum, which holds the factor 1 / size. */
export function multiplySlabs({ x, y, re, im }: Transform, spectrum: Float64Array): void {
  const size = y.length * LANES;
  for (let at = 0; at < x.length * y.length; at += size) {
    forward(y, re, im, LANES, at);
    for (let i = at; i < at + size; i++) {
      const s = spectrum[i];
      re[i] *= s;
      im[i] *= s;
    }
    backward(y, re, im, LANES, at);
  }
}

/** Rows from `first` to before `end` brought back, LANES at a time: `use` finds element x of row (row + lane) at [x · LANES + lane]. */
export function rowsBackward(
  { x, y, re, im, rowsRe, rowsIm }: Transform,
  first: number,
  end: number,
  use: (row: number, re: Float64Array, im: Float64Array) => void,
): void {
  const slabs = x.length / LANES;
  for (let row = first - (first % LANES); row < end; row += LANES) {
    for (let slab = 0; slab < slabs; slab++) {
      const from = (slab * y.length + row) * LANES;
      const to = slab * LANES * LANES;
      for (let b = 0; b < LANES; b++)
        for (let lane = 0; lane < LANES; lane++) {
          rowsRe[to + b * LANES + lane] = re[from + lane * LANES + b];
          rowsIm[to + b * LANES + lane] = im[from + lane * LANES + b];
        }
    }
    backward(x, rowsRe, rowsIm, LANES);
    use(row, rowsRe, rowsIm);
  }
}

/** Spectrum of the kernel over the size of the transform, in the order of the slabs. */
export function kernelSpectrum(transform: Transform, kernel: Kernel): Float64Array {
  const { x, y, re, im } = transform;
  const { reachX, reachY } = kernel;
  const weights = weightsOf(kernel);
  const scale = 1 / (x.length * y.length);
  rowsForward(transform, (row, toRe, toIm) => {
    toRe.fill(0);
    toIm.fill(0);
    let some = false;
    for (let lane = 0; lane < LANES; lane++) {
      const dy = Math.min(row + lane, y.length - row - lane);
      if (dy > reachY) continue;
      some = true;
      for (let dx = -reachX; dx <= reachX; dx++)
        toRe[((dx + x.length) % x.length) * LANES + lane] = weights[dy * (reachX + 1) + Math.abs(dx)] * scale;
    }
    return some;
  });
  for (let at = 0; at < re.length; at += y.length * LANES) forward(y, re, im, LANES, at);
  return re.slice();
}
