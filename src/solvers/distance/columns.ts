/** Sources of a raster as one bit for each cell, and where the columns of a part of it have their first and last one. */
import { isSource, NONE } from './rows.ts';

/** Sources of one tile, row by row, each row in whole words: cell x of a row is bit x % 32 of word x / 32. */
export interface SourceBits {
  readonly width: number;
  readonly words: Uint32Array;
}

/** Of each column, by strips of rows one after another: the first and last row with a source, or NONE. */
export interface ColumnEnds {
  readonly first: Int32Array;
  readonly last: Int32Array;
}

export function wordsPerRow(width: number): number {
  return Math.ceil(width / 32);
}

/** @param y row of the raster that the plane begins with; @param strip rows after which the next strip begins */
export function packColumns(source: Uint32Array, width: number, y: number, strip: number): SourceBits & ColumnEnds {
  const height = source.length / width;
  const pitch = wordsPerRow(width);
  const words = new Uint32Array(pitch * height);
  const ends = width * Math.ceil(height / strip);
  const [first, last] = [new Int32Array(ends).fill(NONE), new Int32Array(ends).fill(NONE)];
  for (let row = 0; row < height; row++) {
    const of = Math.floor(row / strip) * width;
    for (let x = 0; x < width; x++) {
      if (!isSource(source[row * width + x])) continue;
      words[row * pitch + (x >>> 5)] |= 1 << (x & 31);
      last[of + x] = y + row;
      if (first[of + x] === NONE) first[of + x] = y + row;
    }
  }
  return { width, words, first, last };
}

/**
 * Row of the nearest source at or above each cell of whole rows from `y`, of which the tiles hold parts side by side.
 * @param above by column, the nearest row with a source before `y`, or NONE; overwritten
 */
export function nearestAbove(tiles: readonly SourceBits[], rows: number, y: number, above: Int32Array): Int32Array {
  const width = above.length;
  const up = new Int32Array(width * rows);
  for (let row = 0; row < rows; row++) {
    let x0 = 0;
    for (const { width: columns, words } of tiles) {
      const pitch = wordsPerRow(columns);
      for (let k = row * pitch; k < (row + 1) * pitch; k++) {
        let word = words[k];
        const x = x0 + 32 * (k - row * pitch);
        while (word !== 0) {
          const bit = 31 - Math.clz32(word);
          above[x + bit] = y + row;
          word ^= 1 << bit;
        }
      }
      x0 += columns;
    }
    up.set(above, row * width);
  }
  return up;
}

/**
 * From the ends of each strip to what lies beyond it: of each column the nearest row with a source above and below the strip, or NONE. Works in
 * place: `last` becomes above, `first` becomes below.
 */
export function lookBeyond(strips: readonly ColumnEnds[]): void {
  const width = strips[0].first.length;
  const carry = new Int32Array(width).fill(NONE);
  for (const { last } of strips) exchange(last, carry);
  carry.fill(NONE);
  for (const { first } of strips.toReversed()) exchange(first, carry);
}

/** Puts what was carried in the place of what is found, and carries that on. */
function exchange(found: Int32Array, carry: Int32Array): void {
  for (let x = 0; x < found.length; x++) {
    const here = found[x];
    found[x] = carry[x];
    if (here !== NONE) carry[x] = here;
  }
}
