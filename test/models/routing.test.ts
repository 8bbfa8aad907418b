/** What routing makes of flow directions: codes, metres, streams; terrains whose water everybody sees. */
import { expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { runModel } from '../../src/engine/run-model.ts';
import { entry } from '../../src/models/routing/reference.ts';
import { routing } from '../../src/models/routing/spec.ts';
import { describeModel } from '../support/describe-model.ts';
import { cpuForTests } from '../support/executors.ts';
import { gridOf } from '../support/rasters.ts';

const N = NODATA;
const all = (count: number, value: number) => new Array<number>(count).fill(value);
const cell = [10, 10] as const;

describeModel(entry, {
  worked: [
    {
      about: 'a row of cells falling east: codes from 0 for east, metres to the stream, the last cell flows out',
      inputs: { dem: [5, 4, 3, 2, 1] },
      cell,
      params: { threshold: 3 },
      outputs: {
        direction: [0, 0, 0, 0, 0],
        accumulation: [1, 2, 3, 4, 5],
        stream: [0, 0, 0, 1, 1],
        distance: [30, 20, 10, 0, 0],
        filled: [5, 4, 3, 2, 1],
        slope: all(5, 10),
      },
    },
    {
      about: 'MFD has the threshold itself among its streams, and whole shares of 15',
      inputs: { dem: [5, 4, 3, 2, 1] },
      cell,
      params: { algorithm: 1, threshold: 3 },
      outputs: { direction: [15, 15, 15, 15, undefined], stream: [0, 0, 1, 1, 1], distance: [20, 10, 0, 0, 0] },
    },
    {
      about: 'a diagonal step is √2 of a cell; corners of a plane that falls to the south-east',
      inputs: { dem: [4, 3, 2, 3, 2, 1, 2, 1, 0] },
      width: 3,
      cell,
      params: { threshold: 8 },
      outputs: {
        direction: [7, 7, 6, 7, 7, 6, 0, 0, undefined],
        distance: [28.284271, undefined, 20, undefined, 14.142136, 10, 20, 10, 0],
      },
      atol: 1e-4,
    },
    {
      about: 'a pit is filled to its rim; a hole is where water leaves',
      inputs: { dem: [9, 9, 9, 9, 9, 9, 1, 2, 9, 7, 9, 9, 9, 9, 9, 9, N, 9, 9, 9] },
      width: 5,
      cell,
      params: { threshold: 100 },
      outputs: {
        filled: [9, 9, 9, 9, 9, 9, 9, 9, 9, 7, 9, 9, 9, 9, 9, 9, N, 9, 9, 9],
        stream: [...all(16, 0), N, 0, 0, 0],
        distance: all(20, N),
      },
    },
    {
      about: 'one cell',
      inputs: { dem: [3] },
      cell,
      params: { threshold: 1 },
      outputs: { accumulation: [1], slope: [0], stream: [0], distance: [N] },
    },
  ],
});

test.each([0, 1])(
  'flat ground: every cell drains, and all water arrives at the border (algorithm %i)',
  async (algorithm) => {
    const grid = gridOf(9, 7, 10);
    const given = { grid, inputs: { dem: new Float32Array(63).fill(40) }, params: { algorithm, threshold: 4 } };
    const { planes } = await runModel(
      routing,
      { ...given, outputs: ['filled', 'accumulation', 'shares', 'slope'] },
      { executor: cpuForTests() },
    );
    expect(new Set(planes.filled)).toEqual(new Set([40]));
    expect(new Set(planes.slope)).toEqual(new Set([0]));
    expect([...planes.shares].every((shares) => shares !== 0)).toBe(true);
    const border = [...planes.accumulation].filter((_, i) => i % 9 === 0 || i % 9 === 8 || i < 9 || i >= 54);
    expect(border.reduce((a, b) => a + b)).toBeCloseTo(63, 4);
  },
);

test('integers as elevation are elevation', async () => {
  const grid = gridOf(3, 1, 10);
  const given = { grid, inputs: { dem: Float32Array.of(30_000, 29_999, -32_767) }, params: { threshold: 1 } };
  const { planes } = await runModel(routing, given, { executor: cpuForTests() });
  expect([...planes.accumulation]).toEqual([1, 2, 3]);
});
