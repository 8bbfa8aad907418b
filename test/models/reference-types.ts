/**
 * Never run, only compiled (by reference-types.test.ts): the names of a reference come from its shader, and a wrong one stops the
 * compiler. An `expect-error` below that is no error any more is an error itself.
 */
import { expectTypeOf } from 'vitest';
import type { Reference } from '../../src/core/model-reference.ts';
import type { EntryNames, ParamNames, TableFields, WriteNames } from '../../src/core/shader-table.ts';
import type { SHADERS } from '../../src/generated/shaders.ts';

declare const cells: Float64Array;

export const right: Reference<'per_capita'> = {
  per_capita: ({ population }, { amount }, tile) => ({
    demand: cells.map((_, i) => population[i] * amount * tile.cellWidth),
  }),
};

export const wrongEntry: Reference<'per_capita'> = {
  // @ts-expect-error the shader has no entry point 'per_head'
  per_head: () => ({ demand: cells }),
};

export const wrongInput: Reference<'per_capita'> = {
  // @ts-expect-error the entry point reads no 'people'
  per_capita: ({ people }) => ({ demand: people }),
};

export const wrongParameter: Reference<'per_capita'> = {
  // @ts-expect-error the shader has no parameter 'quantity'
  per_capita: (_inputs, { quantity }) => ({ demand: cells.fill(quantity) }),
};

export const wrongOutput: Reference<'per_capita'> = {
  // @ts-expect-error the entry point writes 'demand'
  per_capita: () => ({ need: cells }),
};

export const wrongColumn: Pick<Reference<'carbon'>, 'storage_total'> = {
  // @ts-expect-error the rows of 'pools' have no column 'c_wood'
  storage_total: (_inputs, _params, _tile, { pools }) => ({ c_storage: cells.fill(pools.get(1)!.c_wood) }),
};

export const missingPlane: Pick<Reference<'annual_water_yield'>, 'water_yield'> = {
  // @ts-expect-error one plane of the pack is missing
  water_yield: () => ({ fractp: cells, aet: cells }),
};

// @ts-expect-error two entry points are missing
export const missingEntries: Reference<'balance'> = { difference: () => ({ balance_static: cells }) };

export const reduction: Pick<Reference<'statistics'>, 'range'> = { range: () => ({ count: 0, low: 0, high: 0 }) };

// @ts-expect-error there is no such shader
export type NoShader = Reference<'carbonate'>;

type Awy = (typeof SHADERS)['annual_water_yield'];
expectTypeOf<EntryNames<Awy>>().toEqualTypeOf<'water_yield' | 'lookup' | 'potential_evapotranspiration'>();
expectTypeOf<WriteNames<Awy, 'water_yield'>>().toEqualTypeOf<'fractp' | 'aet' | 'wyield'>();
expectTypeOf<ParamNames<Awy>>().toEqualTypeOf<'seasonality_constant'>();
expectTypeOf<TableFields<Awy, 'lookup', 'biophysical'>>().toEqualTypeOf<'kc' | 'root_depth' | 'lulc_veg'>();
