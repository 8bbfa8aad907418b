import { NODATA } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { balance } from './spec.ts';

export const reference: Reference<'balance'> = {
  difference({ supply, demand }, _params, tile) {
    return mapCells(tile, ['balance_static'], (i, { balance_static }, o) => {
      balance_static[o] = supply[i] === NODATA || demand[i] === NODATA ? NODATA : supply[i] - demand[i]; // (1)
    });
  },

  ratio({ supply, demand }, { supply_max, demand_max }, tile) {
    const middle = (supply_max + demand_max) / 2;
    return mapCells(tile, ['supply_demand_ratio'], (i, { supply_demand_ratio }, o) => {
      const missing = supply[i] === NODATA || demand[i] === NODATA || middle <= 0;
      supply_demand_ratio[o] = missing ? NODATA : (supply[i] - demand[i]) / middle; // (2)
    });
  },
};

export const entry = { model: balance, reference } satisfies RegisteredModel;
