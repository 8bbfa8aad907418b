/** Equation (1) of the change of carbon stock, by hand. */
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/carbon_change/reference.ts';
import { describeModel } from '../support/describe-model.ts';

describeModel(entry, {
  worked: [
    {
      about: '(1) 30 t in 10 years, and as much lost',
      inputs: { carbon_before: [100, 130, 0, NODATA, 5], carbon_after: [130, 100, 0, 5, NODATA] },
      params: { years: 10 },
      outputs: { change: [3, -3, 0, NODATA, NODATA] },
    },
  ],
});
