/** Three visits to each tile, in worker threads: the largest value, the sums of its zones, what they add up to. */
import { throwIfAborted } from '../../core/errors.ts';
import { type Tile, tileAt } from '../../core/tiles.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import { addSums, quantumOf, totalsOf, type ZoneSums } from './sums.ts';
import type { SpreadTask, SumTask } from './tasks.ts';

export async function solve(request: SolveRequest): Promise<SolveFacts> {
  const { tiling, inputs, outputs, pool, signal, progress } = request;
  let done = 0;
  const step = () => progress?.(++done, 3 * tiling.count);
  let largest = 0;
  await eachTile(request, async (tile) => {
    const values = (await inputs.values.read(tile)) as Float32Array;
    largest = Math.max(largest, await pool.run('zonal_sum_largest', values, { transfer: [values.buffer], signal }));
    step();
  });
  const quantum = quantumOf(largest);
  const sums: ZoneSums = new Map();
  await eachTile(request, async (tile) => {
    const [values, zones] = (await Promise.all([inputs.values.read(tile), inputs.zones.read(tile)])) as [
      Float32Array,
      Uint32Array,
    ];
    const transfer = [values.buffer, zones.buffer];
    addSums(sums, await pool.run<SumTask, ZoneSums>('zonal_sum_add', { values, zones, quantum }, { transfer, signal }));
    step();
  });
  const totals = totalsOf(sums, quantum);
  await eachTile(request, async (tile) => {
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

/** A tile for each worker at once, and one that is being read. */
async function eachTile({ tiling, pool, signal }: SolveRequest, visit: (tile: Tile) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < tiling.count) {
      throwIfAborted(signal);
      await visit(tileAt(tiling, next++));
    }
  };
  const lanes = Array.from({ length: Math.min(pool.size + 1, tiling.count) }, async () => {
    try {
      await lane();
    } catch (error) {
      next = tiling.count;
      throw error;
    }
  });
  const results = await Promise.allSettled(lanes);
  const failed = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
  if (failed) throw failed.reason;
}
