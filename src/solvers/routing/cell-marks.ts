/** What is known of each cell of a tile while a recursion runs: how many neighbours it waits for, and from which sides water comes. */
import { lowestDirection, NO_CODE, nonZeroShares } from './share-bits.ts';
import { eachRingCell, isOwnCell, type TileFrame } from './tile-frame.ts';

/** Known, or without a direction, or beyond the grid: waits for nothing. */
export const DONE = 255;
/** Of another tile, and with a direction. */
export const FOREIGN = 254;
/** Waits for nothing although others lie on its way: streams, where values travel upslope. */
export const AT_ONCE = 253;
export const MOST_WAITING = 8;

/** Where values travel: to the cells below, or to those above. */
export type Travel = 'downslope' | 'upslope';

/** What is known of each cell of a frame, one byte each. */
export interface CellMarks {
  /** How many neighbours the cell still waits for, or one of the marks above. */
  readonly marks: Uint8Array;
  /** The sides of the tile's own cells from which water comes, one bit each: never changes. */
  readonly inbound: Uint8Array;
}

/**
 * Sets both before the first visit. `atOnce`: 1 where a cell waits for nobody.
 * Gives how many cells of the tile wait, and how many of the ring others will send.
 */
export function markFirst(
  frame: TileFrame,
  codes: Int32Array,
  { marks, inbound }: CellMarks,
  travel: Travel,
  atOnce?: ArrayLike<number>,
): { waiting: number; foreign: number } {
  const { tile, stride } = frame;
  const senders = findInbound(frame, codes, inbound);
  eachRingCell(frame, (cell, inGrid) => {
    marks[cell] = inGrid && codes[cell] !== NO_CODE ? FOREIGN : DONE;
  });
  let waiting = 0;
  for (let y = 1; y <= tile.height; y++)
    for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++) {
      if (codes[cell] === NO_CODE) marks[cell] = DONE;
      else {
        waiting++;
        marks[cell] = travel === 'downslope' ? BITS_SET[inbound[cell]] : 0;
      }
    }
  if (travel === 'downslope') return { waiting, foreign: senders };
  const foreign = countDownslope(frame, codes, marks);
  if (atOnce)
    for (let y = 1; y <= tile.height; y++)
      for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++)
        if (atOnce[cell] === 1 && marks[cell] !== DONE) marks[cell] = AT_ONCE;
  return { waiting, foreign };
}

const BITS_SET = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let bits = byte; bits !== 0; bits &= bits - 1) count++;
  return count;
});

/** Gives how many cells of the ring send water into the tile. */
function findInbound(frame: TileFrame, codes: Int32Array, inbound: Uint8Array): number {
  const { tile, stride, offsets } = frame;
  inbound.fill(0);
  for (let y = 1; y <= tile.height; y++)
    for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++) {
      const code = codes[cell];
      if (code === NO_CODE) continue;
      for (let bits = nonZeroShares(code); bits !== 0; bits &= bits - 1) {
        const towards = lowestDirection(bits);
        inbound[cell + offsets[towards]] |= 1 << (towards ^ 4);
      }
    }
  let senders = 0;
  eachRingCell(frame, (cell, inGrid) => {
    if (!inGrid || codes[cell] === NO_CODE) return;
    let sends = false;
    for (let towards = 0; towards < 8; towards++) {
      const below = cell + offsets[towards];
      if (((codes[cell] >>> (4 * towards)) & 15) === 0 || !isOwnCell(frame, below)) continue;
      inbound[below] |= 1 << (towards ^ 4);
      if (codes[below] !== NO_CODE) sends = true;
    }
    if (sends) senders++;
  });
  return senders;
}

/** Sets each mark to the neighbours that get its water and have a direction; gives how many of the ring there are among them. */
function countDownslope({ tile, stride, offsets }: TileFrame, codes: Int32Array, marks: Uint8Array): number {
  const foreign = new Set<number>();
  for (let y = 1; y <= tile.height; y++)
    for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++) {
      const code = codes[cell];
      if (code === NO_CODE) continue;
      let count = 0;
      for (let bits = nonZeroShares(code); bits !== 0; bits &= bits - 1) {
        const below = cell + offsets[lowestDirection(bits)];
        const mark = marks[below];
        if (mark === DONE) continue;
        count++;
        if (mark === FOREIGN) foreign.add(below);
      }
      marks[cell] = count;
    }
  return foreign.size;
}
