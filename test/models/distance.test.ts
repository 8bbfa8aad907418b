/** Equations (1) to (3) of the process distance, by hand. */
import { expect, test } from 'vitest';
import { NODATA_CODE } from '../../src/core/cells.ts';
import { runModel } from '../../src/engine/run-model.ts';
import { entry } from '../../src/models/distance/reference.ts';
import { describeModel } from '../support/describe-model.ts';
import { cpuForTests } from '../support/executors.ts';
import { gridOf } from '../support/rasters.ts';

const N = NODATA_CODE;
const diagonal = 20 * Math.SQRT2;

describeModel(entry, {
  worked: [
    {
      about: 'two sources of other classes in a row of cells of 20 m: half way the first one is meant',
      inputs: { sources: [0, 7, 0, N, 0, 3] },
      cell: [20, 20],
      outputs: { distance: [20, 0, 20, 40, 20, 0], allocation: [7, 7, 7, 7, 3, 3] },
    },
    {
      about: 'one class named as source: others are none, and a nearer one does not count',
      width: 3,
      inputs: { sources: [3, 0, 0, 7, 0, 0, 0, 0, 3] },
      cell: [20, 20],
      params: { source_class: 7 },
      outputs: {
        distance: [20, diagonal, 20 * Math.sqrt(5), 0, 20, 40, 20, diagonal, 20 * Math.sqrt(5)],
        allocation: [7, 7, 7, 7, 7, 7, 7, 7, 7],
      },
      atol: 1e-5,
    },
    {
      about: 'of two as near the one further up, then the one further left',
      width: 3,
      inputs: { sources: [0, 1, 0, 2, 0, 4, 0, 5, 0] },
      outputs: { allocation: [1, 1, 1, 2, 1, 4, 2, 5, 4] },
    },
  ],
});

test('a raster without a source is refused', async () => {
  const given = {
    grid: gridOf(4, 3, 10),
    inputs: { sources: new Uint32Array(12).fill(5) },
    params: { source_class: 4 },
  };
  const run = runModel(entry.model, given, { executor: cpuForTests() });
  await expect(run).rejects.toThrow(/no cell is a source.*named as source/);
});
