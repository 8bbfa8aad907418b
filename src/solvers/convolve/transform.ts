/**
 * Two-dimensional transforms for convolution. Values and validity ride as the real and imaginary part of one transform: the kernel is even,
 * so its spectrum is real and mixes them not. Rows are transformed LANES at a time into slabs of LANES columns; each slab is then transformed
 * along y, multiplied with the spectrum and transformed back in place, and its rows brought back.
 */
import { backward, type FftPlan, fftPlan, forward } from './fft.ts';
import { LANES, RECORD } from './wasm/lines.ts';
import { type Functions, instantiate } from './wasm/module.ts';

export { LANES } from './wasm/lines.ts';

/** Numbers of a record: real parts of LANES lines, then imaginary ones. */
export const STEP = 2 * LANES;

/** Lines along x. Places are bytes of the memory that `numbers` shows. */
export interface RowTransform {
  readonly x: FftPlan;
  readonly functions: Functions;
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly turnsX: number;
  /** LANES rows: a record for each column. */
  readonly rows: number;
  /** Slab s holds columns s · LANES on, in the order of frequencies: a record for each row. */
  readonly slabs: number;
  /** Rows of a slab. */
  readonly height: number;
  /** Room for LANES rows of float32, as long as a line. */
  readonly cells: number;
  /** Room for what a function is told beside, and tells. */
  readonly limits: number;
}

/** Lines along y. */
export interface ColumnTransform {
  readonly y: FftPlan;
  readonly functions: Functions;
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly turnsY: number;
  readonly slabs: number;
  /** So many of them, of as many rows as a line has elements. */
  readonly count: number;
  /** A number for each place of a slab. */
  readonly spectrum: number;
}

export interface Transform extends RowTransform, ColumnTransform {}

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
  const [height, count] = [lengthY, lengthX / LANES];
  return { x, y, functions, numbers, turnsX, turnsY, rows, slabs, height, count, spectrum, cells, limits };
}

/** For some rows of a transform. @param height a multiple of LANES */
export function makeRows(lengthX: number, height: number): RowTransform {
  const x = fftPlan(lengthX);
  const rows = Math.ceil(x.turns.length / 8) * 64;
  const slabs = rows + lengthX * RECORD;
  const limits = slabs + 16 * lengthX * height;
  const cells = limits + 64;
  const { functions, numbers } = instantiate(cells + 4 * LANES * lengthX);
  numbers.set(x.turns);
  return { x, functions, numbers, turnsX: 0, rows, slabs, height, cells, limits };
}

/** For some slabs of a transform. */
export function makeColumns(lengthY: number, count: number): ColumnTransform {
  const y = fftPlan(lengthY);
  const slabs = Math.ceil(y.turns.length / 8) * 64;
  const spectrum = slabs + count * lengthY * RECORD;
  const { functions, numbers } = instantiate(spectrum + (count * lengthY * RECORD) / 2);
  numbers.set(y.turns);
  return { y, functions, numbers, turnsY: 0, slabs, count, spectrum };
}

/** The real part of element x of row (row + lane) stands at [from + x · STEP + lane] of the numbers, the imaginary one LANES further. */
export type UseRows = (row: number, from: number) => void;

/** Rows to slabs: after it every slab is ready along y. `put` writes rows of values from `cells` on, each as long as a line; false where all are nodata. */
export function rowsForward(
  { x, functions, numbers, turnsX, rows, slabs, height, cells, limits }: RowTransform,
  level: number,
  put: (row: number) => boolean,
): void {
  const square = LANES * RECORD;
  const pitch = height * RECORD;
  numbers[limits / 8] = level;
  for (let row = 0; row < height; row += LANES) {
    const to = slabs + row * RECORD;
    if (put(row)) {
      functions.fill(cells, 4 * x.length, rows, rows + x.length * RECORD, limits);
      forward(x, functions, rows, turnsX);
      functions.transpose(rows, rows + x.length * RECORD, to, square, pitch);
    } else
      for (let slab = 0; slab < x.length / LANES; slab++) {
        const at = (to + slab * pitch) / 8;
        numbers.fill(0, at, at + square / 8);
      }
  }
}

/** Along y and back, times the spectrum, which holds the factor 1 / size. */
export function multiplySlabs({ y, functions, turnsY, slabs, count, spectrum }: ColumnTransform): void {
  const bytes = y.length * RECORD;
  for (let slab = 0; slab < count; slab++) {
    const at = slabs + slab * bytes;
    forward(y, functions, at, turnsY);
    functions.multiply(at, at + bytes, spectrum + (slab * bytes) / 2);
    backward(y, functions, at, turnsY);
  }
}

/** Rows from `first` to before `end` brought back, LANES at a time. */
export function rowsBackward(
  { x, functions, turnsX, rows, slabs, height }: RowTransform,
  first: number,
  end: number,
  use: UseRows,
): void {
  const square = LANES * RECORD;
  for (let row = first - (first % LANES); row < end; row += LANES) {
    const from = slabs + row * RECORD;
    functions.transpose(from, slabs + x.length * height * 16, rows, height * RECORD, square);
    backward(x, functions, rows, turnsX);
    use(row, rows / 8);
  }
}
