/** Equations (1) and (2) of the process convolve, by hand. */
import { expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/convolve/reference.ts';
import { describeModel } from '../support/describe-model.ts';

const N = NODATA;
const [DISC, QUARTIC] = [1, 2];

describeModel(entry, {
  worked: [
    {
      about: 'a disc of one cell of 30 m: the cell and its four neighbours that have values',
      width: 3,
      inputs: { values: [1, 2, 3, 4, N, 6, 7, 8, 9] },
      params: { kernel: DISC, radius: 30 },
      outputs: {
        mean: [7 / 3, 2, 11 / 3, 4, N, 6, 19 / 3, 8, 23 / 3],
        sum: [7, 6, 11, 12, N, 18, 19, 24, 23],
        weight: [3, 3, 3, 3, N, 3, 3, 3, 3],
      },
      atol: 1e-6,
    },
    {
      // 1 in the middle and (1 − 1/4)² = 9/16 beside it, (1 − 2/4)² = 1/4 at corners, over 1 + 4 · 13/16 = 17/4
      about: 'a quartic kernel of two cells: exactly 0 where no value other than 0 is near',
      inputs: { values: [8.5, 0, 0, 0, 0] },
      params: { kernel: QUARTIC, radius: 60 },
      outputs: { mean: [8.5 / (1 + 9 / 16), (8.5 * 9) / 16 / (1 + 9 / 8), 0, 0, 0], sum: [2, 9 / 8, 0, 0, 0] },
      atol: 1e-6,
    },
  ],
});

test('a radius that meets no neighbour is refused, by the reach of each kernel', () => {
  const [stage] = entry.model.stages;
  const cell = { cellWidth: 30, cellHeight: 30 };
  expect(() => stage.params({ kernel: DISC, radius: 29 }, cell)).toThrow(/radius is too short.*29 m/);
  expect(() => stage.params({ kernel: 0, radius: 5.9 }, cell)).toThrow(/6 m or more/);
  expect(stage.params({ kernel: 0, radius: 6 }, cell)).toEqual({ kernel: 0, radius: 0.2 });
});
