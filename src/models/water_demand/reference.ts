import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { water_demand } from './spec.ts';

export const reference: Reference<'water_demand'> = {
  water_use({ lulc, population, gdp }, { amount, industry }, tile, { biophysical }) {
    return mapCells(tile, ['demand'], (i, { demand }, o) => {
      const missing = lulc[i] === NODATA_CODE || population[i] === NODATA || gdp[i] === NODATA;
      demand[o] = missing
        ? NODATA
        : (amount * population[i] + industry * gdp[i]) / 100 + biophysical.get(lulc[i])!.irrigation; // (1)
    });
  },
};

export const entry = { model: water_demand, reference } satisfies RegisteredModel;
