/** An analysis for tests of the planner: supply and demand of water, their ratio to the maxima, the slope of the supply. */
import type { CellType } from '../../src/core/cells.ts';
import type { Graph } from '../../src/engine/graph.ts';
import { GraphBuilder } from '../../src/engine/graph-builder.ts';
import { type Budget, type Place, type Plan, planGraph } from '../../src/engine/plan.ts';
import { annual_water_yield } from '../../src/models/annual_water_yield/spec.ts';
import { balance } from '../../src/models/balance/spec.ts';
import { per_capita } from '../../src/models/per_capita/spec.ts';
import { slope } from '../../src/models/slope/spec.ts';
import { statistics } from '../../src/models/statistics/spec.ts';
import { gridOf } from './rasters.ts';

export const GPU: Place = { kind: 'gpu', maxBinding: 128 * 2 ** 20, lanes: 1 };
export const MB = 1e6;
export const rows = new Map([[1, { kc: 1, root_depth: 1, lulc_veg: 1, c_above: 1, c_below: 1, c_soil: 1, c_dead: 1 }]]);

export function builderOf(
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

export const AWY = { lulc: 'u32', precipitation: 'f32', et0: 'f32', soil_depth: 'f32', pawc: 'f32' } as const;
export const same = (names: object) => Object.fromEntries(Object.keys(names).map((name) => [name, name]));

/** Supply and demand of water with their ratio to the maxima, and the slope of the supply. */
export function analysis(width = 3000, height = 2000): Graph {
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

export function plan(graph: Graph, place: Place = GPU, budget: Budget = { host: 2 ** 31, device: 2 ** 31 }): Plan {
  return planGraph(graph, place, budget, { cores: 2 });
}
