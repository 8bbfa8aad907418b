import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { InputPlane, Reference, RegisteredModel } from '../../core/model-reference.ts';
import type { ClassRows } from '../../core/values.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { food_supply } from './spec.ts';

const weightOf = (i: number, lulc: InputPlane, ndvi: InputPlane, classes: ClassRows) =>
  lulc[i] === NODATA_CODE || ndvi[i] === NODATA ? NODATA : Math.max(0, ndvi[i]) * classes.get(lulc[i])!.cropland; // (1)

export const reference: Reference<'food_supply'> = {
  greenness({ lulc, ndvi }, _params, tile, { biophysical }) {
    return mapCells(tile, ['weight'], (i, { weight }, o) => {
      weight[o] = weightOf(i, lulc, ndvi, biophysical);
    });
  },

  spread({ lulc, ndvi, regions, weight_sum }, _params, tile, { biophysical, food }) {
    return mapCells(tile, ['food_supply'], (i, out, o) => {
      const weight = weightOf(i, lulc, ndvi, biophysical);
      if (weight === NODATA || regions[i] === NODATA_CODE || weight_sum[i] === NODATA) out.food_supply[o] = NODATA;
      else if (weight_sum[i] <= 0) out.food_supply[o] = 0;
      else out.food_supply[o] = (food.get(regions[i])!.food * weight) / weight_sum[i]; // (3)
    });
  },
};

export const entry = { model: food_supply, reference } satisfies RegisteredModel;
