/** Gathering tile by tile: the tiles that a tile points at are read one after the other, and mostly it is itself and its neighbours. */
import { NODATA_CODE } from '../../core/cells.ts';
import { type Tile, type Tiling, tileAt, tilesOf } from '../../core/tiles.ts';
import { eachTile } from '../each-tile.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';

export async function solve(request: SolveRequest): Promise<SolveFacts> {
  const { tiling, inputs, outputs, progress } = request;
  let read = 0;
  let done = 0;
  await eachTile(tilesOf(tiling), request, async (tile) => {
    const plane = (await inputs.index.read(tile)) as Uint32Array;
    const gathered = new Uint32Array(plane.length).fill(NODATA_CODE);
    for (const index of tilesOfCells(plane, tiling)) {
      const from = tileAt(tiling, index);
      take(plane, gathered, tiling.width, from, (await inputs.codes.read(from)) as Uint32Array);
      read++;
    }
    await outputs.gathered?.write(tile, gathered);
    progress?.(++done, tiling.count);
  });
  return { tiles: tiling.count, tiles_read: read };
}

/** Tiles in which the cells of a plane of indices lie, in their order. */
function tilesOfCells(plane: Uint32Array, { width, tileWidth, tileHeight, columns, count }: Tiling): number[] {
  const found = new Uint8Array(count);
  let last = NODATA_CODE; // neighbours mostly point at the same cell
  for (const cell of plane) {
    if (cell === last || cell === NODATA_CODE) continue;
    last = cell;
    const y = Math.floor(cell / width);
    found[Math.floor(y / tileHeight) * columns + Math.floor((cell - y * width) / tileWidth)] = 1;
  }
  return [...found.keys()].filter((index) => found[index] === 1);
}

/** Puts the codes of those cells that lie in `tile`. */
function take(plane: Uint32Array, gathered: Uint32Array, width: number, tile: Tile, codes: Uint32Array): void {
  for (let i = 0; i < plane.length; i++) {
    const cell = plane[i];
    if (cell === NODATA_CODE) continue;
    const y = Math.floor(cell / width);
    const [dx, dy] = [cell - y * width - tile.x, y - tile.y];
    if (dx >= 0 && dy >= 0 && dx < tile.width && dy < tile.height) gathered[i] = codes[dy * tile.width + dx];
  }
}
