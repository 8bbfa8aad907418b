import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { habitat_demand } from './spec.ts';

const lg = (x: number) => Math.log10(Math.max(1, x));

export const reference: Reference<'habitat_demand'> = {
  development({ lulc }, _params, tile, { biophysical }) {
    return mapCells(tile, ['developed'], (i, { developed }, o) => {
      developed[o] = lulc[i] === NODATA_CODE ? NODATA : biophysical.get(lulc[i])!.developed;
    });
  },

  pressure({ intensity, population, gdp }, _params, tile) {
    return mapCells(tile, ['demand'], (i, { demand }, o) => {
      const missing = intensity[i] === NODATA || population[i] === NODATA || gdp[i] === NODATA;
      demand[o] = missing ? NODATA : intensity[i] * lg(population[i]) * lg(gdp[i]); // (2)
    });
  },
};

export const entry = { model: habitat_demand, reference } satisfies RegisteredModel;
