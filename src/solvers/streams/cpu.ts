/** Streams tile by tile in worker tasks; in InVEST's order the whole raster in one. */
import { curveOf } from '../../core/tile-curve.ts';
import { grow, tileAt } from '../../core/tiles.ts';
import { eachTile } from '../each-tile.ts';
import { lanesOf } from '../routing/dataflow.ts';
import { readPlanes } from '../routing/planes.ts';
import { VisitSchedule } from '../routing/visit-schedule.ts';
import { solveWhole } from '../routing/whole.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import { TileStates } from '../tile-states.ts';
import type { FinishInput, FollowInput, FollowOutput } from './tasks.ts';

const D8 = 0;
const INVEST = 1;
/** Per cell of a visit: directions, reach, marks, and what grows. */
const VISIT_BYTES = 16;
/** A tile never knows whether more will come. */
const UNKNOWN = 2 ** 50;

export async function solve(request: SolveRequest): Promise<SolveFacts> {
  const { algorithm, order } = request.params;
  if (algorithm === D8) return aboveThreshold(request);
  if (order === INVEST) return solveWhole(request, 'streams_in_order', ['direction', 'reach'], 'stream');
  return follow(request);
}

async function aboveThreshold(request: SolveRequest): Promise<SolveFacts> {
  const { inputs, outputs, tiling, pool, signal, progress } = request;
  let done = 0;
  await eachTile(curveOf(tiling), request, async (index) => {
    const tile = tileAt(tiling, index);
    const reach = await inputs.reach.read(tile);
    await outputs.stream.write(tile, await pool.run('streams_above', { reach }, { signal }));
    progress?.(++done, tiling.count);
  });
  return { tiles: tiling.count, visits: tiling.count };
}

async function follow(request: SolveRequest): Promise<SolveFacts> {
  const { outputs, tiling, pool, signal, progress } = request;
  const lanes = lanesOf(request);
  const perVisit = tiling.tileWidth * tiling.tileHeight * VISIT_BYTES;
  const states = new TileStates(Math.max(0, request.memory - lanes * perVisit), request.openScratch);
  const schedule = new VisitSchedule(tiling, curveOf(tiling));
  let visits = 0;

  const visit = async (index: number): Promise<void> => {
    const tile = tileAt(tiling, index);
    const arrivals = schedule.collect(index);
    const seen = states.has(index);
    const window = grow(tile, 1);
    if (seen && arrivals.length === 0) return; // beside one that was told something
    const planes = await readPlanes(request, seen ? ['direction'] : ['direction', 'reach'], window);
    const kept = seen ? await states.take(index) : undefined;
    const input = { tiling, tile, ...planes, marks: kept && new Uint8Array(kept[0]), arrivals };
    const output = await pool.run<FollowInput, FollowOutput>('follow_streams', input as FollowInput, { signal });
    visits++;
    schedule.deliver(output.letters);
    schedule.leaveOpen(index, UNKNOWN);
    await states.put(index, [output.marks.buffer as ArrayBuffer]);
  };

  try {
    await schedule.run(lanes, signal, async (tiles) => {
      for (const tile of tiles) await visit(tile);
    });
    let done = 0;
    await eachTile(curveOf(tiling), request, async (index) => {
      const tile = tileAt(tiling, index);
      const [marks] = await states.take(index);
      const input: FinishInput = { tiling, tile, marks: new Uint8Array(marks) };
      await outputs.stream.write(tile, await pool.run('finish_streams', input, { signal }));
      progress?.(++done, tiling.count);
    });
  } finally {
    await states.close();
  }
  return { tiles: tiling.count, visits, spilled_bytes: states.spilled };
}
