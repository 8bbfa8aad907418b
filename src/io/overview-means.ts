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
  const side = size / 2;
  const sums = new Float64Array(side * side);
  const counts = new Uint32Array(side * side);
  let any = 0;
  for (let row = 0, at = 0; row < side; row++) {
    let upper = 2 * row * size;
    for (let column = 0; column < side; column++, upper += 2, at++) {
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
  }
  return any ? { side, sums, counts } : undefined;
}

function isValid(cell: number, nodata: number): boolean {
  return cell !== nodata && cell - cell === 0;
}

/** Cells of the overview block of `size × size` cells that four quarters make. */
export function meansOf(quarters: Quarters<Sums>, size: number): Float32Array {
  const cells = new Float32Array(size * size).fill(NODATA);
  quarters.forEach((quarter, index) => {
    if (!quarter) return;
    const { side, sums, counts } = quarter;
    for (let row = 0, from = 0; row < side; row++) {
      let to = ((index >> 1) * side + row) * size + (index & 1) * side;
      for (let column = 0; column < side; column++, from++, to++) {
        if (counts[from] > 0) cells[to] = sums[from] / counts[from];
      }
    }
  });
  return cells;
}

/** Sums for the next level, from the quarters of this one; undefined when there is none. */
export function halveSums(quarters: Quarters<Sums>): Sums | undefined {
  const side = quarters.find((quarter) => quarter)?.side;
  if (!side) return undefined;
  const half = side / 2;
  const sums = new Float64Array(side * side);
  const counts = new Uint32Array(side * side);
  quarters.forEach((quarter, index) => {
    if (!quarter) return;
    for (let row = 0; row < half; row++) {
      let to = ((index >> 1) * half + row) * side + (index & 1) * half;
      let upper = 2 * row * side;
      for (let column = 0; column < half; column++, upper += 2, to++) {
        const lower = upper + side;
        sums[to] = quarter.sums[upper] + quarter.sums[upper + 1] + (quarter.sums[lower] + quarter.sums[lower + 1]);
        counts[to] =
          quarter.counts[upper] + quarter.counts[upper + 1] + quarter.counts[lower] + quarter.counts[lower + 1];
      }
    }
  });
  return { side, sums, counts };
}
