import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { quadrants } from './spec.ts';

export const reference: Reference<'quadrants'> = {
  match_cells({ supply, demand }, params, tile) {
    return mapCells(tile, ['z_supply', 'z_demand', 'quadrant'], (i, out, o) => {
      const [s, d] = [supply[i], demand[i]];
      const missing = s === NODATA || d === NODATA;
      out.z_supply[o] = missing ? NODATA : (s - params.supply_upper - params.supply_lower) * params.supply_factor; // (1)
      out.z_demand[o] = missing ? NODATA : (d - params.demand_upper - params.demand_lower) * params.demand_factor;
      const [high, wanted] = [s >= params.supply_high, d >= params.demand_high];
      out.quadrant[o] = missing ? NODATA_CODE : high ? (wanted ? 1 : 4) : wanted ? 2 : 3; // (2)
    });
  },
};

export const entry = { model: quadrants, reference } satisfies RegisteredModel;
