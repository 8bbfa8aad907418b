/** The composites of all services: weighted sums of normalised supplies and demands, and the ratio of the two. */
import type { Params } from '../../engine/graph.ts';
import { composite } from '../../models/composite/spec.ts';
import { weightsOf } from '../composite-weights.ts';
import type { Composite } from '../step-schema.ts';
import type { StepContext } from './context.ts';

export type CompositeFields = Readonly<Record<Composite, string>>;

/** The fields of each year. */
export function addComposites(context: StepContext): ReadonlyMap<number, CompositeFields> {
  const weights = weightsOf(context.prepared);
  return new Map(context.prepared.project.years.map((year) => [year, compositesOf(context, year, weights)]));
}

function compositesOf(context: StepContext, year: number, weights: ReadonlyMap<string, number>): CompositeFields {
  const common = { year, service: 'composite', serviceName: 'All services', unit: '1' } as const;
  const [supply, demand] = (['supply', 'demand'] as const).map((side) => {
    const field = weightedSum(context, year, side, weights);
    context.putWithTotals({
      ...common,
      quantity: side,
      field,
      about: `composite ${side}: weighted sum of normalised services`,
      formula: 'Σ weight · (x − min) / (max − min), minima and maxima of all years',
    });
    return field;
  });
  const inputs = { values: supply, composite_supply: supply, composite_demand: demand };
  const outputs = ['composite_ratio'] as const;
  const made = context.graph.model(`${year}/composite/ratio`, composite, { inputs, outputs });
  context.putWithTotals({
    ...common,
    quantity: 'ratio',
    field: made.composite_ratio,
    about: 'composite supply by composite demand',
    centre: 1,
    formula: 'composite supply / composite demand',
  });
  return { supply, demand, ratio: made.composite_ratio };
}

function weightedSum(
  { graph, prepared, sides, rangeOf }: StepContext,
  year: number,
  side: 'supply' | 'demand',
  weights: ReadonlyMap<string, number>,
): string {
  let total: string | undefined;
  for (const { code } of prepared.services) {
    const record = rangeOf(code, side);
    const params: Params = {
      low: { record, field: 'low' },
      high: { record, field: 'high' },
      weight: weights.get(code)!,
    };
    const inputs = { values: sides(year, code)[side], ...(total !== undefined && { total_before: total }) };
    const prefix = `${year}/composite/${side}/${code}`;
    total = graph.model(prefix, composite, { inputs, params, outputs: ['total'] }).total;
  }
  return total!;
}
