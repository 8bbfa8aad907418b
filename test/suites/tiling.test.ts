/** However a grid is cut and wherever its fields wait, the bytes are the same: every model, and graphs of several passes. */
import { expect, test } from 'vitest';
import type { Plane } from '../../src/core/cells.ts';
import type { Graph } from '../../src/engine/graph.ts';
import { runModel } from '../../src/engine/run-model.ts';
import { annual_water_yield } from '../../src/models/annual_water_yield/spec.ts';
import { balance } from '../../src/models/balance/spec.ts';
import { MODELS } from '../../src/models/registry.ts';
import { slope } from '../../src/models/slope/spec.ts';
import { statistics } from '../../src/models/statistics/spec.ts';
import { describeOnExecutors } from '../support/executors.ts';
import { gridOf, outputsOf, plane, sampleOf } from '../support/rasters.ts';
import { CountedScratch, graphOf, NO_ROOM, planFor, runGraph } from '../support/run-graph.ts';

const mapped = [...MODELS.values()].filter(({ model }) => Object.keys(model.outputs).length > 0);

function expectSameBytes(
  actual: Readonly<Record<string, Plane>>,
  expected: Readonly<Record<string, Plane>>,
  what: string,
): void {
  expect(Object.keys(actual), what).toEqual(Object.keys(expected));
  for (const [name, { buffer }] of Object.entries(actual))
    expect(Buffer.from(buffer).equals(Buffer.from(expected[name].buffer)), `${name}, ${what}`).toBe(true);
}

/** In three passes: yield and the ranges; the ratio with its range, and the slope of the yield; the sum, and the slope of the slope. */
function several(width: number, height: number): { graph: Graph; sources: Record<string, Plane> } {
  const grid = gridOf(width, height);
  const { inputs, tables, params } = sampleOf(annual_water_yield, grid, 'holes', 7);
  const sources: Record<string, Plane> = { ...inputs, demand: plane(grid, 'f32', 'noise', [0, 900], 3) };
  const graph = graphOf(grid, sources, (builder) => {
    const same = Object.fromEntries(Object.keys(inputs).map((name) => [name, name]));
    const { wyield, aet } = builder.model('awy', annual_water_yield, {
      inputs: same,
      tables,
      params,
      outputs: ['wyield', 'aet'],
    });
    const supply = builder.range('supply', statistics, [wyield, aet]);
    const demand = builder.range('demand', statistics, ['demand']);
    const maxima = { supply_max: { record: supply, field: 'high' }, demand_max: { record: demand, field: 'high' } };
    const { ratio } = builder.model('balance', balance, {
      inputs: { supply: wyield, demand: 'demand' },
      params: maxima,
      outputs: ['ratio'],
    });
    const range = builder.range('ratio range', statistics, [ratio]);
    builder.reduce('ratio sum', statistics, 'sum', ratio, {
      inverse_quantum: { record: range, field: 'inverse_quantum' },
    });
    const steepness = builder.model('steepness', slope, { inputs: { dem: wyield } }).slope;
    const bend = builder.model('bend', slope, { inputs: { dem: steepness } }).slope;
    for (const field of [wyield, ratio, bend, 'demand', 'lulc']) builder.sink(field);
  });
  return { graph, sources };
}

describeOnExecutors('tiling', (get) => {
  test.each(mapped.map(({ model }) => [model.id, model] as const))(
    '%s: tiles of 64, 100 and 4096 cells',
    async (_, model) => {
      const given = { ...sampleOf(model, gridOf(131, 67), 'holes', 5), outputs: outputsOf(model) };
      const run = async (tile: number) => (await runModel(model, given, { executor: get(), tile })).planes;
      const whole = await run(4096);
      for (const tile of [64, 100]) expectSameBytes(await run(tile), whole, `tiles of ${tile}`);
    },
  );

  test.each(mapped.map(({ model }) => [model.id, model] as const))(
    '%s: single cells, strips one cell wide, tiles of 7',
    async (_, model) => {
      const { grid, inputs, tables, params } = sampleOf(model, gridOf(9, 8), 'noise', 8);
      const graph = graphOf(grid, inputs, (builder) => {
        const same = Object.fromEntries(Object.keys(inputs).map((name) => [name, name]));
        for (const field of Object.values(builder.model('m', model, { inputs: same, tables, params })))
          builder.sink(field);
      });
      const whole = await runGraph(get(), graph, inputs);
      for (const tile of [
        [1, 1],
        [1, 8],
        [9, 1],
        [7, 7],
      ] as const)
        expectSameBytes((await runGraph(get(), graph, inputs, { tile })).planes, whole.planes, `tiles of ${tile}`);
    },
  );

  test('a halo wider than the tile, and than the grid', async () => {
    const grid = gridOf(13, 11);
    const sources = { dem: plane(grid, 'f32', 'holes', [0, 900], 4) };
    const graph = graphOf(grid, sources, (builder) => {
      const once = builder.model('once', slope, { inputs: { dem: 'dem' } }).slope;
      builder.sink(builder.model('twice', slope, { inputs: { dem: once } }).slope);
    });
    const whole = await runGraph(get(), graph, sources);
    for (const halo of [3, 20]) {
      const nodes = graph.nodes.map((node) => (node.kind === 'focal' ? { ...node, halo } : node));
      for (const tile of [2, 7, 13])
        expectSameBytes(
          (await runGraph(get(), { ...graph, nodes }, sources, { tile })).planes,
          whole.planes,
          `halo ${halo}, tiles of ${tile}`,
        );
    }
  });

  test('several passes: every cut gives the same bytes and the same records', async () => {
    const { graph, sources } = several(67, 41);
    const whole = await runGraph(get(), graph, sources);
    expect(whole.plan.passes.length).toBe(3);
    expect(whole.records.get('ratio sum')!.count).toBeGreaterThan(1000);
    for (const tile of [11, 32, [3, 41], [67, 2]] as const) {
      const cut = await runGraph(get(), graph, sources, { tile });
      expectSameBytes(cut.planes, whole.planes, `tiles of ${tile}`);
      expect(Object.fromEntries(cut.records), `tiles of ${tile}`).toEqual(Object.fromEntries(whole.records));
    }
  });

  test.each([
    ['nothing', NO_ROOM],
    ['a few tiles on the host', { host: 20_000, device: 0 }],
    ['a few tiles on the device', { host: 0, device: 20_000 }],
    ['a few tiles on both', { host: 20_000, device: 20_000 }],
  ])('several passes in little memory: room for %s', async (_, budget) => {
    const { graph, sources } = several(67, 41);
    const whole = await runGraph(get(), graph, sources);
    const scratch = new CountedScratch();
    const tight = await runGraph(get(), graph, sources, { tile: 16, budget, openScratch: scratch.open });
    expectSameBytes(tight.planes, whole.planes, 'in little memory');
    expect(Object.fromEntries(tight.records)).toEqual(Object.fromEntries(whole.records));
    expect(scratch.bytes, 'went through the scratch file').toBeGreaterThan(0);
    expect(scratch.reads).toBeGreaterThan(0);
    expect(scratch.disposed).toBe(1);
  });
});

test('the graph of several passes is what it is meant to be', () => {
  const { graph } = several(67, 41);
  expect(planFor('gpu', graph).passes.map(({ nodes }) => nodes.length)).toEqual([4, 3, 2]);
});
