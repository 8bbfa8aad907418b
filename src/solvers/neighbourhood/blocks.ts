/** The blocks in which windows are summed: parts of tiles, small enough for what they reach to fit the memory. */
import type { Window } from '../../core/grid.ts';
import { type Tiling, tilesOf } from '../../core/tiles.ts';
import { bandsOf, type Piece, wholePiece } from './pieces.ts';
import type { Neighbourhood } from './shape.ts';

export interface BlockPlan {
  readonly edge: number;
  readonly pieces: readonly Piece[];
  /** Bytes of a block under way. */
  readonly bytes: number;
}

/** The values here and in the task, and running sums of them both ways; sums, counts and results of the block. */
const BYTES_REACHED = 2 * 4 + 2 * 8;
const BYTES_OF_BLOCK = 3 * 8 + 5 * 4;
/** A block of small windows stays in the cache better when it is small; one of large windows reads less beyond itself when it is large. */
const USUAL = 512;
const SMALL_REACH = 64;
const SMALLEST = 64;

/** @param memory bytes for one block under way */
export function planBlocks(neighbourhood: Neighbourhood, longest: number, memory: number): BlockPlan {
  const { reachX, reachY } = neighbourhood;
  const bytesOf = (edge: number, rows: number) =>
    (edge + 2 * reachX) * (edge + rows - 1) * BYTES_REACHED + edge * edge * BYTES_OF_BLOCK;
  const whole = wholePiece(neighbourhood);
  const rows = whole.to - whole.from + 1;
  const most = Math.max(reachX, reachY) <= SMALL_REACH ? Math.min(USUAL, longest) : longest;
  for (let edge = most; edge >= most / 8; edge /= 2)
    if (bytesOf(edge, rows) <= memory) return { edge, pieces: [whole], bytes: bytesOf(edge, rows) };
  let edge = most;
  while (bytesOf(edge, Math.min(rows, edge)) > memory && edge > SMALLEST) edge /= 2;
  return { edge, pieces: bandsOf(neighbourhood, edge), bytes: bytesOf(edge, Math.min(rows, edge)) };
}

/** Blocks of at most `edge` cells along a side, tile by tile. */
export function* blocksOf(tiling: Tiling, edge: number): Generator<Window> {
  for (const tile of tilesOf(tiling)) {
    const [bottom, right] = [tile.y + tile.height, tile.x + tile.width];
    for (let y = tile.y; y < bottom; y += edge)
      for (let x = tile.x; x < right; x += edge)
        yield { x, y, width: Math.min(edge, right - x), height: Math.min(edge, bottom - y) };
  }
}

/** What a piece reaches from a block. */
export function reachedBy({ x, y, width, height }: Window, reachX: number, { from, to }: Piece): Window {
  return { x: x - reachX, y: y + from, width: width + 2 * reachX, height: height + to - from };
}
