/**
 * Steps whose result depends on the order of the whole raster: one worker task for all of it, in memory. How much that is says `wholeBytes` of
 * the operator; the plan refuses what does not fit.
 */
import type { Plane } from '../../core/cells.ts';
import type { RasterShape } from '../../core/solver.ts';
import { tilesOf } from '../../core/tiles.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import { SharedMemory } from './shared-memory.ts';

export interface WholeRaster {
  readonly planes: Readonly<Record<string, Plane>>;
  readonly shape: RasterShape;
}

/** The task takes a `WholeRaster` and gives the plane of the only output. */
export async function solveWhole(
  request: SolveRequest,
  task: string,
  inputs: readonly string[],
  output: string,
): Promise<SolveFacts> {
  const { shape, tiling, pool, signal, progress } = request;
  const everywhere = { x: 0, y: 0, width: shape.width, height: shape.height };
  const memory = new SharedMemory();
  const planes: Record<string, Plane> = {};
  // One after the other, and shared with the worker: there is one more than needed at most.
  for (const name of inputs) planes[name] = memory.share(await request.inputs[name].read(everywhere));
  const whole = await pool.run<WholeRaster, Plane>(task, { planes, shape }, { signal });
  let done = 0;
  for (const tile of tilesOf(tiling)) {
    const plane = whole.slice(0, tile.width * tile.height);
    for (let y = 0; y < tile.height; y++) {
      const from = (tile.y + y) * shape.width + tile.x;
      plane.set(whole.subarray(from, from + tile.width), y * tile.width);
    }
    await request.outputs[output].write(tile, plane);
    progress?.(++done, tiling.count);
  }
  return { tiles: tiling.count, visits: 1 };
}
