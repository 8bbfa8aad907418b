import { NODATA } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import type { Values } from '../../core/values.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { composite } from './spec.ts';

const normalised = (x: number, { low, high }: Values) => (high <= low ? 0 : (x - low) / (high - low)); // (1)

export const reference: Reference<'composite'> = {
  first({ values }, params, tile) {
    return mapCells(tile, ['total'], (i, { total }, o) => {
      total[o] = values[i] === NODATA ? NODATA : params.weight * normalised(values[i], params); // (2)
    });
  },

  add({ values, total_before }, params, tile) {
    return mapCells(tile, ['total'], (i, { total }, o) => {
      const missing = values[i] === NODATA || total_before[i] === NODATA;
      total[o] = missing ? NODATA : total_before[i] + params.weight * normalised(values[i], params); // (2)
    });
  },

  ratio({ composite_supply, composite_demand }, _params, tile) {
    return mapCells(tile, ['composite_ratio'], (i, out, o) => {
      const [supply, demand] = [composite_supply[i], composite_demand[i]];
      const missing = supply === NODATA || demand === NODATA || demand <= 0;
      out.composite_ratio[o] = missing ? NODATA : supply / demand; // (3)
    });
  },
};

export const entry = { model: composite, reference } satisfies RegisteredModel;
