import { NODATA } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { nutrient_demand } from './spec.ts';

export const reference: Reference<'nutrient_demand'> = {
  excess({ nutrient_load, water_yield }, { c_max }, tile) {
    return mapCells(tile, ['demand'], (i, { demand }, o) => {
      const [load, water] = [nutrient_load[i], water_yield[i]];
      if (load === 0 || load === NODATA) demand[o] = load;
      else demand[o] = water === NODATA ? NODATA : Math.max(0, load - c_max * 10 * water); // (1)
    });
  },
};

export const entry = { model: nutrient_demand, reference } satisfies RegisteredModel;
