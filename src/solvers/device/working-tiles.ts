/** Tiles of the device: as many tiles of the request together as its memory and bindings hold, since nothing is exchanged inside of one. */
import { allocatePlane, type Plane } from '../../core/cells.ts';
import type { Window } from '../../core/grid.ts';
import { type Tile, type Tiling, tileAt, tilesOf, tilingOf } from '../../core/tiles.ts';
import type { Gpu } from '../../gpu/gpu.ts';

// Of the bytes that the device may have; the rest is for what others hold, staging and results on their way out.
const SHARE = 0.5;
/** Tiles that stay on the device together where the grid is more than one of them. */
const RESIDENT = 4;

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
    const cells = (shape.width + 2) * (shape.height + 2) + 64;
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
