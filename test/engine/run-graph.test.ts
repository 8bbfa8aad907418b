/** A device where there is no adapter, and a graph on planes in memory: totals that are exact, sources that are refused. */
import { describe, expect, test } from 'vitest';
import { GraphBuilder, type Grid, MODELS, NODATA, openDevice, runGraph } from '../../src/index.ts';

const grid: Grid = {
  width: 5,
  height: 3,
  west: 0,
  north: 0,
  cellWidth: 100,
  cellHeight: 100,
  crs: { epsg: 32650, name: 'WGS 84 / UTM zone 50N', kind: 'projected', metresPerUnit: 1 },
};
const nowhere = { name: 'browser', adapters: async () => [] } as const;
const population = Float32Array.from({ length: 15 }, (_, i) => (i === 7 ? NODATA : 100 * i));

/** demand = 2 per person, on cells of 0.01 km²; its range and its sum. */
function demandGraph() {
  const builder = new GraphBuilder(grid);
  const statistics = MODELS.get('statistics')!.model;
  const source = builder.source('population', 'f32', { blockWidth: 5, blockHeight: 3 });
  const { demand } = builder.model('x', MODELS.get('per_capita')!.model, {
    inputs: { population: source },
    params: { amount: 2 },
  });
  builder.sink(demand);
  const range = builder.reduce('range', statistics, 'range', demand);
  builder.reduce('sum', statistics, 'sum', demand, { inverse_quantum: { record: range, field: 'inverse_quantum' } });
  return { graph: builder.build(), demand };
}

describe('openDevice', () => {
  test('falls back to the CPU and says why', async () => {
    const device = await openDevice({ provider: nowhere });
    expect(device).toMatchObject({ kind: 'cpu', adapter: undefined, selfTest: undefined, executor: { kind: 'cpu' } });
    expect(device.sentence).toMatch(/^Runs on the CPU: there is no GPU/);
    await device.close();
  });

  test('refuses where a GPU was asked for', async () => {
    await expect(openDevice({ provider: nowhere, choice: 'gpu' })).rejects.toMatchObject({ code: 'NoDevice' });
  });
});

describe('runGraph', () => {
  test.each([undefined, 2])('gives planes and totals, tile %s', async (tile) => {
    const device = await openDevice({ choice: 'cpu' });
    const { graph, demand } = demandGraph();
    const seen: number[] = [];
    const run = await runGraph(graph, new Map([['population', population]]), {
      device,
      tile,
      progress: ({ tilesDone }) => seen.push(tilesDone),
    });
    expect([...run.planes.get(demand)!]).toEqual(
      [...population].map((people) => (people === NODATA ? NODATA : people * 2 * 0.01)),
    );
    expect(run.records.get('sum')).toMatchObject({ count: 14, sum: 2 * 0.01 * 100 * (105 - 7) });
    expect(run.records.get('range')).toMatchObject({ low: 0, high: 28 });
    expect(seen.length).toBe(run.plan.passes.length * run.plan.tiling.count);
  });

  test('refuses a source that is missing or has another size', async () => {
    const device = await openDevice({ choice: 'cpu' });
    const { graph } = demandGraph();
    await expect(runGraph(graph, new Map(), { device })).rejects.toThrow("the plane of 'population' is missing");
    const short = new Map([['population', new Float32Array(14)]]);
    await expect(runGraph(graph, short, { device })).rejects.toThrow(/does not fit the grid.*14 cells.*15 cells/);
  });

  test('stops when it is told to', async () => {
    const device = await openDevice({ choice: 'cpu' });
    const { graph } = demandGraph();
    const run = runGraph(graph, new Map([['population', population]]), { device, signal: AbortSignal.abort() });
    await expect(run).rejects.toMatchObject({ code: 'Interrupted' });
  });
});
