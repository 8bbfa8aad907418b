/** Equation (1) of cooling, by hand. */
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/cooling/reference.ts';
import { describeModel } from '../support/describe-model.ts';

describeModel(entry, {
  worked: [
    {
      about: '(1) half of 5 degrees',
      inputs: { heat_mitigation: [0.5, 0, 1, NODATA] },
      params: { uhi_max: 5 },
      outputs: { cooling: [2.5, 0, 5, NODATA] },
    },
  ],
});
