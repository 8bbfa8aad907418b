/** Equations (1)-(2) of the demand for habitat, by hand. */
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/habitat_demand/reference.ts';
import { describeModel } from '../support/describe-model.ts';

describeModel(entry, {
  worked: [
    {
      about: '(2) lg 1000 · lg 100 on developed land; the logarithm of less than 1 is 0',
      inputs: {
        lulc: [5, 5, 1, 2, 5, NODATA, 5, 5],
        population: [1000, 0.5, 1000, 1000, 1000, 10, NODATA, 10],
        gdp: [100, 100, 100, 100, -3, 10, 10, NODATA],
      },
      tables: { biophysical: { 1: { developed: 0.2 }, 2: { developed: 0 }, 5: { developed: 1 } } },
      params: { window: 0 },
      outputs: { demand: [6, 0, 1.2, 0, 0, NODATA, NODATA, NODATA] },
      atol: 1e-5,
    },
    {
      about: '(1) the mean within one cell of 30 m, of what is valid: up, down, left, right and the cell',
      width: 3,
      inputs: {
        lulc: [5, 2, 5, 2, 5, NODATA, 2, 5, 2],
        population: [10, 10, 10, 10, 10, 10, 10, 10, 10],
        gdp: [10, 10, 10, 10, 10, 10, 10, 10, 10],
      },
      tables: { biophysical: { 2: { developed: 0 }, 5: { developed: 1 } } },
      params: { window: 30 },
      outputs: {
        intensity: [1 / 3, 3 / 4, 1 / 2, 1 / 2, 2 / 4, NODATA, 1 / 3, 1 / 2, 1 / 2],
        demand: [1 / 3, 3 / 4, 1 / 2, 1 / 2, 2 / 4, NODATA, 1 / 3, 1 / 2, 1 / 2],
      },
      atol: 1e-5,
    },
  ],
});
