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

/**
 * Spectrum of the kernel over the size of the transform, in the order of the slabs. Rows and columns of the kernel are even, so that their
 * spectra are real: two of them ride in one transform, and the rows on one side of the centre serve both.
 */
export function kernelSpectrum(transform: Transform, kernel: Kernel): Float64Array {
  const { x, y, re, im, rowsRe, rowsIm } = transform;
  const { reachX, reachY } = kernel;
  const weights = weightsOf(kernel);
  const scale = 1 / (x.length * y.length);
  re.fill(0);
  for (let first = 0; first <= reachY; first += 2 * LANES) {
    rowsRe.fill(0);
    rowsIm.fill(0);
    for (let lane = 0; lane < 2 * LANES && first + lane <= reachY; lane++) {
      const part = lane < LANES ? rowsRe : rowsIm;
      for (let dx = -reachX; dx <= reachX; dx++)
        part[((dx + x.length) % x.length) * LANES + (lane % LANES)] =
          weights[(first + lane) * (reachX + 1) + Math.abs(dx)] * scale;
    }
    forward(x, rowsRe, rowsIm, LANES);
    for (let lane = 0; lane < 2 * LANES && first + lane <= reachY; lane++)
      putKernelRow(transform, first + lane, lane < LANES ? rowsRe : rowsIm, lane % LANES);
  }
  const size = y.length * LANES;
  const spectrum = new Float64Array(re.length);
  for (let at = 0; at < re.length; at += 2 * size) {
    const pair = at + size < re.length;
    im.fill(0, at, at + size);
    if (pair) im.set(re.subarray(at + size, at + 2 * size), at);
    forward(y, re, im, LANES, at);
    spectrum.set(re.subarray(at, at + size), at);
    if (pair) spectrum.set(im.subarray(at, at + size), at + size);
  }
  return spectrum;
}

/** Row `dy` of the kernel, transformed along x, where it stands above and below the centre. */
function putKernelRow({ x, y, re }: Transform, dy: number, row: Float64Array, lane: number): void {
  for (let column = 0; column < x.length; column++) {
    const slab = Math.floor(column / LANES) * y.length * LANES + (column % LANES);
    const value = row[column * LANES + lane];
    re[slab + dy * LANES] = value;
    re[slab + ((y.length - dy) % y.length) * LANES] = value;
  }
}
