/** Whole runs whose sources are brought to the grid on the device: the cells of runs that read them on the host, whatever the tiles. */
import { expect, test } from 'vitest';
import { NODATA, type Plane } from '../../src/core/cells.ts';
import type { Executor } from '../../src/engine/executor.ts';
import { gpuExecutor } from '../../src/engine/gpu-executor.ts';
import { mapValues } from '../../src/engine/map-values.ts';
import type { FieldReader } from '../../src/engine/run.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import { balance } from '../../src/models/balance/spec.ts';
import { carbon } from '../../src/models/carbon/spec.ts';
import { slope } from '../../src/models/slope/spec.ts';
import { statistics } from '../../src/models/statistics/spec.ts';
import { describeDrivers } from '../support/drivers.ts';
import { cpuForTests, describeWarpingDevices, openDriver } from '../support/executors.ts';
import { gridOf, plane, sampleOf } from '../support/rasters.ts';
import { type GraphRunOptions, graphOf, runGraph } from '../support/run-graph.ts';
import { type Mapping, warpedCells, warpInput, warpReader } from '../support/warp.ts';

const grid = gridOf(150, 90);
const sourceGrid = gridOf(130, 110);
const whole = { x: 0, y: 0, width: grid.width, height: grid.height };
const mapping: Mapping = (x, y) =>
  x + y > 200 ? undefined : [12 + 0.8 * x - 0.21 * y + x * x * 4e-4, -7 + 0.15 * x + 0.93 * y];
const raster = (type: 'f32' | 'u32', seed: number) => ({
  width: sourceGrid.width,
  height: sourceGrid.height,
  cells: plane(sourceGrid, type, 'noise', [0, 1000], seed),
});
const LAYERS = {
  dem: { source: raster('f32', 1), method: 'cubic' },
  supply: { source: raster('f32', 2), method: 'bilinear' },
  demand: { source: raster('f32', 3), method: 'nearest' },
  classes: { source: raster('u32', 4), method: 'nearest' },
} as const;
/** On the host, by the definition. */
const sources = mapValues(LAYERS, ({ source, method }) => {
  const type = source.cells instanceof Float32Array ? ('f32' as const) : ('u32' as const);
  return warpedCells({ type, parts: [{ x: 0, y: 0, input: warpInput(source, whole, mapping, method) }] }, whole, grid);
});
const { tables, params } = sampleOf(carbon, grid, 'noise', 3);

/** Two passes: windows over a source and over what is made of two others, a range, a table of classes, and a source that is a file as well. */
const graph = graphOf(grid, sources, (builder) => {
  const { balance_static } = builder.model('b', balance, {
    inputs: { supply: 'supply', demand: 'demand' },
    outputs: ['balance_static'],
  });
  builder.range('range', statistics, [balance_static]);
  const { c_storage_bas } = builder.model('c', carbon, {
    inputs: { lulc_bas: 'classes' },
    tables,
    params,
    outputs: ['c_storage_bas'],
  });
  const slopes = ['dem', balance_static].map((dem) => builder.model(`s${dem}`, slope, { inputs: { dem } }).slope);
  for (const field of [balance_static, c_storage_bas, ...slopes, 'demand']) builder.sink(field);
});

/** Warps on the device, counting the windows by layer. */
function onDevice(executor: Executor, options: GraphRunOptions, of = graph) {
  const windows: Record<string, number> = {};
  const wrapReader = (reader: FieldReader, field: string): FieldReader => {
    const { source, method } = LAYERS[field as keyof typeof LAYERS];
    return {
      ...reader,
      readWarp(window) {
        windows[field] = (windows[field] ?? 0) + 1;
        return warpReader(source, grid, mapping, method).readWarp!(window);
      },
    };
  };
  return runGraph(executor, of, sources, { ...options, wrapReader }).then((run) => ({ ...run, windows }));
}

function farthest(found: Plane, expected: Plane): number {
  let most = 0;
  for (let i = 0; i < found.length; i++) {
    const missing = [found[i], expected[i]].filter((cell) => cell === NODATA).length;
    most = Math.max(most, missing === 1 ? Number.POSITIVE_INFINITY : Math.abs(found[i] - expected[i]));
  }
  return most;
}

describeWarpingDevices('a graph of sources in other grids', (get) => {
  test.each(['on the same device', 'on the CPU, in float64'])(
    'has the cells of a run %s, to which the host brings them',
    async (where) => {
      const onCpu = where.includes('CPU');
      const host = await runGraph(onCpu ? cpuForTests() : get(), graph, sources, { tile: 64 });
      const { planes, windows, records } = await onDevice(get(), { tile: 64 });
      expect(windows).toEqual({ dem: 6, supply: 6, classes: 6 }); // demand is a file as well
      // Rounding of sums of values up to 1000, and of 16 operations of the warp.
      const warped = 2 ** -24 * 20 * 1000;
      for (const [field, most] of [
        ['c/c_storage_bas', onCpu ? carbon.tolerance.rtol * Math.max(...host.planes['c/c_storage_bas']) : 0],
        ['demand', 0],
        ['b/balance_static', warped],
        // In percent: eight differences of the above over eight cells of 30 m, twice as many where sides are missing.
        ['sdem/slope', (100 / 30) * 2 * warped],
        ['sb/balance_static/slope', (100 / 30) * 2 * warped],
      ] as const)
        expect(farthest(planes[field], host.planes[field]), field).toBeLessThanOrEqual(most);
      expect(new Set(planes['c/c_storage_bas']).size).toBeGreaterThan(3);
      expect(records.get('range')).toMatchObject({ count: host.records.get('range')!.count });
    },
  );

  test('does not depend on tiles', async () => {
    const expected = await onDevice(get(), { tile: 4096 });
    for (const tile of [64, 100]) {
      const { planes, records } = await onDevice(get(), { tile });
      expect(planes).toEqual(expected.planes);
      expect(records).toEqual(expected.records);
    }
  });

  test('is read by the host where a reader says so', async () => {
    const wrapReader = (reader: FieldReader) => ({ ...reader, readWarp: async () => undefined });
    const host = await runGraph(get(), graph, sources, { tile: 100 });
    expect((await runGraph(get(), graph, sources, { tile: 100, wrapReader })).planes).toEqual(host.planes);
  });
});

describeDrivers('a lost device', (driver) => {
  test('brings the sources to the grid again where stored fields have to be made again', async () => {
    const gpus: Gpu[] = [];
    const open = async (at: number): Promise<Executor> => {
      const gpu = await openDriver(driver);
      gpus.push(gpu);
      const executor = gpuExecutor(gpu, { warps: true });
      let visits = 0;
      return {
        ...executor,
        visit(request) {
          const result = executor.visit(request);
          if (++visits === at) gpu.simulateLoss();
          return result;
        },
      };
    };
    // What stays on the device only is gone with it.
    const resident = { ...graph, sinks: new Set([...graph.sinks].filter((field) => field !== 'b/balance_static')) };
    const expected = await onDevice(await open(0), { tile: 64 }, resident);
    await expected.summary.executor.close();
    const run = await onDevice(await open(8), { tile: 64, replaceExecutor: () => open(0) }, resident);
    expect(run.summary.losses).toBe(1);
    expect(run.planes).toEqual(expected.planes);
    expect(run.windows.supply).toBeGreaterThan(expected.windows.supply);
    await run.summary.executor.close();
    expect(gpus.map(({ buffers }) => buffers.liveBuffers)).toEqual([0, 0, 0]);
  });
});
