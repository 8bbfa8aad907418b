/** Count, range and exact sum, by hand; the same integers from every executor. */
import { describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import type { Executor } from '../../src/engine/executor.ts';
import { entry } from '../../src/models/statistics/reference.ts';
import { describeOnExecutors } from '../support/executors.ts';
import { gridOf } from '../support/rasters.ts';
import { graphOf, runGraph } from '../support/run-graph.ts';

const { model } = entry;
const FLT_MAX = -NODATA;

/** Range and sum of a plane, as the totals of a run take them: the sum's quantum from the range. */
async function statisticsOf(executor: Executor, cells: readonly number[], width = cells.length) {
  const grid = gridOf(width, cells.length / width);
  const sources = { plane: Float32Array.from(cells) };
  const graph = graphOf(grid, sources, (builder) => {
    const range = builder.range('range', model, ['plane']);
    builder.reduce('sum', model, 'sum', 'plane', { inverse_quantum: { record: range, field: 'inverse_quantum' } });
  });
  const { records } = await runGraph(executor, graph, sources);
  return { range: records.get('range')!, sum: records.get('sum')! };
}

describeOnExecutors('statistics: worked cells', (get) => {
  test('count, smallest and largest of what is valid; sum and mean', async () => {
    const { range, sum } = await statisticsOf(get(), [1, 2.5, -3, NODATA]);
    // The largest is 3: the next power of two is 4 = 2^2, the quantum 2^(2 − 30)
    expect(range).toEqual({ count: 3, low: -3, high: 2.5, middle: -0.25, inverse_quantum: 2 ** 28 });
    expect(sum).toEqual({ count: 3, sum: 0.5, mean: 0.5 / 3 });
  });

  test('without any valid cell', async () => {
    const { range, sum } = await statisticsOf(get(), [NODATA, NODATA]);
    expect(range).toEqual({ count: 0, low: FLT_MAX, high: -FLT_MAX, middle: 0, inverse_quantum: 1 });
    expect(sum).toEqual({ count: 0, sum: 0, mean: Number.NaN });
  });

  test('zeros alone have no quantum to speak of', async () => {
    const { range, sum } = await statisticsOf(get(), [0, 0, NODATA, 0]);
    expect(range).toEqual({ count: 3, low: 0, high: 0, middle: 0, inverse_quantum: 1 });
    expect(sum).toEqual({ count: 3, sum: 0, mean: 0 });
  });

  test('what a float32 sum would lose: 1 beside 2^24, many times', async () => {
    const cells = Array.from({ length: 600 * 40 }, (_, i) => (i % 2 === 0 ? 2 ** 24 : 1));
    expect((await statisticsOf(get(), cells, 600)).sum.sum).toBe(12000 * (2 ** 24 + 1));
  });

  test('the largest words: 4096 cells of ±max in one block', async () => {
    const positive = new Array<number>(4096).fill(1e30);
    const exact = Math.fround(1e30) * 4096;
    expect((await statisticsOf(get(), positive, 256)).sum.sum).toBe(exact);
    const negative = positive.map((x) => -x);
    expect((await statisticsOf(get(), negative, 256)).sum.sum).toBe(-exact);
  });

  test('a cell errs by at most half a quantum, halves go to even', async () => {
    // The largest is 2^30, so the quantum is 1: 0.5 → 0, 1.5 → 2, 2.5 → 2, −0.5 → 0, −1.5 → −2
    const { sum } = await statisticsOf(get(), [2 ** 30, 0.5, 1.5, 2.5, -0.5, -1.5]);
    expect(sum.sum - 2 ** 30).toBe(2);
  });
});

describe('statistics: merging', () => {
  const [range, sum] = model.stages as unknown as {
    empty: object;
    merge: (a: object, b: object) => object;
    finish: (m: object, p: object) => object;
  }[];

  test('nothing added changes nothing', () => {
    const part = { count: 2, low: -1, high: 5 };
    expect(range.merge(range.empty, part)).toEqual(part);
    expect(range.merge(part, range.empty)).toEqual(part);
  });

  test('sums of parts stay whole numbers far beyond 2^32', () => {
    const part = { count: 4096, high_part: 4096 * 16384, low_part: 4096 * 65535 };
    let all = sum.empty;
    for (let i = 0; i < 10000; i++) all = sum.merge(all, part);
    expect(sum.finish(all, { inverse_quantum: 1 })).toMatchObject({ sum: 4096 * 10000 * (16384 * 65536 + 65535) });
  });
});
