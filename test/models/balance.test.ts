/** Equations (1)-(2) of the static balance, by hand. */
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/balance/reference.ts';
import { describeModel } from '../support/describe-model.ts';

const inputs = { supply: [10, 0, 5, NODATA, 4, 20], demand: [4, 3, 5, 1, NODATA, 0] };

describeModel(entry, {
  worked: [
    {
      about: '(1) supply less demand, nodata in either',
      inputs,
      outputs: { balance_static: [6, -3, 0, NODATA, NODATA, 20] },
    },
    {
      about: '(2) by the middle of the maxima: (20 + 5) / 2 = 12.5',
      inputs,
      params: { supply_max: 20, demand_max: 5 },
      outputs: { ratio: [0.48, -0.24, 0, NODATA, NODATA, 1.6] },
    },
    {
      about: '(2) without any demand: the middle is half the largest supply, and the ratio reaches 2',
      inputs: { supply: [20, 5], demand: [0, 0] },
      params: { supply_max: 20, demand_max: 0 },
      outputs: { ratio: [2, 0.5] },
    },
    {
      about: '(2) nodata where nothing is supplied or demanded anywhere',
      inputs: { supply: [0, 0], demand: [0, NODATA] },
      params: { supply_max: 0, demand_max: 0 },
      outputs: { ratio: [NODATA, NODATA] },
    },
    {
      about: '(2) maxima of all-nodata planes (−FLT_MAX) give nodata',
      inputs: { supply: [NODATA, 1], demand: [NODATA, 1] },
      params: { supply_max: NODATA, demand_max: NODATA },
      outputs: { ratio: [NODATA, NODATA] },
    },
  ],
});
