/**
 * Two-dimensional transforms for convolution. Values and validity ride as the real and imaginary part of one transform: the kernel is even,
 * so its spectrum is real and mixes them not. Rows are transformed LANES at a time into slabs of LANES columns; each slab is then transformed
 * along y, multiplied with the spectrum and transformed back in place, and its rows brought back.
 */
import { backward, type FftPlan, fftPlan, forward } from './fft.ts';
import type { Kernel } from './kernels.ts';
import { weightsOf } from './kernels.ts';
import { LANES, RECORD } from './wasm/lines.ts';
import { type Functions, instantiate } from './wasm/module.ts';

export { LANES } from './wasm/lines.ts';

/** Numbers of a record: real parts of LANES lines, then imaginary ones. */
export const STEP = 2 * LANES;

/** Places are bytes of the memory that `numbers` shows. */
export interface Transform {
  readonly x: FftPlan;
  readonly y: FftPlan;
  readonly functions: Functions;
  readonly numbers: Float64Array;
  readonly turnsX: number;
  readonly turnsY: number;
  /** LANES rows: a record for each column. */
  readonly rows: number;
  /** Slab s holds columns s · LANES on, in the order of frequencies: a record for each row. */
  readonly slabs: number;
  /** A number for each place of a slab. */
  readonly spectrum: number;
  /** Room for LANES rows of float32, as long as a line. */
  readonly cells: number;
  /** Room for what a function is told beside, and tells. */
  readonly limits: number;
}

export function makeTransform(lengthX: number, lengthY: number): Transform {
  const [x, y] = [fftPlan(lengthX), fftPlan(lengthY)];
  const size = lengthX * lengthY;
  const turnsX = 0;
  const turnsY = turnsX + 8 * x.turns.length;
  const rows = Math.ceil((turnsY + 8 * y.turns.length) / 64) * 64;
  const slabs = rows + lengthX * RECORD;
  const spectrum = slabs + 16 * size;
  const limits = spectrum + 8 * size;
  const cells = limits + 64;
  const { functions, numbers } = instantiate(cells + 4 * LANES * lengthX);
  numbers.set(x.turns, turnsX / 8);
  numbers.set(y.turns, turnsY / 8);
  return { x, y, functions, numbers, turnsX, turnsY, rows, slabs, spectrum, cells, limits };
}

/** The real part of element x of row (row + lane) stands at [from + x · STEP + lane] of the numbers, the imaginary one LANES further. */
export type UseRows = (row: number, from: number) => void;

/** Rows to slabs: after it every slab is ready along y. `put` writes rows of values from `cells` on, each as long as a line; false where all are nodata. */
export function rowsForward(
  { x, y, functions, numbers, turnsX, rows, slabs, cells, limits }: Transform,
  level: number,
  put: (row: number) => boolean,
): void {
  const square = LANES * RECORD;
  numbers[limits / 8] = level;
  for (let row = 0; row < y.length; row += LANES) {
    const to = slabs + row * RECORD;
    if (put(row)) {
      functions.fill(cells, 4 * x.length, rows, rows + x.length * RECORD, limits);
      forward(x, functions, rows, turnsX);
      functions.transpose(rows, rows + x.length * RECORD, to, square, y.length * RECORD);
    } else
      for (let slab = 0; slab < x.length / LANES; slab++) {
        const at = (to + slab * y.length * RECORD) / 8;
        numbers.fill(0, at, at + square / 8);
      }
  }
}

/** Along y and back, times the spectrum, which holds the factor 1 / size. */
export function multiplySlabs({ x, y, functions, turnsY, slabs, spectrum }: Transform): void {
  const bytes = y.length * RECORD;
  for (let slab = 0; slab < x.length / LANES; slab++) {
    const at = slabs + slab * bytes;
    forward(y, functions, at, turnsY);
    functions.multiply(at, at + bytes, spectrum + (slab * bytes) / 2);
    backward(y, functions, at, turnsY);
  }
}

/** Rows from `first` to before `end` brought back, LANES at a time. */
export function rowsBackward(
  { x, y, functions, turnsX, rows, slabs }: Transform,
  first: number,
  end: number,
  use: UseRows,
): void {
  const square = LANES * RECORD;
  for (let row = first - (first % LANES); row < end; row += LANES) {
    const from = slabs + row * RECORD;
    functions.transpose(from, slabs + x.length * y.length * 16, rows, y.length * RECORD, square);
    backward(x, functions, rows, turnsX);
    use(row, rows / 8);
  }
}

/**
 * Puts the spectrum of the kernel over the size of the transform in its place, in the order of the slabs. Columns of the kernel are even, so that their
 * spectra are real: two slabs ride in one transform, and the rows on one side of the centre serve both.
 */
export function bringSpectrum({ x, y, functions, numbers, ...at }: Transform, kernel: Kernel): void {
  const { reachX, reachY } = kernel;
  const { rows, slabs, spectrum } = at;
  const weights = weightsOf(kernel);
  const scale = 1 / (x.length * y.length);
  const bytes = y.length * RECORD;
  numbers.fill(0, slabs / 8, spectrum / 8);
  for (let first = 0; first <= reachY; first += LANES) {
    numbers.fill(0, rows / 8, slabs / 8);
    for (let lane = 0; lane < LANES && first + lane <= reachY; lane++)
      for (let dx = -reachX; dx <= reachX; dx++) {
        const column = dx < 0 ? x.length + dx : dx;
        numbers[rows / 8 + column * STEP + lane] = weights[(first + lane) * (reachX + 1) + Math.abs(dx)] * scale;
      }
    forward(x, functions, rows, at.turnsX);
    functions.transpose(rows, slabs, slabs + first * RECORD, LANES * RECORD, bytes);
  }
  for (let slab = slabs; slab < spectrum; slab += 2 * bytes) {
    const pair = slab + bytes < spectrum ? slab + bytes : slab;
    functions.join(slab, slab + (reachY + 1) * RECORD, pair);
    const [from, to] = [slab / 8, (slab + bytes) / 8];
    for (let dy = 1; dy <= reachY; dy++) numbers.copyWithin(to - dy * STEP, from + dy * STEP, from + (dy + 1) * STEP);
    forward(y, functions, slab, at.turnsY);
    const place = spectrum + (slab - slabs) / 2;
    functions.split(slab, slab + bytes, place, place + (pair - slab) / 2);
  }
}

/** The spectrum at place `column` along x and `row` along y. */
export function spectrumAt({ y, numbers, spectrum }: Transform, column: number, row: number): number {
  const lane = column % LANES;
  return numbers[spectrum / 8 + (column - lane) * y.length + row * LANES + lane];
}
