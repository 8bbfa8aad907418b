/** Convolution in worker tasks: against the definition on whole rasters and on random cells of larger ones, exact where it says so. */
import { describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { inlinePool, type TaskPool } from '../../src/core/tasks.ts';
import type { Values } from '../../src/core/values.ts';
import { randomNumbers } from '../../src/gpu/self-test-data.ts';
import { backward, fftPlan, forward, frequencyOrder } from '../../src/solvers/convolve/fft.ts';
import { convolve } from '../../src/solvers/convolve/index.ts';
import { kernelOf, weightsOf } from '../../src/solvers/convolve/kernels.ts';
import { convolveTasks } from '../../src/solvers/convolve/tasks.ts';
import { LANES, STEP } from '../../src/solvers/convolve/transform.ts';
import { RECORD } from '../../src/solvers/convolve/wasm/lines.ts';
import { instantiate } from '../../src/solvers/convolve/wasm/module.ts';
import { comparePlanes } from '../support/compare.ts';
import {
  CASES,
  type ConvolutionCase,
  field,
  firstDifference,
  flags,
  paramsOf,
  sources,
} from '../support/convolution.ts';
import { shuffledPool, solveWith } from '../support/solve.ts';

const pool = inlinePool(convolveTasks);
const shapeOf = (width: number, height: number) => ({ width, height, cellWidth: 1, cellHeight: 1 });
const tolerance = convolve.spec.tolerance as { rtol: number; atol: number };

function solved({ width, height, values, ...rest }: ConvolutionCase, change: object = {}) {
  return solveWith(convolve, { width, height, inputs: { values }, params: paramsOf(rest), pool, ...change });
}

describe('transforms of many lines', () => {
  test.each([8, 16, 32, 24, 36, 40, 120, 128, 144])('of %i points: a Fourier transform forward, and back', (length) => {
    const plan = fftPlan(length);
    const [turns, at] = [RECORD, RECORD + 8 * plan.turns.length];
    const { functions, numbers } = instantiate(at + length * RECORD);
    numbers.set(plan.turns, turns / 8);
    const random = randomNumbers(length);
    const lines = numbers.subarray(at / 8, at / 8 + length * STEP);
    lines.forEach((_, i) => {
      lines[i] = random();
    });
    const before = lines.slice();
    forward(plan, functions, at, turns);
    const order = frequencyOrder(length);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, k) => k));
    for (const lane of [0, 3, LANES - 1])
      for (let place = 0; place < length; place++) {
        let [real, imaginary] = [0, 0];
        for (let t = 0; t < length; t++) {
          const angle = (-2 * Math.PI * ((t * order[place]) % length)) / length;
          const [a, b] = [before[t * STEP + lane], before[t * STEP + LANES + lane]];
          real += a * Math.cos(angle) - b * Math.sin(angle);
          imaginary += a * Math.sin(angle) + b * Math.cos(angle);
        }
        expect(lines[place * STEP + lane]).toBeCloseTo(real, 11);
        expect(lines[place * STEP + LANES + lane]).toBeCloseTo(imaginary, 11);
      }
    backward(plan, functions, at, turns);
    before.forEach((value, i) => {
      expect(lines[i] / length).toBeCloseTo(value, 13);
    });
  });
});

describe('kernels', () => {
  test('by hand: a disc of 1, an exponential kernel of 1 to its cut-off, a quartic of 2', () => {
    const around = shapeOf(100, 100);
    expect([...weightsOf(kernelOf({ kernel: 1, radius: 1 }, around))]).toEqual([1, 1, 1, 0]);
    const exponential = kernelOf({ kernel: 0, radius: 1 }, around);
    expect(exponential.reachX).toBe(5);
    let total = 0;
    for (let y = -5; y <= 5; y++)
      for (let x = -5; x <= 5; x++) total += Math.hypot(x, y) <= 5 ? Math.exp(-Math.hypot(x, y)) : 0;
    const weights = weightsOf(exponential);
    expect(weights[0]).toBe(Math.fround(1 / total));
    expect(weights[3 * 6 + 4]).toBe(Math.fround(Math.exp(-5) / total)); // r = 5 is still inside
    expect(weights[6 + 5]).toBe(0);
    // (1 − r²/4)²: 1 at the centre, 9/16 four times, 1/4 four times, 0 at 2.
    expect([...weightsOf(kernelOf({ kernel: 2, radius: 2 }, around))]).toEqual(
      [1, 9 / 16, 0, 9 / 16, 1 / 4, 0, 0, 0, 0].map((weight) => Math.fround(weight / (1 + 4 * (9 / 16 + 1 / 4)))),
    );
  });

  test('a radius of 0 is refused', async () => {
    for (const radius of [0, -1, Number.NaN])
      expect(() => kernelOf({ kernel: 0, radius }, shapeOf(9, 9))).toThrow(/no cell beside its centre.*distance/);
    await expect(solved({ ...CASES[0], radius: 0 })).rejects.toThrow('a radius of 0 cells');
  });
});

describe('kernel means and sums', () => {
  test.each(CASES)('$name', async (each) => {
    const { width, height, values } = each;
    const { planes } = await solved(each);
    const expected = convolve.reference({ values }, paramsOf(each), shapeOf(width, height));
    for (const [name, plane] of Object.entries(planes)) {
      const result = comparePlanes(plane, expected[name], width, tolerance);
      expect(result.passed, `${name}: ${result.worst}`).toBe(true);
      // float64 inside: what is left is the rounding of the result.
      expect(result.maxAbsolute).toBeLessThanOrEqual(
        6e-8 * Math.max(...expected[name].map(Math.abs).filter((v) => v < 1e30)),
      );
    }
    expect(new Set(planes.mean).size).toBeGreaterThan(width * height > 1 ? 5 : 0);
    const { planes: alone } = await solved(each, { outputs: ['mean'] });
    expect(firstDifference(alone.mean, planes.mean)).toBe(-1);
  });

  test('the same bytes for any tiles, order of work and memory', async () => {
    const each = { ...CASES[3], width: 300, height: 211, values: field(300, 211) };
    const { planes } = await solved(each, { tile: 300 });
    for (const change of [
      { tile: 16 },
      { tile: 97 },
      { pool: shuffledPool(convolveTasks, 7) },
      { tile: 64, memory: 1 },
    ]) {
      const other = await solved(each, change);
      for (const name of ['mean', 'sum', 'weight']) expect(firstDifference(other.planes[name], planes[name])).toBe(-1);
    }
  });

  test('as many blocks at once as there is memory for, and one at least', async () => {
    const each = { ...CASES[3], radius: 0.3, width: 700, height: 300, values: field(700, 300) };
    const inner = shuffledPool(convolveTasks, 3);
    const most: number[] = [];
    for (const memory of [1, 1e9]) {
      let [running, together] = [0, 0];
      const counted: TaskPool = {
        ...inner,
        async run(task, input) {
          together = Math.max(together, ++running);
          return inner.run<typeof input, never>(task, input).finally(() => running--);
        },
      };
      expect((await solved(each, { memory, pool: counted })).facts.blocks).toBeGreaterThan(inner.size);
      most.push(together);
    }
    expect(most).toEqual([1, inner.size + 1]);
  });

  test('exactly 0 where no source is within the kernel, and only there', async () => {
    for (const [kernel, radius] of [
      ['exponential', 2],
      ['exponential', 7],
      ['quartic', 25],
      ['linear', 10],
      ['disc', 12],
    ] as const) {
      const [width, height] = [220, 150];
      const values = sources(width, height, 21, 0.0003);
      const { planes } = await solved({ name: '', width, height, kernel, radius, values });
      const limit = (kernel === 'exponential' ? 5 : 1) * radius;
      const open = kernel === 'quartic' || kernel === 'linear';
      const places = [...values.keys()].filter((i) => values[i] !== 0 && values[i] !== NODATA);
      let zeros = 0;
      const wrong: number[] = [];
      values.forEach((value, i) => {
        if (value === NODATA) return;
        const near = places.some((p) => {
          const squared = ((p % width) - (i % width)) ** 2 + (Math.floor(p / width) - Math.floor(i / width)) ** 2;
          return open ? squared < limit * limit : squared <= limit * limit;
        });
        zeros += near ? 0 : 1;
        if ((planes.sum[i] === 0) === near || (planes.mean[i] === 0) === near) wrong.push(i);
      });
      expect(wrong).toEqual([]);
      expect(zeros).toBeGreaterThan(1000);
    }
  });

  test('counts in discs are exact, by transforms too', async () => {
    const each = { name: '', width: 150, height: 110, kernel: 'disc', radius: 24, values: flags(150, 110) } as const;
    const { planes, facts } = await solved(each, { outputs: ['sum', 'weight'] });
    expect(facts.transform_x).toBeGreaterThan(0);
    const { sum, weight } = convolve.reference(each, paramsOf(each), shapeOf(150, 110));
    expect(firstDifference(planes.sum, sum)).toBe(-1);
    expect(firstDifference(planes.weight, weight)).toBe(-1);
    expect(Math.max(...weight)).toBeGreaterThan(1550); // nine tenths of the 1793 cells of the disc
  });

  test('a constant stays the same to the last bit', async () => {
    const values = field(200, 150).map((value) => (value === NODATA ? NODATA : Math.fround(0.1)));
    for (const radius of [0.5, 6]) {
      const { planes } = await solved({ name: '', width: 200, height: 150, kernel: 'exponential', radius, values });
      expect(firstDifference(planes.mean, values)).toBe(-1);
    }
  });

  test('random cells of a larger raster against sums over the kernel', async () => {
    const [width, height, radius] = [900, 700, 20];
    const values = field(width, height, { level: 1000, spread: 0.5 });
    const { planes } = await solved({ name: '', width, height, kernel: 'exponential', radius, values }, { tile: 256 });
    const random = randomNumbers(77);
    const weights = weightsOf(kernelOf({ kernel: 0, radius }, shapeOf(width, height)));
    const cells = Array.from({ length: 60 }, () => Math.floor(random() * width * height));
    cells.push((height - 2) * width + width - 3); // alone among nodata
    for (const cell of cells.filter((i) => values[i] !== NODATA)) {
      const { mean, weight } = sumsAround(values, width, height, cell, weights, 5 * radius);
      expect(Math.abs(planes.mean[cell] / mean - 1)).toBeLessThan(1e-7);
      expect(Math.abs(planes.weight[cell] / weight - 1)).toBeLessThan(1e-7);
    }
  });
});

function sumsAround(
  values: Float32Array,
  width: number,
  height: number,
  cell: number,
  weights: Float32Array,
  reach: number,
): Values {
  let [sum, weight] = [0, 0];
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      const [x, y] = [(cell % width) + dx, Math.floor(cell / width) + dy];
      if (x < 0 || y < 0 || x >= width || y >= height || values[y * width + x] === NODATA) continue;
      const k = weights[Math.abs(dy) * (reach + 1) + Math.abs(dx)];
      sum += k * values[y * width + x];
      weight += k;
    }
  return { mean: sum / weight, weight };
}
