import { NODATA } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { heat_demand } from './spec.ts';

export const reference: Reference<'heat_demand'> = {
  heat({ temperature, population }, { comfort, population_max }, tile) {
    return mapCells(tile, ['demand'], (i, { demand }, o) => {
      if (temperature[i] === NODATA || population[i] === NODATA) demand[o] = NODATA;
      else if (population_max <= 0) demand[o] = 0;
      else demand[o] = (Math.max(0, temperature[i] - comfort) * population[i]) / population_max; // (1)
    });
  },
};

export const entry = { model: heat_demand, reference } satisfies RegisteredModel;
