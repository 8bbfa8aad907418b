/** The planner: passes, fusion, tiles under budgets, and commands that name everything they touch. */
import { describe, expect, test } from 'vitest';
import type { CellType } from '../../src/core/cells.ts';
import { cellCount } from '../../src/core/grid.ts';
import { type Graph, GraphBuilder } from '../../src/engine/graph.ts';
import { type Budget, type Place, type Plan, planGraph } from '../../src/engine/plan.ts';
import { annual_water_yield } from '../../src/models/annual_water_yield/spec.ts';
import { balance } from '../../src/models/balance/spec.ts';
import { carbon } from '../../src/models/carbon/spec.ts';
import { per_capita } from '../../src/models/per_capita/spec.ts';
import { slope } from '../../src/models/slope/spec.ts';
import { statistics } from '../../src/models/statistics/spec.ts';
import { gridOf } from '../support/rasters.ts';

const GPU: Place = { kind: 'gpu', maxBinding: 128 * 2 ** 20, lanes: 1 };
const MB = 1e6;
const rows = new Map([[1, { kc: 1, root_depth: 1, lulc_veg: 1, c_above: 1, c_below: 1, c_soil: 1, c_dead: 1 }]]);

function builderOf(
  width: number,
  height: number,
  sources: Readonly<Record<string, CellType>>,
  block = 512,
): GraphBuilder {
  const builder = new GraphBuilder(gridOf(width, height));
  for (const [name, type] of Object.entries(sources))
    builder.source(name, type, { blockWidth: block, blockHeight: block });
  return builder;
}

const AWY = { lulc: 'u32', precipitation: 'f32', et0: 'f32', soil_depth: 'f32', pawc: 'f32' } as const;
const same = (names: object) => Object.fromEntries(Object.keys(names).map((name) => [name, name]));

/** Supply and demand of water with their ratio to the maxima, and the slope of the supply. */
function analysis(width = 3000, height = 2000): Graph {
  const builder = builderOf(width, height, { ...AWY, population: 'f32' });
  const { wyield } = builder.model('wy', annual_water_yield, {
    inputs: same(AWY),
    tables: { biophysical: rows },
    outputs: ['wyield'],
  });
  const { demand } = builder.model('need', per_capita, { inputs: { population: 'population' }, params: { amount: 2 } });
  const supplied = builder.range('supplied', statistics, [wyield]);
  const demanded = builder.range('demanded', statistics, [demand]);
  const params = { supply_max: { record: supplied, field: 'high' }, demand_max: { record: demanded, field: 'high' } };
  const { ratio } = builder.model('balance', balance, {
    inputs: { supply: wyield, demand },
    params,
    outputs: ['ratio'],
  });
  const steepness = builder.model('steepness', slope, { inputs: { dem: wyield } }).slope;
  for (const field of [wyield, ratio, steepness]) builder.sink(field);
  return builder.build();
}

function plan(graph: Graph, place: Place = GPU, budget: Budget = { host: 2 ** 31, device: 2 ** 31 }): Plan {
  return planGraph(graph, place, budget, { cores: 2 });
}

describe('passes', () => {
  test('three models share one visit', () => {
    const builder = builderOf(100, 100, { ...AWY, population: 'f32' });
    builder.model('wy', annual_water_yield, { inputs: same(AWY), tables: { biophysical: rows } });
    builder.model('c', carbon, { inputs: { lulc_bas: 'lulc' }, tables: { carbon: rows } });
    builder.model('need', per_capita, { inputs: { population: 'population' }, params: { amount: 2 } });
    const { passes } = plan(builder.build());
    expect(passes.length).toBe(1);
    expect(passes[0].nodes.map(({ name }) => name)).toEqual(['wy/water_yield', 'c/storage_bas', 'need/per_capita']);
    expect(passes[0].reads).toEqual([
      ...Object.keys(AWY).filter((name) => name === 'lulc'),
      'et0',
      'precipitation',
      'soil_depth',
      'pawc',
      'population',
    ]);
    expect(passes[0].planes).toBe(6 + 3 + 1 + 1);
  });

  test('a record and a window wait for the whole grid', () => {
    const { passes } = plan(analysis());
    expect(passes.map(({ nodes }) => nodes.map(({ name }) => name))).toEqual([
      ['wy/water_yield', 'need/per_capita', 'wy/wyield#range', 'need/demand#range'],
      ['balance/ratio', 'steepness/slope'],
    ]);
    expect(passes.map(({ merges }) => merges.map(({ name }) => name))).toEqual([['supplied', 'demanded'], []]);
    expect(passes.map(({ halo }) => halo)).toEqual([0, 1]);
    expect(passes.map(({ windows }) => windows)).toEqual([[], ['wy/wyield']]);
    expect(passes.map(({ keeps }) => keeps)).toEqual([['wy/wyield', 'need/demand'], []]);
    expect(passes.map(({ drops }) => drops)).toEqual([[], ['wy/wyield', 'need/demand']]);
    expect(passes.map(({ sinks }) => sinks)).toEqual([['wy/wyield'], ['balance/ratio', 'steepness/slope']]);
  });

  test('a window on a source needs no pass of its own, and its halo pads all that share the visit', () => {
    const builder = builderOf(100, 100, { dem: 'f32', population: 'f32' });
    builder.model('steepness', slope, { inputs: { dem: 'dem' } });
    builder.model('need', per_capita, { inputs: { population: 'population' }, params: { amount: 2 } });
    const { passes } = plan(builder.build());
    expect(passes.length).toBe(1);
    expect(passes[0]).toMatchObject({ halo: 1, windows: ['dem'] });
  });

  test('a source that is wanted as it is makes a pass without stages', () => {
    const builder = builderOf(100, 100, { lulc: 'u32' });
    builder.sink('lulc');
    const { passes, commands } = plan(builder.build());
    expect(passes).toMatchObject([{ nodes: [], reads: ['lulc'], sinks: ['lulc'], keeps: [], halo: 0 }]);
    expect(commands[0]).toMatchObject({ kind: 'visit', reads: ['lulc'], writes: ['lulc'] });
  });

  test('an empty graph is an empty plan', () => {
    const empty = plan(builderOf(10, 10, {}).build());
    expect(empty).toMatchObject({ passes: [], commands: [], hostBytes: 0, deviceBytes: 0, storeBytes: 0, seconds: 0 });
  });

  test('a stage that reads what nothing makes is a mistake of the program', () => {
    const graph = analysis();
    const headless = { ...graph, nodes: graph.nodes.filter(({ name }) => name !== 'wy/water_yield') };
    expect(() => plan(headless)).toThrow("wy/wyield#range reads the field 'wy/wyield', which nothing before it makes");
    const unmeasured = { ...graph, nodes: graph.nodes.filter(({ name }) => name !== 'supplied') };
    expect(() => plan(unmeasured)).toThrow("balance/ratio needs the record 'supplied', which nothing before it finds");
  });
});

describe('commands', () => {
  test('read only what is a source or written by an earlier one, and name every field and record', () => {
    const graph = analysis();
    const { commands, tiling, passes } = plan(graph);
    const known = new Set([...graph.fields.values()].filter(({ source }) => source).map(({ name }) => name));
    for (const { pass } of passes.map(({ index }) => ({ pass: index }))) {
      const ofPass = commands.filter((command) => command.pass === pass);
      const visits = ofPass.filter(({ kind }) => kind === 'visit');
      expect(visits.map(({ tile }) => tile)).toEqual(Array.from({ length: tiling.count }, (_, i) => i));
      for (const { name, reads } of visits)
        for (const read of reads) expect(known.has(read), `${name} reads ${read}`).toBe(true);
      for (const { writes } of visits) for (const write of writes) known.add(write);
      for (const { name, kind, reads, writes } of ofPass) {
        if (kind !== 'merge') continue;
        for (const read of reads) expect(known.has(read), `${name} reads ${read}`).toBe(true);
        for (const write of writes) known.add(write);
      }
    }
    expect(commands.at(-1)!.reads).toEqual(['wy/wyield', 'need/demand', 'supplied', 'demanded']);
    for (const sink of graph.sinks) expect(known.has(sink)).toBe(true);
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
  });

  test('bytes are what crosses the bus', () => {
    const graph = analysis(100, 50);
    const [first] = plan(graph).commands;
    expect(first.bytes).toBe((6 + 2) * 5000 * 4);
  });
});

describe('tiles', () => {
  test('are 1024 cells wide where there is room', () => {
    expect(plan(analysis()).tiling).toMatchObject({ tileWidth: 1024, tileHeight: 1024, count: 6 });
  });

  test('are never larger than the grid', () => {
    expect(plan(analysis(7, 5)).tiling).toMatchObject({ tileWidth: 7, tileHeight: 5, count: 1 });
    expect(plan(analysis(1, 1), GPU, { host: 2 ** 31, device: 2 ** 31, tile: 4096 }).tiling).toMatchObject({
      tileWidth: 1,
      count: 1,
    });
  });

  test('shrink with the memory there is, of the host and of the device', () => {
    const edges = [1000, 300, 100, 20].map(
      (mb) => plan(analysis(), GPU, { host: mb * MB, device: 2 ** 31 }).tiling.tileWidth,
    );
    expect(edges).toEqual([1024, 512, 256, 128]);
    expect(plan(analysis(), GPU, { host: 2 ** 31, device: 100 * MB }).tiling.tileWidth).toBe(256);
    expect(plan(analysis(), { ...GPU, kind: 'cpu' }, { host: 2 ** 31, device: 0 }).tiling.tileWidth).toBe(1024);
  });

  test('keep to the budget that the plan states', () => {
    for (const mb of [1000, 300, 100, 30]) {
      const { hostBytes, deviceBytes } = plan(analysis(), GPU, { host: mb * MB, device: mb * MB });
      expect(hostBytes).toBeLessThanOrEqual(mb * MB);
      expect(deviceBytes).toBeLessThanOrEqual(mb * MB);
    }
  });

  test('shrink with what the device can bind: three planes of a pack are one binding', () => {
    expect(plan(analysis(), { ...GPU, maxBinding: 3 * 514 * 514 * 4 }).tiling.tileWidth).toBe(512);
    expect(plan(analysis(), { ...GPU, maxBinding: 3 * 512 * 512 * 4 - 4 }).tiling.tileWidth).toBe(256);
  });

  test('are whole strips where the files are', () => {
    const builder = new GraphBuilder(gridOf(3000, 2000));
    builder.source('population', 'f32', { blockWidth: 3000, blockHeight: 1 });
    builder.model('need', per_capita, { inputs: { population: 'population' }, params: { amount: 2 } });
    expect(plan(builder.build()).tiling).toMatchObject({ tileWidth: 3000, tileHeight: 512 });
  });

  test('are enough for all threads', () => {
    const small = plan(analysis(1000, 1000), { ...GPU, kind: 'cpu', lanes: 4 });
    expect(small.tiling.count).toBeGreaterThanOrEqual(16);
    expect(small.inFlight).toBe(5);
  });

  test('that cannot fit are refused with the budget they need', () => {
    expect(() => plan(analysis(), GPU, { host: MB, device: 2 ** 31 })).toThrow(
      /^even the smallest tile does not fit in memory \(found 1 MB, expected a budget of at least \d+ MB\)\. Raise --memory, or choose a smaller --tile$/,
    );
    expect(() => plan(analysis(), GPU, { host: 2 ** 31, device: MB })).toThrow(
      /does not fit in device memory.*Raise --device-memory/,
    );
    const budget = { host: 100 * MB, device: 2 ** 31, tile: 1024 };
    const need = Number(/at least (\d+) MB/.exec(thrown(() => plan(analysis(), GPU, budget)))![1]);
    expect(plan(analysis(), GPU, { ...budget, host: need * MB }).tiling.tileWidth).toBe(1024);
    expect(thrown(() => plan(analysis(), { ...GPU, maxBinding: 1000 }))).toBe(
      'even the smallest tile has planes larger than the device can bind (found 1 MB, expected at most 0 MB). Choose a smaller --tile',
    );
  });

  test.each([0, -4, 1.5, Number.NaN])('of %s cells make no sense', (tile) => {
    expect(() => plan(analysis(), GPU, { host: 2 ** 31, device: 2 ** 31, tile })).toThrow(
      'the tile size makes no sense',
    );
  });
});

describe('the store in the plan', () => {
  const plane = cellCount(gridOf(3000, 2000)) * 4;

  test('holds the fields that wait for later passes, and no longer than they are needed', () => {
    expect(plan(analysis()).storeBytes).toBe(2 * plane);
    const builder = builderOf(3000, 2000, { dem: 'f32' });
    let field = 'dem';
    for (let i = 0; i < 5; i++) field = builder.model(`slope ${i}`, slope, { inputs: { dem: field } }).slope;
    builder.sink(field);
    const chain = plan(builder.build());
    expect(chain.passes.length).toBe(5);
    expect(chain.storeBytes).toBe(2 * plane);
  });

  test('spills what neither device nor host can hold', () => {
    expect(plan(analysis()).scratchBytes).toBe(0);
    expect(plan(analysis(), GPU, { host: 40 * MB, device: 30 * MB }).scratchBytes).toBe(2 * plane - 20 * MB - 15 * MB);
    expect(plan(analysis(), { ...GPU, kind: 'cpu' }, { host: 40 * MB, device: 0 }).scratchBytes).toBe(
      2 * plane - 20 * MB,
    );
  });
});

function thrown(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}
