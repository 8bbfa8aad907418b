/**
 * Several of the engine's tiles as one, where memory has room: what tiles tell each other costs a visit each time, so there should be few of
 * them. One of all is best, for then an epoch looks at few cells; only many workers make up for that, and have enough tiles for all.
 */
import { type Tiling, tilingOf } from '../../core/tiles.ts';
import { cutPiece, piecesOf } from '../device/working-tiles.ts';
import type { SolveOutput, SolveRequest } from '../solver.ts';
import { CELL_BYTES } from './tile-cells.ts';
import { WHOLE_BYTES } from './whole-grid.ts';

/** Of what the operator may have, for visits under way. */
const SHARE = 0.5;
/** For each worker, where the grid has so many. */
const TILES_PER_WORKER = 2;
/** Fewer do less on parts of the grid than one on all of it. */
const MANY_WORKERS = 5;

/** Bytes of a cell of a tile while it is visited: its buffers twice at most, and planes. */
export const VISIT_BYTES = 2 * CELL_BYTES + 16;

/** Of all visits that are under way at once, with `cells` in a tile and the ring around it. */
export function visitBytes(tiles: number, cells: number, workers: number): number {
  return tiles === 1 ? cells * (CELL_BYTES + WHOLE_BYTES) : Math.min(tiles, workers + 1) * cells * VISIT_BYTES;
}

/** Of a cell, with which one visit holds the whole grid. */
export const WHOLE_GRID_BYTES = (CELL_BYTES + WHOLE_BYTES) / SHARE;

export function inLargerTiles(request: SolveRequest): SolveRequest {
  const { tiling, outputs } = request;
  const larger = largerTiling(request);
  if (larger.count === tiling.count) return request;
  return {
    ...request,
    tiling: larger,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, inPieces(output, tiling)])),
  };
}

function inPieces(output: SolveOutput, tiling: Tiling): SolveOutput {
  return {
    type: output.type,
    async write(tile, plane) {
      for (const piece of piecesOf(tiling, tile)) await output.write(piece, cutPiece(plane, tile, piece));
    },
  };
}

function largerTiling({ tiling, pool, memory }: SolveRequest): Tiling {
  const { width, height, tileWidth, tileHeight, columns, rows } = tiling;
  const wanted = pool.size < MANY_WORKERS ? 1 : TILES_PER_WORKER * pool.size;
  for (let n = Math.max(columns, rows); n > 1; n--) {
    const larger = tilingOf(tiling, Math.min(width, n * tileWidth), Math.min(height, n * tileHeight));
    const cells = (larger.tileWidth + 2) * (larger.tileHeight + 2);
    if (larger.count >= wanted && visitBytes(larger.count, cells, pool.size) <= SHARE * memory) return larger;
  }
  return tiling;
}
