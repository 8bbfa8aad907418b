/** Codes of cells near and far, for any tiles. */
import { expect, test } from 'vitest';
import { NODATA_CODE } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { randomNumbers } from '../../src/gpu/self-test-data.ts';
import { gather } from '../../src/solvers/gather/index.ts';
import { solveWith } from '../support/solve.ts';

test('each cell has the code of the cell that it points at', async () => {
  const [width, height] = [53, 37];
  const random = randomNumbers(4);
  const any = () => Math.floor(random() * width * height);
  const index = Uint32Array.from({ length: width * height }, (_, i) => (i % 7 === 0 ? NODATA_CODE : any()));
  const codes = Uint32Array.from({ length: width * height }, (_, i) => (i % 11 === 0 ? NODATA_CODE : 1000 + i));
  const expected = gather.reference({ index, codes }, {}, { width, height, cellWidth: 1, cellHeight: 1 });
  expect(expected.gathered[1]).toBe(codes[index[1]]);
  for (const tile of [64, 16, 5]) {
    const { planes } = await solveWith(gather, { width, height, inputs: { index, codes }, pool: inlinePool({}), tile });
    expect([...planes.gathered]).toEqual([...expected.gathered]);
  }
});
