/** Real devices lost in the middle of a run: the bytes are those of a run that lost none, and no buffer is left behind. */
import { beforeAll, expect, test } from 'vitest';
import type { Executor } from '../../src/engine/executor.ts';
import { gpuExecutor } from '../../src/engine/gpu-executor.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import { annual_water_yield } from '../../src/models/annual_water_yield/spec.ts';
import { balance } from '../../src/models/balance/spec.ts';
import { slope } from '../../src/models/slope/spec.ts';
import { statistics } from '../../src/models/statistics/spec.ts';
import { describeDrivers } from '../support/drivers.ts';
import { cpuForTests, openDriver } from '../support/executors.ts';
import { gridOf, sampleOf } from '../support/rasters.ts';
import { CountedScratch, type GraphRun, graphOf, ROOM, runGraph } from '../support/run-graph.ts';

const grid = gridOf(67, 41);
const { inputs, tables, params } = sampleOf(annual_water_yield, grid, 'holes', 3);

/** Two passes over 15 tiles: the yield and its range; its ratio to the largest, and its slope. */
const graph = graphOf(grid, inputs, (builder) => {
  const same = Object.fromEntries(Object.keys(inputs).map((name) => [name, name]));
  const { wyield, aet } = builder.model('wy', annual_water_yield, {
    inputs: same,
    tables,
    params,
    outputs: ['wyield', 'aet'],
  });
  const record = builder.range('largest', statistics, [wyield]);
  const maxima = { supply_max: { record, field: 'high' }, demand_max: { record, field: 'high' } };
  const { ratio } = builder.model('b', balance, {
    inputs: { supply: wyield, demand: aet },
    params: maxima,
    outputs: ['ratio'],
  });
  for (const field of [wyield, ratio, builder.model('s', slope, { inputs: { dem: wyield } }).slope])
    builder.sink(field);
});
const tile = 16;

/** When, at which visit, and the room there is for stored fields. */
const CASES = [
  ['in the first pass', 8, ROOM],
  ['at the end of the first pass', 15, ROOM],
  ['in the second pass', 22, ROOM],
  ['in the second pass, with most fields on the host', 22, { host: 2 ** 20, device: 10_000 }],
  ['in the first pass, with most fields in the scratch file', 8, { host: 10_000, device: 10_000 }],
] as const;

/** Loses the device when the given number of visits have begun. */
function fragile(gpu: Gpu, at: number): Executor {
  const executor = gpuExecutor(gpu);
  let visits = 0;
  return {
    ...executor,
    visit(request) {
      const result = executor.visit(request);
      if (++visits === at) gpu.simulateLoss();
      return result;
    },
  };
}

describeDrivers('losing the device', (driver) => {
  let expected: GraphRun;
  beforeAll(async () => {
    const gpu = await openDriver(driver);
    expected = await runGraph(gpuExecutor(gpu), graph, inputs, { tile });
    await expected.summary.executor.close();
    expect(gpu.buffers.liveBuffers).toBe(0);
  });

  // A driver that compiles for seconds shows one of them.
  test.each(driver.name === 'lavapipe' ? CASES : CASES.slice(2, 3))('%s', async (_, at, budget) => {
    const gpus = [await openDriver(driver)];
    const scratch = new CountedScratch();
    const replaceExecutor = async () => {
      gpus.push(await openDriver(driver));
      return gpuExecutor(gpus[1]);
    };
    const run = await runGraph(fragile(gpus[0], at), graph, inputs, {
      tile,
      budget,
      openScratch: scratch.open,
      replaceExecutor,
    });
    expect(run.planes).toEqual(expected.planes);
    expect(run.records).toEqual(expected.records);
    expect(run.summary).toMatchObject({ losses: 1, executor: { kind: 'gpu' } });
    await run.summary.executor.close();
    expect(gpus.map(({ buffers }) => buffers.liveBuffers)).toEqual([0, 0]);
  });

  test('twice: the CPU finishes', async () => {
    const onCpu = await runGraph(cpuForTests(), graph, inputs, { tile });
    const losses: number[] = [];
    const run = await runGraph(fragile(await openDriver(driver), 10), graph, inputs, {
      tile,
      replaceExecutor: async (count) => {
        losses.push(count);
        return count < 2 ? fragile(await openDriver(driver), 18) : cpuForTests();
      },
    });
    expect(losses).toEqual([1, 2]);
    expect(run.summary.executor.kind).toBe('cpu');
    // Tiles come from two kinds of arithmetic, each within its tolerance of the other.
    expect(Object.keys(run.planes)).toEqual(Object.keys(onCpu.planes));
    const [mixed, cpu] = [run.planes['wy/wyield'], onCpu.planes['wy/wyield']];
    for (let i = 0; i < cpu.length; i++)
      expect(Math.abs(mixed[i] - cpu[i])).toBeLessThanOrEqual(0.05 + 2e-5 * Math.abs(cpu[i]));
  });

  test('an interrupted run leaves no buffer on loan', async () => {
    const gpu = await openDriver(driver);
    const stop = new AbortController();
    const progress = ({ pass, tilesDone }: { pass: number; tilesDone: number }) => {
      if (pass === 1 && tilesDone === 3) stop.abort();
    };
    const run = runGraph(gpuExecutor(gpu), graph, inputs, { tile, signal: stop.signal, progress });
    await expect(run).rejects.toMatchObject({ code: 'Interrupted' });
    expect([...gpu.buffers.lent].filter(({ use, label }) => use === 'plane' && label !== 'wy/biophysical')).toEqual([]);
    await expect(gpu.destroy()).rejects.toThrow('1 buffers were not given back (found wy/biophysical)');
  });
});
