/** The planner: passes, fusion, what is stored, and commands that name everything they touch. */
import { describe, expect, test } from 'vitest';
import { cellCount } from '../../src/core/grid.ts';
import { annual_water_yield } from '../../src/models/annual_water_yield/spec.ts';
import { carbon } from '../../src/models/carbon/spec.ts';
import { per_capita } from '../../src/models/per_capita/spec.ts';
import { slope } from '../../src/models/slope/spec.ts';
import { gridOf } from '../support/rasters.ts';
import { AWY, analysis, builderOf, GPU, MB, plan, rows, same } from '../support/water-analysis.ts';

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
    expect(plan(analysis(), GPU, { host: 40 * MB, device: 30 * MB }).scratchBytes).toBe(2 * plane - 15 * MB - 15 * MB);
    expect(plan(analysis(), { ...GPU, kind: 'cpu' }, { host: 40 * MB, device: 0 }).scratchBytes).toBe(
      2 * plane - 15 * MB,
    );
  });
});
