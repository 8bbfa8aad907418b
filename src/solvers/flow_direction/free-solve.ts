/**
 * Directions out of core, order free. Every tile is visited once; tiles with plateaus that go on beyond their sides again, as long as keys on
 * the sides around them change.
 */
import { allOf } from '../../core/all-of.ts';
import { grow, tileAt } from '../../core/tiles.ts';
import { eachTile } from '../each-tile.ts';
import { KeyBorders } from '../routing/key-borders.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import { TileStates } from '../tile-states.ts';
import type { FreeVisit, OpenCells } from './free-order.ts';
import { buffersOf, type RevisitInput, type TileInput } from './tasks.ts';

export async function solveFree(request: SolveRequest): Promise<SolveFacts> {
  const { tiling, pool, signal, memory, openScratch, progress } = request;
  const { filled } = request.inputs;
  const { direction } = request.outputs;
  const mfd = request.params.algorithm === 1;
  // Codes wait there until all plateaus are settled, read once; open cells come and go.
  const codesOf = new TileStates(0.75 * memory, openScratch);
  const openOf = new TileStates(0.25 * memory, openScratch);
  const borders = new KeyBorders(tiling);
  let done = 0;
  const write = async (tile: number, codes: Uint32Array) => {
    await direction.write(tileAt(tiling, tile), codes);
    progress?.(++done, tiling.count);
  };
  try {
    let cells = 0;
    await eachTile(all(tiling.count), request, async (tile) => {
      const { x, y, width, height } = tileAt(tiling, tile);
      const plane = (await filled.read(grow({ x, y, width, height }, 2))) as Float32Array;
      const input: TileInput = { cells: plane, width, height, x, y, mfd };
      const { codes, open }: FreeVisit = await pool.run('direction_tile', input, { signal });
      if (!open) return write(tile, codes);
      cells += open.cells.length;
      borders.set(tile, open);
      await allOf([codesOf.put(tile, [codes.buffer]), openOf.put(tile, buffersOf(open))]);
    });
    const openTiles = borders.tiles();
    let visits = 0;
    let rounds = 0;
    for (let round = borders.takeChanged(); round.size > 0; round = borders.takeChanged(), rounds++)
      await eachTile([...round], request, async (tile) => {
        round.delete(tile); // what changes before now is seen
        visits++;
        const { width, height } = tileAt(tiling, tile);
        const open = openCellsOf(await openOf.take(tile));
        const input: RevisitInput = { open, width, height, ring: borders.ring(tile), mfd };
        const after: OpenCells = await pool.run('direction_plateaus', input, { signal });
        borders.set(tile, after, round);
        await openOf.put(tile, buffersOf(after));
      });
    await eachTile(openTiles, request, async (tile) => {
      const open = openCellsOf(await openOf.take(tile));
      const codes = new Uint32Array((await codesOf.take(tile))[0]);
      for (let k = 0; k < open.cells.length; k++) codes[open.cells[k]] = open.codes[k];
      await write(tile, codes);
    });
    return { open_tiles: openTiles.length, open_cells: cells, visits, rounds };
  } finally {
    await allOf([codesOf.close(), openOf.close()]);
  }
}

function all(count: number): number[] {
  return Array.from({ length: count }, (_, tile) => tile);
}

function openCellsOf([cells, masks, keys, codes]: ArrayBufferLike[]): OpenCells {
  const array = (buffer: ArrayBufferLike) => new Uint32Array(buffer as ArrayBuffer);
  return { cells: array(cells), masks: array(masks), keys: array(keys), codes: array(codes) };
}
