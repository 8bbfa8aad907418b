/** Equation (1) of the density of attractions, by hand. */
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/attraction_density/reference.ts';
import { describeModel } from '../support/describe-model.ts';

describeModel(entry, {
  worked: [
    {
      // Kernel of radius 2 cells: 1 in the middle, (1 − 1/4)² = 0.5625 beside it, (1 − 2/4)² = 0.25 at the corners; sum 1 + 4 · 0.8125 = 4.25
      about: '(1) one sight of weight 2 in the middle of 5 × 5 cells of 30 m, radius 60 m',
      width: 5,
      inputs: { attractions: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NODATA] },
      params: { bandwidth: 60 },
      outputs: {
        density: [
          ...[0, 0, 0, 0, 0],
          ...[0, 0.5 / 4.25, 1.125 / 4.25, 0.5 / 4.25, 0],
          ...[0, 1.125 / 4.25, 2 / 4.25, 1.125 / 4.25, 0],
          ...[0, 0.5 / 4.25, 1.125 / 4.25, 0.5 / 4.25, 0],
          ...[0, 0, 0, 0, NODATA],
        ],
      },
      atol: 1e-6,
    },
  ],
});
