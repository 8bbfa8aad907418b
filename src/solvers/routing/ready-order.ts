/**
 * Which cells of a tile a visit can finish, and in which order: those whose neighbours upslope (or downslope) are all known, and what follows
 * from them.
 */
import { AT_ONCE, type CellMarks, DONE, FOREIGN, MOST_WAITING, type Travel } from './cell-marks.ts';
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

/** Finds the cells that are ready, now that those in `arrived` (of the ring) are known, and marks them as done. `first`: nothing was looked at yet. */
export function readyCells(
  frame: TileFrame,
  codes: Int32Array,
  { marks, inbound }: CellMarks,
  travel: Travel,
  arrived: ArrayLike<number>,
  first: boolean,
): ReadyCells {
  const { tile, stride } = frame;
  if (orderBuffer.length < tile.width * tile.height) orderBuffer = new Uint32Array(tile.width * tile.height);
  const order = orderBuffer;
  const border = new Uint32Array(2 * (tile.width + tile.height));
  const found = { order, border, length: 0, atBorder: 0 };
  const follow = (from: number) =>
    travel === 'downslope'
      ? followDownslope(frame, codes, marks, found, from)
      : followUpslope(frame, inbound, marks, found, from);
  for (let i = 0; i < arrived.length; i++) {
    const cell = arrived[i];
    for (let side = 0; side < 8; side++) {
      const own = cell + frame.offsets[side];
      if (!isOwnCell(frame, own)) continue;
      const code = travel === 'downslope' ? codes[cell] >>> (4 * side) : codes[own] >>> (4 * (side ^ 4));
      if ((code & 15) === 0 || marks[own] > MOST_WAITING) continue;
      if (--marks[own] > 0) continue;
      marks[own] = DONE;
      order[found.length++] = own;
    }
  }
  follow(0);
  if (first)
    for (let y = 1; y <= tile.height; y++)
      for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++) {
        const mark = marks[cell];
        if (mark !== 0 && mark !== AT_ONCE) continue;
        marks[cell] = DONE;
        const from = found.length;
        order[found.length++] = cell;
        follow(from);
      }
  return { order: order.subarray(0, found.length), border: border.subarray(0, found.atBorder) };
}

interface Found {
  readonly order: Uint32Array;
  readonly border: Uint32Array;
  length: number;
  atBorder: number;
}

/** Works through the cells of `order` from `next` on; those that become ready are appended. */
function followDownslope(frame: TileFrame, codes: Int32Array, marks: Uint8Array, found: Found, next: number): void {
  const { offsets } = frame;
  const { order, border } = found;
  let { length, atBorder } = found;
  while (next < length) {
    const cell = order[next++];
    let leaves = false;
    for (let bits = nonZeroShares(codes[cell]); bits !== 0; bits &= bits - 1) {
      const below = cell + offsets[lowestDirection(bits)];
      const mark = marks[below];
      if (mark === 1) {
        marks[below] = DONE;
        order[length++] = below;
      } else if (mark <= MOST_WAITING) marks[below] = mark - 1;
      else if (mark === FOREIGN) leaves = true;
    }
    if (leaves) border[atBorder++] = cell;
  }
  found.length = length;
  found.atBorder = atBorder;
}

function followUpslope(frame: TileFrame, inbound: Uint8Array, marks: Uint8Array, found: Found, next: number): void {
  const { offsets } = frame;
  const { order, border } = found;
  let { length, atBorder } = found;
  while (next < length) {
    const cell = order[next++];
    let leaves = false;
    for (let sides = inbound[cell]; sides !== 0; sides &= sides - 1) {
      const above = cell + offsets[lowestSide(sides)];
      const mark = marks[above];
      if (mark === 1) {
        marks[above] = DONE;
        order[length++] = above;
      } else if (mark <= MOST_WAITING) {
        if (mark > 0) marks[above] = mark - 1;
      } else if (mark === FOREIGN) leaves = true;
    }
    if (leaves) border[atBorder++] = cell;
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
    if (marks[other] !== FOREIGN) continue;
    const code = travel === 'downslope' ? codes[cell] >>> (4 * side) : codes[other] >>> (4 * (side ^ 4));
    if ((code & 15) !== 0) sides |= sideOf(other);
  }
  return sides;
}
