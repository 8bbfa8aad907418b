/**
 * MFD streams on one tile: marks grow upslope from outlets, and downslope from cells at the threshold, until none changes. What cells on the
 * border gained is told to the tiles around. Marks only ever grow, so neither order nor repetition matters.
 */
import { NODATA_CODE } from '../../core/cells.ts';
import { lowestDirection, nonZeroShares } from '../routing/share-bits.ts';
import { eachRingCell, type Letter, Letters, type TileFrame } from '../routing/tile-frame.ts';

// One byte per cell. Bits 0 and 1: reach.
const REACH = 3;
/** The cell has a direction. */
const ROUTED = 4;
/** It can be followed upslope from an outlet. */
const FOLLOWED = 8;
const STREAM = 16;
/** It is not of this tile. */
const RING = 32;

export function firstStreamMarks(frame: TileFrame, direction: Uint32Array, reach: Uint32Array): Uint8Array {
  const marks = new Uint8Array(frame.cells);
  for (let cell = 0; cell < marks.length; cell++)
    if (direction[cell] !== NODATA_CODE) marks[cell] = ROUTED | (reach[cell] === NODATA_CODE ? 0 : reach[cell]);
  eachRingCell(frame, (cell, inGrid) => {
    marks[cell] = inGrid ? marks[cell] | RING : RING;
  });
  return marks;
}

/** Outlets of the tile where water leaves the grid or enters nodata: what the walk starts from. */
export function outletsOf(frame: TileFrame, codes: Int32Array, marks: Uint8Array): number[] {
  const outlets: number[] = [];
  for (let cell = 0; cell < marks.length; cell++) {
    const mark = marks[cell];
    if (!(mark & ROUTED) || mark & RING || (mark & REACH) < 2) continue;
    for (let bits = nonZeroShares(codes[cell]); bits !== 0; bits &= bits - 1)
      if (!(marks[cell + frame.offsets[lowestDirection(bits)]] & ROUTED)) {
        outlets.push(cell);
        break;
      }
  }
  return outlets;
}

/** Lets marks grow from `outlets` and from what the tiles around said; gives what those are to know in turn. */
export function followStreams(
  frame: TileFrame,
  codes: Int32Array,
  marks: Uint8Array,
  outlets: readonly number[],
  arrivals: readonly Letter[],
): Letter[] {
  const { offsets, cells } = frame;
  const front: number[] = [];
  const told = new Set<number>();
  const gain = (cell: number, bits: number) => {
    if ((marks[cell] | bits) === marks[cell]) return;
    marks[cell] |= bits;
    front.push(cell);
  };
  const drainsTo = (from: number, towards: number) => ((codes[from] >>> (4 * towards)) & 15) !== 0;
  const isOwn = (cell: number) => cell >= 0 && cell < cells && !(marks[cell] & RING);

  const reachesDown = (cell: number): boolean => {
    for (let side = 0; side < 8; side++) {
      const above = cell + offsets[side];
      if (marks[above] & STREAM && drainsTo(above, side ^ 4)) return true;
    }
    return false;
  };

  for (const { records } of arrivals) for (let at = 0; at < records.length; at += 2) gain(records[at], records[at + 1]);
  for (const outlet of outlets) gain(outlet, FOLLOWED | STREAM);
  for (let cell = front.pop(); cell !== undefined; cell = front.pop()) {
    for (let side = 0; side < 8; side++) {
      const other = cell + offsets[side];
      if (!isOwn(other)) {
        if (!(marks[cell] & RING)) told.add(cell);
        continue;
      }
      const reach = marks[other] & REACH;
      if (reach >= 1 && !(marks[other] & FOLLOWED) && marks[cell] & FOLLOWED && drainsTo(other, side ^ 4))
        gain(other, reach >= 2 || reachesDown(other) ? FOLLOWED | STREAM : FOLLOWED);
      if (marks[cell] & STREAM && marks[other] & FOLLOWED && drainsTo(cell, side)) gain(other, STREAM);
    }
  }
  return letters(frame, codes, marks, told);
}

function letters(frame: TileFrame, codes: Int32Array, marks: Uint8Array, told: ReadonlySet<number>): Letter[] {
  const letters = new Letters(frame, 1);
  for (const cell of told) {
    let sides = 0;
    for (let side = 0; side < 8; side++) {
      const other = cell + frame.offsets[side];
      if (!(marks[other] & RING)) continue;
      const reach = marks[other] & REACH;
      const above = reach >= 1 && ((codes[other] >>> (4 * (side ^ 4))) & 15) !== 0;
      const below = reach === 1 && marks[cell] & STREAM && ((codes[cell] >>> (4 * side)) & 15) !== 0;
      if (above || below) sides |= letters.sideOf(other);
    }
    letters.add(cell, sides, [marks[cell] & (FOLLOWED | STREAM)]);
  }
  return letters.sealed();
}

/** 1 on streams, 0 elsewhere, for the tile's own cells. */
export function streamPlane({ tile, stride }: TileFrame, marks: Uint8Array): Uint32Array {
  const plane = new Uint32Array(tile.width * tile.height);
  for (let y = 0, i = 0; y < tile.height; y++)
    for (let cell = (y + 1) * stride + 1, end = cell + tile.width; cell < end; cell++, i++)
      plane[i] = marks[cell] & ROUTED ? (marks[cell] & STREAM ? 1 : 0) : NODATA_CODE;
  return plane;
}
