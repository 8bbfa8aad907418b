/** Convolution on devices against the definition, on both software drivers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inlinePool } from '../../src/core/tasks.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import { convolve } from '../../src/solvers/convolve/index.ts';
import { convolveTasks } from '../../src/solvers/convolve/tasks.ts';
import { comparePlanes } from '../support/compare.ts';
import { CASES, type ConvolutionCase, field, firstDifference, flags, paramsOf } from '../support/convolution.ts';
import { describeDrivers } from '../support/drivers.ts';
import { openDriver } from '../support/executors.ts';
import { requestOf } from '../support/solve.ts';

const pool = inlinePool(convolveTasks);
const tolerance = convolve.spec.tolerance as { rtol: number; atol: number };

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

  test.each(CASES)('$name', async (each) => {
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

  test('counts in discs are exact', async () => {
    const each = { name: '', width: 131, height: 97, kernel: 'disc', radius: 23, values: flags(131, 97) } as const;
    const { planes } = await solved(each);
    const { sum, weight } = convolve.reference(each, paramsOf(each), {
      width: 131,
      height: 97,
      cellWidth: 1,
      cellHeight: 1,
    });
    expect(firstDifference(planes.sum, sum)).toBe(-1);
    expect(firstDifference(planes.weight, weight)).toBe(-1);
  });

  test('the same bytes for any tiles', async () => {
    const each = { ...CASES[2], width: 300, height: 211, values: field(300, 211) };
    const { planes, facts } = await solved(each, 300);
    expect(facts.blocks).toBeGreaterThan(1);
    const other = await solved(each, 37);
    for (const name of ['mean', 'sum', 'weight']) expect(firstDifference(other.planes[name], planes[name])).toBe(-1);
  });
});

describe('lines longer than a workgroup', () => {
  test.todo('on devices');
});
