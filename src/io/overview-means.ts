/** Overviews of quantities: every cell of every level is the mean of all valid base cells under it. Sums and counts are carried up, in float64. */
import { NODATA } from '../core/cells.ts';

/** Sums and counts of base cells, for a square of `side × side` overview cells. */
export interface Sums {
  readonly side: number;
  readonly sums: Float64Array;
  readonly counts: Uint32Array;
}

/** The four quarters of an overview block, row by row; undefined where there is nothing but nodata. */
export type Quarters<T> = readonly (T | undefined)[];

/** Halves a block of values; undefined when none is valid: neither `nodata` nor NaN or infinite. */
export function sumCells(cells: Float32Array | Float64Array, size: number, nodata: number): Sums | undefined {
  const sums = newSums(size / 2);
  let any = 0;
  for (let row = 0; row < sums.side; row++) any |= sumRows(sums, row, cells, size, nodata);
  return any ? sums : undefined;
}

function newSums(side: number): Sums {
  return { side, sums: new Float64Array(side * side), counts: new Uint32Array(side * side) };
}

// A row at a time: V8 enters compiled code when a function is called, so that short loops run fast sooner than long ones.

/** Row `row` of `to`, from the two rows of cells that it stands for; 0 when none of them is valid. */
function sumRows(
  { side, sums, counts }: Sums,
  row: number,
  cells: Float32Array | Float64Array,
  size: number,
  nodata: number,
): number {
  let any = 0;
  let at = row * side;
  const end = at + side;
  for (let upper = 2 * row * size; at < end; upper += 2, at++) {
    const lower = upper + size;
    const a = cells[upper];
    const b = cells[upper + 1];
    const c = cells[lower];
    const d = cells[lower + 1];
    let sum = 0;
    let count = 0;
    if (isValid(a, nodata)) {
      sum += a;
      count++;
    }
    if (isValid(b, nodata)) {
      sum += b;
      count++;
    }
    if (isValid(c, nodata)) {
      sum += c;
      count++;
    }
    if (isValid(d, nodata)) {
      sum += d;
      count++;
    }
    sums[at] = sum;
    counts[at] = count;
    any |= count;
  }
  return any;
}

function isValid(cell: number, nodata: number): boolean {
  return cell !== nodata && cell - cell === 0;
}

/** Cells of the overview block of `size × size` cells that four quarters make. */
export function meansOf(quarters: Quarters<Sums>, size: number): Float32Array {
  const cells = new Float32Array(size * size);
  for (const [index, quarter] of quarters.entries()) {
    const side = size / 2;
    for (let row = 0; row < side; row++) {
      const to = ((index >> 1) * side + row) * size + (index & 1) * side;
      if (quarter) meansOfRow(quarter, row, cells, to);
      else cells.fill(NODATA, to, to + side);
    }
  }
  return cells;
}

function meansOfRow({ side, sums, counts }: Sums, row: number, cells: Float32Array, to: number): void {
  const from = row * side;
  for (let i = 0; i < side; i++) {
    const count = counts[from + i];
    cells[to + i] = count > 0 ? sums[from + i] / count : NODATA;
  }
}

/** Sums for the next level, from the quarters of this one; undefined when there is none. */
export function halveSums(quarters: Quarters<Sums>): Sums | undefined {
  const side = quarters.find((quarter) => quarter)?.side;
  if (!side) return undefined;
  const half = side / 2;
  const halved = newSums(side);
  for (const [index, quarter] of quarters.entries()) {
    if (!quarter) continue;
    for (let row = 0; row < half; row++)
      halveRows(quarter, row, halved, ((index >> 1) * half + row) * side + (index & 1) * half);
  }
  return halved;
}

function halveRows({ side, sums, counts }: Sums, row: number, into: Sums, first: number): void {
  const end = first + side / 2;
  for (let to = first, upper = 2 * row * side; to < end; to++, upper += 2) {
    const lower = upper + side;
    into.sums[to] = sums[upper] + sums[upper + 1] + (sums[lower] + sums[lower + 1]);
    into.counts[to] = counts[upper] + counts[upper + 1] + counts[lower] + counts[lower + 1];
  }
}
