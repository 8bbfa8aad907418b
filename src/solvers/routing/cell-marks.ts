/** What is known of each cell of a tile while a recursion runs: how many neighbours it waits for, and from which sides water comes. */
import { directionsOf, NO_CODE } from './share-bits.ts';
import { eachRingCell, isOwnCell, type TileFrame } from './tile-frame.ts';

// A mark is the number of neighbours, 1 to 8, that a cell waits for; 0 once the last of them is known. Each neighbour that becomes known takes 1
// away, whatever the mark: the others are so that eight times 1 leave their highest bit.
/** A bit of cells of other tiles that have a direction. */
export const FOREIGN = 0x40;
/** A bit of cells that wait for nobody and were not looked at yet. */
export const READY = 0x20;
export const MOST_WAITING = 8;
/** Known, or without a direction, or beyond the grid. */
export const DONE = 0x80 + MOST_WAITING;

/** Where values travel: to the cells below, or to those above. */
export type Travel = 'downslope' | 'upslope';

/** What is known of each cell of a frame, one byte each. */
export interface CellMarks {
  readonly marks: Uint8Array;
  /** The sides of the tile's own cells from which water comes, one bit each: never changes. */
  readonly inbound: Uint8Array;
}

/**
 * Sets both before the first visit. `atOnce`: 1 where a cell waits for nobody although others lie on its way: streams, where values travel upslope.
 * Gives how many cells of the tile wait, and how many of the ring others will send.
 */
export function markFirst(
  frame: TileFrame,
  codes: Int32Array,
  cellMarks: CellMarks,
  travel: Travel,
  atOnce?: ArrayLike<number>,
): { waiting: number; foreign: number } {
  const { marks } = cellMarks;
  const upslope = travel === 'upslope';
  const waiting = markCells(frame, codes, cellMarks, upslope);
  if (upslope) waitForNoneBeyond(frame, codes, cellMarks);
  let foreign = 0;
  eachRingCell(frame, (cell, inGrid) => {
    const routed = inGrid && codes[cell] !== NO_CODE;
    marks[cell] = (routed ? FOREIGN : DONE) | MOST_WAITING;
    if (routed && sends(frame, codes, cell, upslope)) foreign++;
  });
  if (upslope && atOnce) {
    const { tile, stride } = frame;
    for (let y = 1; y <= tile.height; y++)
      for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++)
        if (atOnce[cell] === 1 && codes[cell] !== NO_CODE) marks[cell] = READY | MOST_WAITING;
  }
  return { waiting, foreign };
}

const BITS_SET = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let bits = byte; bits !== 0; bits &= bits - 1) count++;
  return count;
});

/** The mark of a cell by the neighbours, one bit each, that it waits for. */
const FIRST_MARK = BITS_SET.map((count) => count || READY | MOST_WAITING);

/** Marks and sides of the tile's own cells; upslope as if all neighbours downslope had a direction. Gives how many have one. */
function markCells(
  { tile, stride }: TileFrame,
  codes: Int32Array,
  { marks, inbound }: CellMarks,
  upslope: boolean,
): number {
  let above = outboundRow(codes, 0, new Uint8Array(stride));
  let here = outboundRow(codes, stride, new Uint8Array(stride));
  let below = new Uint8Array(stride);
  let routed = 0;
  for (let y = 1; y <= tile.height; y++) {
    outboundRow(codes, (y + 1) * stride, below);
    let [nw, w, sw] = [above[0], here[0], below[0]];
    let [n, own, s] = [above[1], here[1], below[1]];
    const row = y * stride;
    for (let x = 1; x <= tile.width; x++) {
      const ne = above[x + 1];
      const e = here[x + 1];
      const se = below[x + 1];
      const sides =
        ((e >> 4) & 1) |
        ((ne >> 4) & 2) |
        ((n >> 4) & 4) |
        ((nw >> 4) & 8) |
        ((w << 4) & 16) |
        ((sw << 4) & 32) |
        ((s << 4) & 64) |
        ((se << 4) & 128);
      inbound[row + x] = sides;
      if (codes[row + x] === NO_CODE) marks[row + x] = DONE;
      else {
        routed++;
        marks[row + x] = FIRST_MARK[upslope ? own : sides];
      }
      nw = n;
      w = own;
      sw = s;
      n = ne;
      own = e;
      s = se;
    }
    [above, here, below] = [here, below, above];
  }
  return routed;
}

/** The directions that have a share, one bit each, of the cells of a row. */
function outboundRow(codes: Int32Array, start: number, row: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  for (let x = 0; x < row.length; x++) {
    const code = codes[start + x];
    row[x] = code === NO_CODE ? 0 : directionsOf(code);
  }
  return row;
}

/** Takes neighbours without a direction, and those beyond the grid, from what cells wait for. */
function waitForNoneBeyond(frame: TileFrame, codes: Int32Array, { marks, inbound }: CellMarks): void {
  const { tile, stride, offsets } = frame;
  const release = (cell: number) => {
    if (--marks[cell] === 0) marks[cell] = READY | MOST_WAITING;
  };
  for (let y = 1; y <= tile.height; y++)
    for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++) {
      if (codes[cell] !== NO_CODE || inbound[cell] === 0) continue;
      for (let side = 0; side < 8; side++) {
        const above = cell + offsets[side];
        if (inbound[cell] & (1 << side) && isOwnCell(frame, above)) release(above);
      }
    }
  eachRingCell(frame, (cell, inGrid) => {
    if (inGrid && codes[cell] !== NO_CODE) return;
    for (let side = 0; side < 8; side++) {
      const above = cell + offsets[side];
      if (isOwnCell(frame, above) && flows(codes, above, side ^ 4)) release(above);
    }
  });
}

/** Whether cells of the tile wait for a cell of the ring. */
function sends(frame: TileFrame, codes: Int32Array, cell: number, upslope: boolean): boolean {
  for (let side = 0; side < 8; side++) {
    const own = cell + frame.offsets[side];
    if (!isOwnCell(frame, own) || codes[own] === NO_CODE) continue;
    if (upslope ? flows(codes, own, side ^ 4) : flows(codes, cell, side)) return true;
  }
  return false;
}

function flows(codes: Int32Array, cell: number, towards: number): boolean {
  return codes[cell] !== NO_CODE && ((codes[cell] >>> (4 * towards)) & 15) !== 0;
}
