/**
 * Which cells have a source, a valid cell other than 0, within the kernel: by integers, so that a mean or sum without one is exactly 0. Each
 * row gives the distance g to the nearest source in it; along a column that source covers the rows within sqrt(R² − g²).
 */
import { NODATA } from '../../core/cells.ts';
import { cutOff, type Kernel, type KernelShape } from './kernels.ts';

/** What sources cover of each column: rows from the first number up, and to the last one down. */
export interface Cover {
  /** By sources above the rows that are looked at: the last row. */
  readonly above: Int32Array;
  /** By sources below them: the first row. */
  readonly below: Int32Array;
}

/** By sources in these rows themselves. */
export interface Extent {
  readonly last: Int32Array<ArrayBuffer>;
  readonly first: Int32Array<ArrayBuffer>;
}

/** No row: before the first one, after the last. */
export const NONE_ABOVE = -(2 ** 31);
export const NONE_BELOW = 2 ** 31 - 1;

/** 1 where a source is within the kernel. `values`: rows of `width` cells, the first of which is row `top`. */
export function coveredCells(
  values: Float32Array,
  width: number,
  { shape, radius }: Pick<Kernel, 'shape' | 'radius'>,
  cover?: Cover,
  top = 0,
): Uint8Array {
  const rows = values.length / width;
  const away = new Int32Array(values.length);
  const covered = new Uint8Array(values.length);
  const heights = coveredHeights(shape, radius, width);
  const edge = cover?.above.slice() ?? new Int32Array(width).fill(NONE_ABOVE);
  for (let y = 0, i = 0; y < rows; y++) {
    rowHeights(values, y * width, width, heights, away);
    for (let x = 0; x < width; x++, i++) {
      if (away[i] >= 0) edge[x] = Math.max(edge[x], top + y + away[i]);
      covered[i] = Number(edge[x] >= top + y);
    }
  }
  if (cover) edge.set(cover.below);
  else edge.fill(NONE_BELOW);
  for (let y = rows - 1; y >= 0; y--)
    for (let x = 0, i = y * width; x < width; x++, i++) {
      if (away[i] >= 0) edge[x] = Math.min(edge[x], top + y - away[i]);
      covered[i] |= Number(edge[x] <= top + y);
    }
  return covered;
}

/** The first and the last row that sources in these rows cover, of each column. */
export function extentOf(
  values: Float32Array,
  width: number,
  { shape, radius }: Pick<Kernel, 'shape' | 'radius'>,
  top: number,
): Extent {
  const extent = { last: new Int32Array(width).fill(NONE_ABOVE), first: new Int32Array(width).fill(NONE_BELOW) };
  const heights = coveredHeights(shape, radius, width);
  const away = new Int32Array(width);
  for (let y = top, at = 0; at < values.length; y++, at += width) {
    rowHeights(values.subarray(at, at + width), 0, width, heights, away);
    for (let x = 0; x < width; x++) {
      if (away[x] < 0) continue;
      extent.last[x] = Math.max(extent.last[x], y + away[x]);
      extent.first[x] = Math.min(extent.first[x], y - away[x]);
    }
  }
  return extent;
}

/** How many rows away the sources of a row cover each column; -1 where none does. */
function rowHeights(values: Float32Array, at: number, width: number, heights: Int32Array, away: Int32Array): void {
  const gaps = away.subarray(at, at + width);
  rowGaps(values, at, width, gaps);
  for (let x = 0; x < width; x++) gaps[x] = gaps[x] < heights.length ? heights[gaps[x]] : -1;
}

/** For each distance along the row, how many rows away the kernel still has a weight. Quartic and linear have none at n itself. */
export function coveredHeights(shape: KernelShape, radius: number, width: number): Int32Array {
  const limit = cutOff(shape, radius);
  const open = shape === 'quartic' || shape === 'linear';
  const within = (squared: number) => (open ? squared < limit * limit : squared <= limit * limit);
  const heights: number[] = [];
  for (let x = 0; x < width && within(x * x); x++) {
    let h = Math.floor(Math.sqrt(limit * limit - x * x));
    while (!within(x * x + h * h)) h--;
    while (within(x * x + (h + 1) ** 2)) h++;
    heights.push(h);
  }
  return Int32Array.from(heights);
}

/** Distance of each cell of a row to its nearest source; the width of the row where there is none. */
function rowGaps(values: Float32Array, at: number, width: number, gaps: Int32Array): void {
  const far = 2 * width;
  let gap = far;
  for (let x = 0; x < width; x++) {
    const value = values[at + x];
    gap = value !== 0 && value !== NODATA ? 0 : gap + 1;
    gaps[x] = gap;
  }
  gap = far;
  for (let x = width - 1; x >= 0; x--) {
    gap = gaps[x] === 0 ? 0 : gap + 1;
    if (gap < gaps[x]) gaps[x] = gap;
  }
}
