import { NODATA } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { carbon_change } from './spec.ts';

export const reference: Reference<'carbon_change'> = {
  difference({ carbon_before, carbon_after }, { years }, tile) {
    return mapCells(tile, ['change'], (i, { change }, o) => {
      const missing = carbon_before[i] === NODATA || carbon_after[i] === NODATA;
      change[o] = missing ? NODATA : (carbon_after[i] - carbon_before[i]) / years; // (1)
    });
  },
};

export const entry = { model: carbon_change, reference } satisfies RegisteredModel;
