/** Three visits to each tile, in worker threads: the largest value, the sums of its zones, what they add up to. */
import { type Tile, tilesOf } from '../../core/tiles.ts';
import { eachTile } from '../each-tile.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import { addSums, quantumOf, totalsOf, type ZoneSums } from './sums.ts';
import type { SpreadTask, SumTask } from './tasks.ts';

export async function solve(request: SolveRequest): Promise<SolveFacts> {
  const { tiling, inputs, outputs, pool, signal, progress } = request;
  let done = 0;
  const everyTile = (visit: (tile: Tile) => Promise<void>) => eachTile(tilesOf(tiling), request, visit);
  const step = () => progress?.(++done, 3 * tiling.count);
  let largest = 0;
  await everyTile(async (tile) => {
    const values = (await inputs.values.read(tile)) as Float32Array;
    largest = Math.max(largest, await pool.run('zonal_sum_largest', values, { transfer: [values.buffer], signal }));
    step();
  });
  const quantum = quantumOf(largest);
  const sums: ZoneSums = new Map();
  await everyTile(async (tile) => {
    const [values, zones] = (await Promise.all([inputs.values.read(tile), inputs.zones.read(tile)])) as [
      Float32Array,
      Uint32Array,
    ];
    const transfer = [values.buffer, zones.buffer];
    addSums(sums, await pool.run<SumTask, ZoneSums>('zonal_sum_add', { values, zones, quantum }, { transfer, signal }));
    step();
  });
  const totals = totalsOf(sums, quantum);
  await everyTile(async (tile) => {
    const zones = (await inputs.zones.read(tile)) as Uint32Array;
    const plane = await pool.run<SpreadTask, Float32Array>(
      'zonal_sum_spread',
      { zones, totals },
      { transfer: [zones.buffer], signal },
    );
    await outputs.sum?.write(tile, plane);
    step();
  });
  return { visits: done, zones: totals.size };
}
