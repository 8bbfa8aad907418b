/** Equations (1)-(3) of composite supply and demand, by hand. */
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/composite/reference.ts';
import { describeModel } from '../support/describe-model.ts';

const values = [10, 20, 60, 110, NODATA];

describeModel(entry, {
  worked: [
    {
      about: '(1), (2) the first service: weight 0.5, from 10 to 110',
      inputs: { values },
      params: { low: 10, high: 110, weight: 0.5 },
      outputs: { total: [0, 0.05, 0.25, 0.5, NODATA] },
    },
    {
      about: '(2) each further service adds; nodata in either stays',
      inputs: { values, total_before: [0.25, 0.5, NODATA, 0.5, 0.1] },
      params: { low: 10, high: 110, weight: 0.25 },
      outputs: { total: [0.25, 0.525, NODATA, 0.75, NODATA] },
    },
    {
      about: '(1) a service that is the same everywhere counts nothing',
      inputs: { values: [7, 7, NODATA], total_before: [0.25, 0, 0.1] },
      params: { low: 7, high: 7, weight: 1 },
      outputs: { total: [0.25, 0, NODATA] },
    },
    {
      about: '(1) all-nodata ranges are the other way round and count nothing',
      inputs: { values: [NODATA, 3] },
      params: { low: -NODATA, high: NODATA, weight: 1 },
      outputs: { total: [NODATA, 0] },
    },
    {
      about: '(3) the ratio; nodata where nothing is demanded',
      inputs: {
        values: [0, 0, 0, 0, 0, 0],
        composite_supply: [0.5, 0, 0.25, NODATA, 0.5, 0.75],
        composite_demand: [0.25, 0.5, 0, 0.5, NODATA, 0.25],
      },
      outputs: { composite_ratio: [2, 0, NODATA, NODATA, NODATA, 3] },
    },
  ],
});
