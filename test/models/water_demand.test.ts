/** Equation (1) of the demand for water, by hand. */
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/water_demand/reference.ts';
import { describeModel } from '../support/describe-model.ts';

describeModel(entry, {
  worked: [
    {
      about: '(1) 200 people/km² are 2 on a hectare: 700 m³; a field adds 3600; 5000·10⁴ CNY/km² at 40 m³ add 2000',
      inputs: { lulc: [1, 5, 5, NODATA, 1], population: [200, 200, 0, 1, NODATA], gdp: [0, 5000, 0, 1, 1] },
      tables: { biophysical: { 1: { irrigation: 3600 }, 5: { irrigation: 0 } } },
      params: { amount: 350, industry: 40 },
      outputs: { demand: [4300, 2700, 0, NODATA, NODATA] },
    },
    {
      about: '(1) no industry by default',
      inputs: { lulc: [1], population: [100], gdp: [90000] },
      tables: { biophysical: { 1: { irrigation: 0 } } },
      params: { amount: 12 },
      outputs: { demand: [12] },
    },
  ],
});
