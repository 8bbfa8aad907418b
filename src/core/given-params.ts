/** What of a model holds with the parameters that a run is given, defaults standing for the others. */
import type { ColumnSpec, Model, OutputSpec, TableSpec } from './model.ts';
import type { Values } from './values.ts';

/** Whether a model with these parameters, or their defaults, uses sizes of cells. */
export function isMetricModel({ metric, params }: Pick<Model, 'metric' | 'params'>, given: Values): boolean {
  if (typeof metric !== 'function') return metric ?? false;
  const withDefaults = Object.entries(params).map(([name, spec]) => [name, given[name] ?? spec.default ?? Number.NaN]);
  return metric(Object.fromEntries(withDefaults));
}

/** An output as a run with these parameters makes it. */
export function outputSpec(
  { params, outputs }: Pick<Model, 'params' | 'outputs'>,
  name: string,
  given: Values,
): OutputSpec {
  const { by, ...spec } = outputs[name];
  return by ? { ...spec, ...by.values[given[by.param] ?? params[by.param]?.default] } : spec;
}

/** The columns of a table that a run with these parameters needs. */
export function usedColumns(
  { params }: Pick<Model, 'params'>,
  { columns }: TableSpec,
  given: Values,
): TableSpec['columns'] {
  const isZero = (param: string) => (given[param] ?? params[param]?.default) === 0;
  const used = ({ when, unless }: ColumnSpec) => !(when && isZero(when)) && (!unless || isZero(unless));
  return Object.fromEntries(Object.entries(columns).filter(([, column]) => used(column)));
}
