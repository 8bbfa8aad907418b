/** Equation (1) of net ecosystem production, by hand. */
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/net_ecosystem_production/reference.ts';
import { describeModel } from '../support/describe-model.ts';

describeModel(entry, {
  worked: [
    {
      about: '(1) more is made than breathed out, or less',
      inputs: { npp: [6.5, 1, NODATA, 2], respiration: [4, 1.5, 2, NODATA] },
      outputs: { nep: [2.5, -0.5, NODATA, NODATA] },
    },
  ],
});
