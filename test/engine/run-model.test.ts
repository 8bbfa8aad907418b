/** What the library refuses before it computes. */
import { expect, test } from 'vitest';
import { NODATA_CODE } from '../../src/core/cells.ts';
import { runModel } from '../../src/engine/run-model.ts';
import { carbon } from '../../src/models/carbon/spec.ts';
import { cpuForTests } from '../support/executors.ts';

const grid = {
  width: 3,
  height: 2,
  west: 0,
  north: 0,
  cellWidth: 10,
  cellHeight: 10,
  crs: { name: 'local', kind: 'projected', metresPerUnit: 1 },
} as const;
const tables = { carbon: new Map([[1, { c_above: 1, c_below: 2, c_soil: 3, c_dead: 4 }]]) };
const run = (codes: number[], inputs = {}) =>
  runModel(
    carbon,
    { grid, inputs: { lulc_bas: Uint32Array.from(codes), ...inputs }, tables },
    { executor: cpuForTests() },
  );

test('classes with a row, and nodata, run', async () => {
  const { planes } = await run([1, 1, NODATA_CODE, 1, 1, 1]);
  expect(planes.c_storage_bas[0]).toBe(10);
});

test('a class without a row is named with its place', async () => {
  await expect(run([1, 1, 1, 1, 77, 1])).rejects.toThrow(
    "row 1, column 1: carbon.lulc_bas has class 77, and the table 'carbon' has no row for it",
  );
});

test('a plane of another size', async () => {
  await expect(run([1, 1])).rejects.toThrow(
    'carbon.lulc_bas does not fit the grid (found 2 cells, expected 6 (3 × 2))',
  );
});

test('an input that the model does not have', async () => {
  await expect(run([1, 1, 1, 1, 1, 1], { lulc: new Uint32Array(6) })).rejects.toThrow("carbon has no input 'lulc'");
});
