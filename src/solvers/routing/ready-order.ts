/**
 * Which cells of a tile a visit can finish, and in which order: those whose neighbours upslope (or downslope) are all known, and what follows
 * from them.
 */
import { type CellMarks, DONE, FOREIGN, MOST_WAITING, READY, type Travel } from './cell-marks.ts';
import { lowestDirection, lowestSide, nonZeroShares } from './share-bits.ts';
import { isOwnCell, type TileFrame } from './tile-frame.ts';

/** For the order of the visit under way: most have few cells. */
let orderBuffer = new Uint32Array(0);

export interface ReadyCells {
  /** Each after those that it needs. Valid until the next call. */
  readonly order: Uint32Array;
  /** Those of them on the border that cells of other tiles wait for. */
  readonly border: Uint32Array;
}

/** Finds the cells that are ready, now that those in `arrived` (of the ring) are known, and marks them. `first`: nothing was looked at yet. */
export function readyCells(
  frame: TileFrame,
  codes: Int32Array,
  { marks, inbound }: CellMarks,
  travel: Travel,
  arrived: ArrayLike<number>,
  first: boolean,
): ReadyCells {
  const { tile, cells } = frame;
  if (orderBuffer.length < tile.width * tile.height) orderBuffer = new Uint32Array(tile.width * tile.height);
  const order = orderBuffer;
  const border = new Uint32Array(2 * (tile.width + tile.height));
  const found = { order, border, length: 0, atBorder: 0 };
  for (let i = 0; i < arrived.length; i++) {
    const cell = arrived[i];
    for (let side = 0; side < 8; side++) {
      const own = cell + frame.offsets[side];
      if (!isOwnCell(frame, own)) continue;
      const code = travel === 'downslope' ? codes[cell] >>> (4 * side) : codes[own] >>> (4 * (side ^ 4));
      const mark = marks[own];
      if ((code & 15) === 0 || mark === 0 || mark > MOST_WAITING) continue;
      marks[own] = mark - 1;
      if (mark === 1) order[found.length++] = own;
    }
  }
  const scanned = first ? cells : 0;
  if (travel === 'downslope') followDownslope(frame, codes, marks, found, scanned);
  else followUpslope(frame, inbound, marks, found, scanned);
  return { order: order.subarray(0, found.length), border: border.subarray(0, found.atBorder) };
}

interface Found {
  readonly order: Uint32Array;
  readonly border: Uint32Array;
  length: number;
  atBorder: number;
}

/** Works through the cells of `order`, to which those that become ready are appended, then from each ready one of the first `scanned` cells. */
function followDownslope(
  { offsets }: TileFrame,
  codes: Int32Array,
  marks: Uint8Array,
  found: Found,
  scanned: number,
): void {
  const { order, border } = found;
  let { length, atBorder } = found;
  for (let next = 0, at = 0; ; ) {
    while (next < length) {
      const cell = order[next++];
      let leaves = 0;
      for (let bits = nonZeroShares(codes[cell]); bits !== 0; bits &= bits - 1) {
        const below = cell + offsets[lowestDirection(bits)];
        const mark = marks[below] - 1;
        marks[below] = mark;
        leaves |= mark;
        if (mark === 0) order[length++] = below;
      }
      if ((leaves & FOREIGN) !== 0) border[atBorder++] = cell;
    }
    while (at < scanned && (marks[at] & READY) === 0) at++;
    if (at >= scanned) break;
    marks[at] = DONE;
    order[length++] = at;
  }
  found.length = length;
  found.atBorder = atBorder;
}

/** The same, where values travel upslope. */
function followUpslope(
  { offsets }: TileFrame,
  inbound: Uint8Array,
  marks: Uint8Array,
  found: Found,
  scanned: number,
): void {
  const { order, border } = found;
  let { length, atBorder } = found;
  for (let next = 0, at = 0; ; ) {
    while (next < length) {
      const cell = order[next++];
      let leaves = 0;
      for (let sides = inbound[cell]; sides !== 0; sides &= sides - 1) {
        const above = cell + offsets[lowestSide(sides)];
        const mark = marks[above] - 1;
        marks[above] = mark;
        leaves |= mark;
        if (mark === 0) order[length++] = above;
      }
      if ((leaves & FOREIGN) !== 0) border[atBorder++] = cell;
    }
    while (at < scanned && (marks[at] & READY) === 0) at++;
    if (at >= scanned) break;
    marks[at] = DONE;
    order[length++] = at;
  }
  found.length = length;
  found.atBorder = atBorder;
}

/** The sides of the tile on which cells wait for a cell on its border, as bits of `sideOf`. */
export function waitingSides(
  { offsets }: TileFrame,
  codes: Int32Array,
  marks: Uint8Array,
  travel: Travel,
  cell: number,
  sideOf: (ringCell: number) => number,
): number {
  let sides = 0;
  for (let side = 0; side < 8; side++) {
    const other = cell + offsets[side];
    if ((marks[other] & FOREIGN) === 0) continue;
    const code = travel === 'downslope' ? codes[cell] >>> (4 * side) : codes[other] >>> (4 * (side ^ 4));
    if ((code & 15) !== 0) sides |= sideOf(other);
  }
  return sides;
}
