/** Equation (1) of the demand for cooling, by hand. */
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/heat_demand/reference.ts';
import { describeModel } from '../support/describe-model.ts';

describeModel(entry, {
  worked: [
    {
      about: '(1) 4 degrees too hot for a quarter of the largest density is 1; cool and empty cells have none',
      inputs: { temperature: [30, 30, 26, 20, 30, NODATA], population: [2500, 10000, 9000, 9000, NODATA, 1] },
      params: { comfort: 26, population_max: 10000 },
      outputs: { demand: [1, 4, 0, 0, NODATA, NODATA] },
    },
    {
      about: '(1) where nobody lives anywhere',
      inputs: { temperature: [40, NODATA], population: [0, 0] },
      params: { comfort: 26, population_max: 0 },
      outputs: { demand: [0, NODATA] },
    },
    {
      about: '(1) the densest cell is found where it is not given; comfort is 26 by default',
      inputs: { temperature: [36, 36, 36], population: [400, 100, NODATA] },
      outputs: { demand: [10, 2.5, NODATA] },
    },
  ],
});
