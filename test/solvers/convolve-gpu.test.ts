/** Convolution on devices against the definition, on both software drivers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inlinePool } from '../../src/core/tasks.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import { convolve } from '../../src/solvers/convolve/index.ts';
import { convolveTasks } from '../../src/solvers/convolve/tasks.ts';
import { comparePlanes } from '../support/compare.ts';
import {
  CASES,
  type ConvolutionCase,
  field,
  firstDifference,
  flags,
  meanAround,
  paramsOf,
} from '../support/convolution.ts';
import { describeDrivers } from '../support/drivers.ts';
import { openDriver } from '../support/executors.ts';
import { requestOf } from '../support/solve.ts';

const pool = inlinePool(convolveTasks);
const tolerance = convolve.spec.tolerance as { rtol: number; atol: number };

/** Whose paths no other case has: software drivers take seconds for each. */
const ON_DEVICES = CASES.filter(({ name }) => !['a disc over numbers', 'a quartic kernel'].includes(name));

describeDrivers('convolution', (driver) => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await openDriver(driver);
  });
  afterAll(() => gpu?.destroy());

  async function solved({ width, height, values, ...rest }: ConvolutionCase, tile = 64) {
    const request = requestOf(convolve.spec, { width, height, inputs: { values }, params: paramsOf(rest), pool, tile });
    const facts = await convolve.gpu!({ ...request, gpu });
    return { planes: request.planes, facts };
  }

  test.each(ON_DEVICES)('$name', async (each) => {
    const { width, height, values } = each;
    const { planes } = await solved(each);
    const shape = { width, height, cellWidth: 1, cellHeight: 1 };
    const expected = convolve.reference({ values }, paramsOf(each), shape);
    for (const [name, plane] of Object.entries(planes)) {
      const result = comparePlanes(plane, expected[name], width, tolerance);
      expect(result.passed, `${name}: ${result.worst}`).toBe(true);
      expect(result.maxAbsolute).toBeLessThanOrEqual(
        1.3e-7 * Math.max(...expected[name].map(Math.abs).filter((v) => v < 1e30)),
      );
      const zeros = (cells: ArrayLike<number>) => Array.from(cells, (value) => Number(value === 0));
      expect(firstDifference(zeros(plane), zeros(expected[name]))).toBe(-1);
    }
  });

  // 2048 points and more are two passes of shorter lines, along either axis.
  test.each([
    [1500, 1],
    [1, 1500],
  ])('lines longer than a workgroup: %i × %i cells', async (width, height) => {
    const values = field(width, height, { holes: 0.2 });
    const each = { name: '', width, height, kernel: 'exponential', radius: 100, values } as const;
    const { planes, facts } = await solved(each, 256);
    expect(Math.max(facts.transform_x, facts.transform_y)).toBeGreaterThan(1024);
    const expected = convolve.reference({ values }, paramsOf(each), { width, height, cellWidth: 1, cellHeight: 1 });
    const result = comparePlanes(planes.mean, expected.mean, width, tolerance);
    expect(result.passed, result.worst).toBe(true);
  });

  test('a kernel wider than its transforms is left to workers', async () => {
    const [width, height] = [9300, 2];
    const each = { name: '', width, height, kernel: 'linear', radius: 4200, values: field(width, height) } as const;
    const { planes, facts } = await solved(each, 1024);
    expect(facts.dispatches).toBeUndefined();
    const request = requestOf(convolve.spec, {
      width,
      height,
      inputs: { values: each.values },
      params: paramsOf(each),
      pool,
    });
    await convolve.cpu(request);
    for (const [name, plane] of Object.entries(planes)) expect(firstDifference(plane, request.planes[name])).toBe(-1);
    expect(Math.abs(planes.mean[4] / meanAround(each, 4) - 1)).toBeLessThan(1e-7);
  });

  test('0 only where no source is within the kernel, however small one is beside others', async () => {
    const [width, height, radius] = [400, 4, 100];
    const values = new Float32Array(width * height).fill(1e9, 0, 20);
    values[width + 300] = 1e-4;
    const { planes } = await solved({ name: '', width, height, kernel: 'quartic', radius, values });
    const expected = Array.from({ length: width }, (_, x) => x < 19 + radius || Math.abs(x - 300) < radius);
    for (const name of ['mean', 'sum'])
      expect(Array.from(planes[name].subarray(width, 2 * width), (value) => value > 0)).toEqual(expected);
  });

  test('counts in discs are exact', async () => {
    const each = { name: '', width: 83, height: 67, kernel: 'disc', radius: 13, values: flags(83, 67) } as const;
    const { planes } = await solved(each);
    const { sum, weight } = convolve.reference(each, paramsOf(each), {
      width: 83,
      height: 67,
      cellWidth: 1,
      cellHeight: 1,
    });
    expect(firstDifference(planes.sum, sum)).toBe(-1);
    expect(firstDifference(planes.weight, weight)).toBe(-1);
  });

  test('the same bytes for any tiles', async () => {
    const each = { ...CASES[2], width: 200, height: 90, values: field(200, 90) };
    const { planes, facts } = await solved(each, 200);
    expect(facts.blocks).toBeGreaterThan(1);
    const other = await solved(each, 37);
    for (const name of ['mean', 'sum', 'weight']) expect(firstDifference(other.planes[name], planes[name])).toBe(-1);
  });
});
