/** Overviews of classes: every cell of every level is the most frequent class of all valid base cells under it; of equal ones the smallest code. */
import { NODATA_CODE } from '../core/cells.ts';
import type { Quarters } from './overview-means.ts';

/** Classes and their numbers of base cells, for a square of `side × side` overview cells: those of cell i lie at starts[i]..starts[i + 1], by ascending code. */
export interface Tallies {
  readonly side: number;
  readonly starts: Uint32Array;
  readonly codes: Uint32Array;
  readonly counts: Uint32Array;
}

/**
 * Classes kept for one overview cell. Up to so many the mode is exact; beyond, the most frequent are kept at each level, so that memory is
 * bounded. Land-cover legends have 10 to 40 classes in all.
 */
const MOST_CLASSES = 32;

/** Tallies of one cell while it is put together. */
interface Gathering {
  readonly codes: Uint32Array;
  readonly counts: Uint32Array;
  length: number;
}

/** Halves a block of class codes; undefined when no cell is valid. */
export function tallyCells(cells: Uint32Array, size: number): Tallies | undefined {
  const side = size / 2;
  const build = tallyBuilder(side, cells.length);
  const cell = newGathering(4);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const upper = 2 * row * size + 2 * column;
      add(cell, cells[upper], 1);
      add(cell, cells[upper + 1], 1);
      add(cell, cells[upper + size], 1);
      add(cell, cells[upper + size + 1], 1);
      build.push(cell);
    }
  }
  return build.done();
}

/** Class codes of the overview block of `size × size` cells that four quarters make. */
export function modesOf(quarters: Quarters<Tallies>, size: number): Uint32Array {
  const cells = new Uint32Array(size * size).fill(NODATA_CODE);
  quarters.forEach((quarter, index) => {
    if (!quarter) return;
    const { side, starts, codes, counts } = quarter;
    for (let row = 0, from = 0; row < side; row++) {
      let to = ((index >> 1) * side + row) * size + (index & 1) * side;
      for (let column = 0; column < side; column++, from++, to++) {
        let most = 0;
        // Codes ascend, so only a larger count takes over and ties stay with the smallest code.
        for (let i = starts[from]; i < starts[from + 1]; i++) {
          if (counts[i] > most) {
            most = counts[i];
            cells[to] = codes[i];
          }
        }
      }
    }
  });
  return cells;
}

/** Tallies for the next level, from the quarters of this one; undefined when there is none. */
export function halveTallies(quarters: Quarters<Tallies>): Tallies | undefined {
  const side = quarters.find((quarter) => quarter)?.side;
  if (!side) return undefined;
  const half = side / 2;
  const most = quarters.reduce((sum, quarter) => sum + (quarter?.codes.length ?? 0), 0);
  const build = tallyBuilder(side, most);
  const cell = newGathering(4 * MOST_CLASSES);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const quarter = quarters[(row < half ? 0 : 2) + (column < half ? 0 : 1)];
      if (quarter) {
        const upper = 2 * (row % half) * side + 2 * (column % half);
        for (const from of [upper, upper + 1, upper + side, upper + side + 1]) {
          for (let i = quarter.starts[from]; i < quarter.starts[from + 1]; i++)
            add(cell, quarter.codes[i], quarter.counts[i]);
        }
      }
      build.push(cell);
    }
  }
  return build.done();
}

function newGathering(most: number): Gathering {
  return { codes: new Uint32Array(most), counts: new Uint32Array(most), length: 0 };
}

/** Adds to the class, or puts a new one where its code belongs. */
function add(cell: Gathering, code: number, count: number): void {
  if (code === NODATA_CODE) return;
  const { codes, counts } = cell;
  let at = 0;
  while (at < cell.length && codes[at] < code) at++;
  if (at < cell.length && codes[at] === code) {
    counts[at] += count;
    return;
  }
  for (let i = cell.length; i > at; i--) {
    codes[i] = codes[i - 1];
    counts[i] = counts[i - 1];
  }
  codes[at] = code;
  counts[at] = count;
  cell.length++;
}

/** Drops the rarest class; of equal ones the one with the largest code. */
function dropRarest(cell: Gathering): void {
  let rarest = 0;
  for (let i = 1; i < cell.length; i++) if (cell.counts[i] <= cell.counts[rarest]) rarest = i;
  cell.codes.copyWithin(rarest, rarest + 1, cell.length);
  cell.counts.copyWithin(rarest, rarest + 1, cell.length);
  cell.length--;
}

function tallyBuilder(side: number, most: number) {
  const starts = new Uint32Array(side * side + 1);
  const codes = new Uint32Array(most);
  const counts = new Uint32Array(most);
  let cells = 0;
  let length = 0;
  return {
    /** The next cell, row by row; empties the gathering. */
    push(cell: Gathering) {
      while (cell.length > MOST_CLASSES) dropRarest(cell);
      for (let i = 0; i < cell.length; i++, length++) {
        codes[length] = cell.codes[i];
        counts[length] = cell.counts[i];
      }
      cell.length = 0;
      starts[++cells] = length;
    },
    done(): Tallies | undefined {
      if (length === 0) return undefined;
      return { side, starts, codes: codes.slice(0, length), counts: counts.slice(0, length) };
    },
  };
}
