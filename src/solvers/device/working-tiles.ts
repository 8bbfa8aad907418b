/** Tiles of the device: as many tiles of the request together as its memory and bindings hold, since nothing is exchanged inside of one. */
import { allocatePlane, type Plane } from '../../core/cells.ts';
import type { Window } from '../../core/grid.ts';
import { type Tile, type Tiling, tileAt, tilesOf, tilingOf } from '../../core/tiles.ts';
import type { Gpu } from '../../gpu/gpu.ts';

// Of the bytes that the device may have; the rest is for what others hold, staging and results on their way out.
const SHARE = 0.5;
/** Tiles that stay on the device together where the grid is more than one of them. */
const RESIDENT = 4;

/** Cells that a tile works on beyond its own, on each side: see rings.ts. */
const MOST_OVERLAP = 64;

/** A sixteenth of the edge: an eighth more cells each way, so that tiles whose cells wait for each other along their border meet less often. */
export function overlapOf({ tileWidth, tileHeight }: Pick<Tiling, 'tileWidth' | 'tileHeight'>): number {
  return Math.min(MOST_OVERLAP, Math.floor(Math.min(tileWidth, tileHeight) / 16));
}

/** Cells of a plane of a tile with the overlap and one cell of halo. */
export function paddedCells(tiling: Pick<Tiling, 'tileWidth' | 'tileHeight'>): number {
  const margin = 2 * (overlapOf(tiling) + 1);
  return (tiling.tileWidth + margin) * (tiling.tileHeight + margin);
}

/**
 * The tiling that a device works in; its edges are multiples of the request's. `planeBytes`: of the largest buffer, for each cell;
 * `totalBytes`: of all of them. `most`: an edge that is not exceeded unless the request's is, for tests of the exchange between tiles.
 */
export function workingTiling(
  tiling: Tiling,
  gpu: Gpu,
  planeBytes: number,
  totalBytes: number,
  most = Number.POSITIVE_INFINITY,
): Tiling {
  const { width, height, tileWidth, tileHeight, columns, rows } = tiling;
  const { maxStorageBufferBindingSize, maxBufferSize } = gpu.limits;
  const binding = Math.min(maxStorageBufferBindingSize, maxBufferSize);
  for (let n = Math.max(columns, rows); ; n--) {
    const shape = { width: Math.min(width, n * tileWidth), height: Math.min(height, n * tileHeight) };
    const cells = paddedCells({ tileWidth: shape.width, tileHeight: shape.height });
    const tiles = shape.width === width && shape.height === height ? 1 : RESIDENT;
    const fits =
      tiles * cells * totalBytes <= SHARE * gpu.buffers.caps.total &&
      cells * planeBytes <= binding &&
      Math.max(shape.width, shape.height) <= most;
    if (fits || n === 1) return tilingOf(tiling, shape.width, shape.height);
  }
}

/** The request's tiles in a working tile. */
export function piecesOf(tiling: Tiling, working: Window): Tile[] {
  const { tileWidth, tileHeight, columns } = tiling;
  const inside = [...tilesOf(tilingOf(working, tileWidth, tileHeight))];
  return inside.map(({ x, y }) =>
    tileAt(tiling, ((working.y + y) / tileHeight) * columns + (working.x + x) / tileWidth),
  );
}

/** The cells of one of them, out of a plane of the working tile without padding; that plane itself where they are the same. */
export function cutPiece(plane: Plane, working: Window, piece: Window): Plane {
  const { width, height } = piece;
  if (width === working.width && height === working.height) return plane;
  const cut = allocatePlane(plane instanceof Float32Array ? 'f32' : 'u32', width * height);
  for (let y = 0; y < height; y++) {
    const start = (piece.y - working.y + y) * working.width + piece.x - working.x;
    cut.set(plane.subarray(start, start + width), y * width);
  }
  return cut;
}
