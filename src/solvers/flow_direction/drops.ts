/**
 * Directions of cells with a lower neighbour: down the largest drop (D8), or to all lower neighbours in proportion to their drops (MFD). Diagonal drops
 * count 1/sqrt(2). All in float64; neighbours in the order of directions, which decides between equal drops.
 */
import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import { d8Code, INVERSE_DIAGONAL, shareOfDrop } from '../routing/directions.ts';
import type { IndexList } from '../routing/index-list.ts';

/** A window with `pad` more cells on every side, row by row. */
export interface Ground {
  /** Heights; +Infinity outside: higher than all, so never a way down. */
  readonly heights: Float32Array;
  /** Cells within the padding. */
  readonly width: number;
  readonly height: number;
  readonly pad: number;
}

/** From a plane with NODATA, in place. */
export function groundOf(heights: Float32Array, width: number, height: number, pad: number): Ground {
  for (let i = 0; i < heights.length; i++) if (heights[i] === NODATA) heights[i] = Number.POSITIVE_INFINITY;
  return { heights, width, height, pad };
}

const D8_CODES = Uint32Array.from({ length: 8 }, (_, d) => d8Code(d));

/** Codes into a plane of width × height cells; cells without a lower neighbour get 0 and are listed, by their place in the ground. */
export function dropCodes(ground: Ground, mfd: boolean, codes: Uint32Array, flats: IndexList): void {
  const { heights, width, height, pad } = ground;
  const pitch = width + 2 * pad;
  for (let y = 0; y < height; y++) {
    const start = (y + pad) * pitch + pad;
    if (mfd) sharesOfRow(heights, start, pitch, width, codes, y * width, flats);
    else steepestOfRow(heights, start, pitch, width, codes, y * width, flats);
  }
}

/** Whether a cell has a lower neighbour. */
export function drops(heights: Float32Array, i: number, pitch: number): boolean {
  const here = heights[i];
  for (let row = i - pitch; row <= i + pitch; row += pitch)
    if (heights[row - 1] < here || heights[row] < here || heights[row + 1] < here) return true;
  return false;
}

function steepestOfRow(
  heights: Float32Array,
  start: number,
  pitch: number,
  width: number,
  codes: Uint32Array,
  to: number,
  flats: IndexList,
): void {
  const above = start - pitch;
  const below = start + pitch;
  // The window moves on by one column: three new cells for each.
  let [nw, w, sw] = [heights[above - 1], heights[start - 1], heights[below - 1]];
  let [n, here, s] = [heights[above], heights[start], heights[below]];
  for (let x = 0; x < width; x++) {
    const ne = heights[above + x + 1];
    const e = heights[start + x + 1];
    const se = heights[below + x + 1];
    let best = 0;
    let direction = -1;
    if (e < here) {
      best = here - e;
      direction = 0;
    }
    // A diagonal drop can only be the largest where it is so before it is shortened.
    let drop = here - ne;
    if (drop > best) {
      drop *= INVERSE_DIAGONAL;
      if (drop > best) {
        best = drop;
        direction = 1;
      }
    }
    drop = here - n;
    if (drop > best) {
      best = drop;
      direction = 2;
    }
    drop = here - nw;
    if (drop > best) {
      drop *= INVERSE_DIAGONAL;
      if (drop > best) {
        best = drop;
        direction = 3;
      }
    }
    drop = here - w;
    if (drop > best) {
      best = drop;
      direction = 4;
    }
    drop = here - sw;
    if (drop > best) {
      drop *= INVERSE_DIAGONAL;
      if (drop > best) {
        best = drop;
        direction = 5;
      }
    }
    drop = here - s;
    if (drop > best) {
      best = drop;
      direction = 6;
    }
    drop = here - se;
    if (drop > best && drop * INVERSE_DIAGONAL > best) direction = 7;
    if (here === Number.POSITIVE_INFINITY) codes[to + x] = NODATA_CODE;
    else if (direction >= 0) codes[to + x] = D8_CODES[direction];
    else {
      codes[to + x] = 0;
      flats.push(start + x);
    }
    [nw, w, sw] = [n, here, s];
    [n, here, s] = [ne, e, se];
  }
}

function sharesOfRow(
  heights: Float32Array,
  start: number,
  pitch: number,
  width: number,
  codes: Uint32Array,
  to: number,
  flats: IndexList,
): void {
  const above = start - pitch;
  const below = start + pitch;
  let [heightNw, heightW, heightSw] = [heights[above - 1], heights[start - 1], heights[below - 1]];
  let [heightN, here, heightS] = [heights[above], heights[start], heights[below]];
  for (let x = 0; x < width; x++) {
    const heightNe = heights[above + x + 1];
    const heightE = heights[start + x + 1];
    const heightSe = heights[below + x + 1];
    if (here === Number.POSITIVE_INFINITY) codes[to + x] = NODATA_CODE;
    else {
      const e = heightE < here ? here - heightE : 0;
      const ne = heightNe < here ? (here - heightNe) * INVERSE_DIAGONAL : 0;
      const n = heightN < here ? here - heightN : 0;
      const nw = heightNw < here ? (here - heightNw) * INVERSE_DIAGONAL : 0;
      const w = heightW < here ? here - heightW : 0;
      const sw = heightSw < here ? (here - heightSw) * INVERSE_DIAGONAL : 0;
      const s = heightS < here ? here - heightS : 0;
      const se = heightSe < here ? (here - heightSe) * INVERSE_DIAGONAL : 0;
      const sum = e + ne + n + nw + w + sw + s + se;
      if (sum > 0)
        codes[to + x] =
          shareOfDrop(e, sum) |
          (shareOfDrop(ne, sum) << 4) |
          (shareOfDrop(n, sum) << 8) |
          (shareOfDrop(nw, sum) << 12) |
          (shareOfDrop(w, sum) << 16) |
          (shareOfDrop(sw, sum) << 20) |
          (shareOfDrop(s, sum) << 24) |
          (shareOfDrop(se, sum) << 28);
      else {
        codes[to + x] = 0;
        flats.push(start + x);
      }
    }
    [heightNw, heightW, heightSw] = [heightN, here, heightS];
    [heightN, here, heightS] = [heightNe, heightE, heightSe];
  }
}
