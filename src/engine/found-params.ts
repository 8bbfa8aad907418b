/** Parameters that are left out and found in the run: the range or mean of a field of the model, by the records of the reductions behind them. */

import type { Model, ParamSpec } from '../core/model.ts';
import type { CellSize, Stage } from '../core/stage.ts';
import type { Param, Params } from './graph.ts';
import { mapValues } from './map-values.ts';
import { paramsOf } from './model-stages.ts';

export type Found = NonNullable<ParamSpec['found']>;

/** Names of the records of a field's range and sum. */
export const rangeOf = (field: string) => `${field}#range`;
export const sumOf = (field: string) => `${field}#sum`;

/**
 * Records in the place of what was not given, and what each of them is.
 * @param fieldOf the field of an input or output
 */
export function withFound(
  model: Model,
  params: Params,
  fieldOf: (name: string) => string,
): { readonly params: Params; readonly found: ReadonlyMap<Param, Found> } {
  const all = new Map<Param, Found>();
  const complete = mapValues(params, (param, name): Param => {
    const { found } = model.params[name];
    if (!found || !Number.isNaN(param)) return param;
    const field = fieldOf(found.of);
    const record =
      found.as === 'mean'
        ? { record: sumOf(field), field: 'mean' }
        : { record: rangeOf(field), field: found.as as string };
    all.set(record, found);
    return record;
  });
  return { params: complete, found: all };
}

/** What has to be found before the stage can run. */
export function foundFor(
  found: ReadonlyMap<Param, Found>,
  model: Model,
  stage: Stage,
  params: Params,
  cell: CellSize,
): Found[] {
  if (found.size === 0) return [];
  return Object.values(paramsOf(model, stage, params, cell)).flatMap((param) => found.get(param) ?? []);
}
