/** Building graphs from models: which stages run on what is given, and what is said when something is missing. */
import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../src/engine/graph-builder.ts';
import { annual_water_yield } from '../../src/models/annual_water_yield/spec.ts';
import { balance } from '../../src/models/balance/spec.ts';
import { carbon } from '../../src/models/carbon/spec.ts';
import { composite } from '../../src/models/composite/spec.ts';
import { per_capita } from '../../src/models/per_capita/spec.ts';
import { statistics } from '../../src/models/statistics/spec.ts';
import { gridOf } from '../support/rasters.ts';

const pools = new Map([[1, { c_above: 0.1, c_below: 1, c_soil: 1, c_dead: 1 }]]);
const block = { blockWidth: 8, blockHeight: 8 };

function builder(): GraphBuilder {
  const graph = new GraphBuilder(gridOf(8, 8));
  for (const name of ['lulc', 'later']) graph.source(name, 'u32', block);
  for (const name of ['x', 'y']) graph.source(name, 'f32', block);
  return graph;
}

describe('GraphBuilder', () => {
  test('takes the stages that the wanted outputs need and no others', () => {
    const graph = builder();
    const use = { inputs: { lulc_bas: 'lulc', lulc_alt: 'later' }, tables: { carbon: pools } };
    expect(graph.model('c', carbon, { ...use, outputs: ['c_change_bas_alt'] })).toEqual({
      c_change_bas_alt: 'c/c_change_bas_alt',
    });
    expect(graph.build().nodes.map(({ name }) => name)).toEqual(['c/storage_bas', 'c/storage_alt', 'c/change']);
  });

  test('makes by default what can be made of what is given, intermediates aside', () => {
    const graph = builder();
    const made = graph.model('c', carbon, { inputs: { lulc_bas: 'lulc' }, tables: { carbon: pools } });
    expect(made).toEqual({ c_storage_bas: 'c/c_storage_bas' });
  });

  test('takes the first stage that can make an output', () => {
    const graph = builder();
    graph.model('first', composite, { inputs: { values: 'x' }, outputs: ['total'] });
    graph.model('next', composite, { inputs: { values: 'x', total_before: 'y' }, outputs: ['total'] });
    expect(graph.build().nodes.map(({ name }) => name)).toEqual(['first/first', 'next/add']);
  });

  test('an aligned output is the input itself', () => {
    const graph = builder();
    const inputs = { lulc: 'lulc', precipitation: 'x', et0: 'x', soil_depth: 'x', pawc: 'x' };
    expect(graph.model('wy', annual_water_yield, { inputs, outputs: ['clipped_lulc', 'precip'] })).toEqual({
      clipped_lulc: 'lulc',
      precip: 'x',
    });
    expect(graph.build().nodes).toEqual([]);
  });

  test('asked twice for the same it has it once; asked for something else under the same name it refuses', () => {
    const graph = builder();
    const use = { inputs: { supply: 'x', demand: 'y' }, outputs: ['balance_static'] };
    graph.model('b', balance, use);
    graph.model('b', balance, use);
    graph.range('r', statistics, ['x', 'y']);
    graph.range('r', statistics, ['x', 'y']);
    expect(graph.build().nodes.map(({ name }) => name)).toEqual(['b/difference', 'x#range', 'y#range', 'r']);
    expect(() => graph.model('b', balance, { ...use, inputs: { supply: 'y', demand: 'x' } })).toThrow(
      "two different stages of the graph are called 'b/difference'",
    );
    expect(() => graph.range('r', statistics, ['x'])).toThrow("called 'r'");
    expect(() => graph.source('x', 'u32', block)).toThrow("the field 'x' is there already");
  });

  test('two stages that make one field are a mistake of the program', () => {
    const graph = builder();
    graph.model('t', composite, { inputs: { values: 'x' }, outputs: ['total'] });
    const use = { inputs: { values: 'x', total_before: 'y' }, outputs: ['total'] };
    expect(() => graph.model('t', composite, use)).toThrow("both t/first and t/add make the field 't/total'");
  });

  test('says what is missing', () => {
    const missing =
      (use: Parameters<GraphBuilder['model']>[2], model: Parameters<GraphBuilder['model']>[1] = carbon) =>
      () =>
        builder().model('m', model, use);
    expect(missing({ inputs: { lulc_bas: 'lulc' } })).toThrow(
      "carbon cannot make 'c_storage_bas' from what was given. Give carbon",
    );
    expect(missing({ inputs: { population: 'x' } }, per_capita)).toThrow(
      "per_capita cannot make 'demand' from what was given. Give amount",
    );
    expect(missing({ inputs: { supply: 'x', demand: 'y' }, outputs: ['ratio'] }, balance)).toThrow(
      'Give supply_max, demand_max',
    );
    expect(missing({ inputs: { supply: 'x', demand: 'y' }, outputs: ['profit'] }, balance)).toThrow(
      "balance has no output 'profit' (expected one of balance_static, ratio)",
    );
    expect(missing({ inputs: { supply: 'z', demand: 'y' } }, balance)).toThrow("the graph has no field 'z'");
    expect(() => builder().range('r', statistics, [])).toThrow("the range 'r' is one of no fields");
  });

  test('tables are rounded to float32, and the same table stays one', () => {
    const graph = builder();
    for (const prefix of ['a', 'b'])
      graph.model(prefix, carbon, { inputs: { lulc_bas: 'lulc' }, tables: { carbon: pools } });
    const { tables } = graph.build();
    expect(tables.get('a/carbon')!.get(1)).toMatchObject({ c_above: Math.fround(0.1), c_below: 1 });
    expect(tables.get('b/carbon')).toBe(tables.get('a/carbon'));
  });
});
