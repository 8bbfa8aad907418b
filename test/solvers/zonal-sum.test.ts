/** Sums over zones: by hand, exact, and the same for any tiles and schedule. */
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { zonalSum } from '../../src/solvers/zonal_sum/index.ts';
import { zonalSumTasks } from '../../src/solvers/zonal_sum/tasks.ts';
import { gridOf, plane } from '../support/rasters.ts';
import { shuffledPool, solveWith } from '../support/solve.ts';

const pool = inlinePool(zonalSumTasks);
const shape = (width: number, height: number) => ({ width, height, cellWidth: 1, cellHeight: 1 });

async function sumsOf(values: readonly number[], zones: readonly number[], width = values.length, tile = 64) {
  const inputs = { values: Float32Array.from(values), zones: Uint32Array.from(zones) };
  const height = values.length / width;
  const { planes } = await solveWith(zonalSum, { width, height, inputs, tile, pool });
  const { sum } = zonalSum.reference(inputs, {}, shape(width, height));
  expect([...planes.sum]).toEqual([...sum].map(Math.fround));
  return [...planes.sum];
}

describe('zonal sum', () => {
  test('two zones that lie apart, a hole in the values, a hole in the zones, a zone of holes', async () => {
    const values = [1, 2.5, NODATA, 4, 100, -8, NODATA];
    const zones = [3, 9, 3, 3, NODATA_CODE, 9, 70_000];
    expect(await sumsOf(values, zones)).toEqual([5, -5.5, 5, 5, NODATA, -5.5, 0]);
  });

  test('zone 0 is a zone, and all of nothing is nothing', async () => {
    expect(await sumsOf([0.5, 0.25], [0, 0])).toEqual([0.75, 0.75]);
    expect(await sumsOf([NODATA, NODATA], [1, NODATA_CODE])).toEqual([0, NODATA]);
    expect(await sumsOf([0, -0], [1, 1])).toEqual([0, 0]);
  });

  test('what a float32 sum would lose', async () => {
    const values = Array.from({ length: 4096 }, (_, i) => (i === 0 ? 2 ** 24 : 0.25));
    const [sum] = await sumsOf(values, new Array<number>(4096).fill(1), 64);
    expect(sum).toBe(Math.fround(2 ** 24 + 4095 * 0.25));
  });

  test('large and small numbers', async () => {
    // The largest is below 2^128, so the quantum is 2^98: each cell errs by at most half of it.
    const [sum] = await sumsOf([3e38, -3e38, 1e30], [1, 1, 1]);
    expect(Math.abs(sum - 1e30)).toBeLessThanOrEqual(1.5 * 2 ** 98);
    expect(sum % 2 ** 98).toBe(0);
    expect((await sumsOf([1e-38, 1e-38], [1, 1]))[0]).toBeCloseTo(2e-38, 44);
  });

  test.each(['noise', 'holes'] as const)('the same bits for any tiles and order of tasks: %s', async (pattern) => {
    const [width, height] = [131, 67];
    const grid = gridOf(width, height);
    const inputs = {
      values: plane(grid, 'f32', pattern, [-3, 900], 5),
      zones: plane(grid, 'u32', pattern, [0, 1], 6),
    };
    const whole = await solveWith(zonalSum, { width, height, inputs, tile: 4096, pool });
    expect(new Set(whole.planes.sum).size).toBeGreaterThan(4);
    for (const tile of [7, 64, 100]) {
      const cut = await solveWith(zonalSum, { width, height, inputs, tile, pool: shuffledPool(zonalSumTasks, tile) });
      expect(cut.planes.sum).toEqual(whole.planes.sum);
      expect(cut.facts.zones).toBe(6);
    }
  });

  test('a failing read stops it and is the one reported', async () => {
    const inputs = { values: new Float32Array(400), zones: new Uint32Array(400) };
    const broken = { ...pool, run: () => Promise.reject(new Error('worker gone')) };
    await expect(solveWith(zonalSum, { width: 20, height: 20, inputs, tile: 5, pool: broken })).rejects.toThrow(
      'worker gone',
    );
  });
});
