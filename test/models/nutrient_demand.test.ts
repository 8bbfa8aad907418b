/** Equation (1) of the demand for nutrient purification, by hand. */
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/nutrient_demand/reference.ts';
import { describeModel } from '../support/describe-model.ts';

describeModel(entry, {
  worked: [
    {
      about: '(1) 1 g/m³ in 300 mm of water is 3 kg on a hectare; what is below it is no demand',
      inputs: { nutrient_load: [46, 2.8, 3, NODATA, 46], water_yield: [300, 300, 300, 300, NODATA] },
      params: { c_max: 1e-3 },
      outputs: { demand: [43, 0, 0, NODATA, NODATA] },
    },
    {
      about: '(1) streams carry no load and are 0, even where the water yield has a hole',
      inputs: { nutrient_load: [0, 0, NODATA], water_yield: [500, NODATA, 500] },
      params: { c_max: 2e-4 },
      outputs: { demand: [0, 0, NODATA] },
    },
    {
      about: '(1) nothing permitted: the whole load',
      inputs: { nutrient_load: [7.5], water_yield: [1000] },
      params: { c_max: 0 },
      outputs: { demand: [7.5] },
    },
  ],
});
