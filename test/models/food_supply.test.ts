/** Equations (1)-(3) of food production, by hand. */
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/food_supply/reference.ts';
import { describeModel } from '../support/describe-model.ts';

describeModel(entry, {
  worked: [
    {
      about:
        '(1)-(3) region 1: 100 t on NDVI 0.2 and 0.6, region 2: 7 t on one cell; forest and barren fields have none',
      inputs: {
        lulc: [1, 1, 2, 1, 1, 2],
        ndvi: [0.2, 0.6, 0.9, -0.1, 0.3, 0.8],
        regions: [1, 1, 1, 1, 2, 2],
      },
      tables: { biophysical: { 1: { cropland: 1 }, 2: { cropland: 0 } }, food: { 1: { food: 100 }, 2: { food: 7 } } },
      outputs: {
        food_supply: [25, 75, 0, 0, 7, 0],
        weight: [0.2, 0.6, 0, 0, 0.3, 0],
        weight_sum: [0.8, 0.8, 0.8, 0.8, 0.3, 0.3],
      },
    },
    {
      about: '(3) a hole in any of the maps stays; a region without green cropland has 0',
      inputs: {
        lulc: [1, NODATA, 1, 1, 2, 2],
        ndvi: [0.5, 0.5, NODATA, 0.5, 0.7, 0.6],
        regions: [4, 4, 4, NODATA, 9, 9],
      },
      tables: { biophysical: { 1: { cropland: 1 }, 2: { cropland: 0 } }, food: { 4: { food: 12 }, 9: { food: 55 } } },
      outputs: { food_supply: [12, NODATA, NODATA, NODATA, 0, 0] },
    },
    {
      about: '(1) classes that are partly cropland',
      inputs: { lulc: [1, 3], ndvi: [0.5, 0.5], regions: [0, 0] },
      tables: { biophysical: { 1: { cropland: 1 }, 3: { cropland: 0.25 } }, food: { 0: { food: 10 } } },
      outputs: { food_supply: [8, 2] },
    },
  ],
});
