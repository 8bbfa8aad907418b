/** The look at supply and demand before a flow, tile by tile in worker tasks. */
import type { Plane } from '../../core/cells.ts';
import type { TaskTable } from '../../core/tasks.ts';
import { type Tile, tilesOf } from '../../core/tiles.ts';
import { eachTile } from '../each-tile.ts';
import { readPlanes } from '../routing/planes.ts';
import type { SolveRequest } from '../solver.ts';
import { type Inspection, type InspectPlanes, inspect, merge, NOTHING_SEEN } from './inspect.ts';

interface InspectTask {
  readonly planes: Readonly<Record<string, Plane>>;
  readonly tile: Tile;
}

export async function inspectTiles(request: SolveRequest): Promise<Inspection> {
  const { tiling, pool, signal, inputs } = request;
  const names = ['supply', 'demand', 'permeability', 'zones', 'stream'].filter((name) => inputs[name]);
  let found = NOTHING_SEEN;
  await eachTile(tilesOf(tiling), request, async (tile) => {
    const planes = await readPlanes(request, names, tile);
    const transfer = Object.values(planes).map(({ buffer }) => buffer as ArrayBuffer);
    const input: InspectTask = { planes, tile };
    const seen = await pool.run<InspectTask, Inspection>('flow_inspect', input, { transfer, signal });
    found = merge(found, seen); // after the wait: other tiles add to it meanwhile
  });
  return found;
}

export const inspectTasks: TaskTable = {
  async flow_inspect({ planes, tile }: InspectTask) {
    return { output: inspect(planes as unknown as InspectPlanes, tile) };
  },
};
