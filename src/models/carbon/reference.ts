import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { InputPlane, Reference, RegisteredModel, TileContext } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { carbon } from './spec.ts';

/** Equations (1)-(3) of spec.ts. */
export const reference: Reference<'carbon'> = {
  storage_total({ lulc }, _params, tile, { pools }) {
    return mapCells(tile, ['c_storage'], (i, out, o) => {
      const row = lulc[i] === NODATA_CODE ? undefined : pools.get(lulc[i])!;
      out.c_storage[o] = row ? row.c_above + row.c_below + row.c_soil + row.c_dead : NODATA; // (1)
    });
  },

  storage_pools({ lulc }, _params, tile, { pools }) {
    const names = ['c_above', 'c_below', 'c_soil', 'c_dead'] as const;
    return mapCells(tile, names, (i, out, o) => {
      const row = lulc[i] === NODATA_CODE ? undefined : pools.get(lulc[i])!;
      for (const name of names) out[name][o] = row ? row[name] : NODATA;
    });
  },

  change({ c_before, c_after }, _params, tile) {
    return { c_change: difference(c_before, c_after, tile, 1) }; // (2)
  },

  valuation({ c_before, c_after }, { unit_value }, tile) {
    return { npv: difference(c_before, c_after, tile, unit_value) }; // (3)
  },
};

export const entry = { model: carbon, reference } satisfies RegisteredModel;

function difference(before: InputPlane, after: InputPlane, tile: TileContext, factor: number): Float64Array {
  return mapCells(tile, ['out'], (i, { out }, o) => {
    out[o] = before[i] === NODATA || after[i] === NODATA ? NODATA : (after[i] - before[i]) * factor;
  }).out;
}
