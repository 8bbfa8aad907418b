/** Equation (1) of demand per person, by hand. */
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/per_capita/reference.ts';
import { describeModel } from '../support/describe-model.ts';

describeModel(entry, {
  worked: [
    {
      about: '(1) 120 per person, cells of 100 m × 50 m = 0.005 km²',
      inputs: { population: [100, 0, 2500, NODATA] },
      cell: [100, 50],
      params: { amount: 120 },
      outputs: { demand: [60, 0, 1500, NODATA] },
    },
    {
      about: '(1) cells of 1 km²: people times amount',
      inputs: { population: [3, 200000] },
      cell: [1000, 1000],
      params: { amount: 2.5 },
      outputs: { demand: [7.5, 500000] },
    },
    {
      about: '(1) nobody needs anything',
      inputs: { population: [3, NODATA] },
      params: { amount: 0 },
      outputs: { demand: [0, NODATA] },
    },
  ],
});
