/** Convolution by transforms that no task holds: the bytes of those that one task makes, whatever the parts, tiles, memory and order of work. */
import { describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { planBands } from '../../src/solvers/convolve/bands.ts';
import { CPU_LIMITS, planBlocks } from '../../src/solvers/convolve/block-plan.ts';
import { solveWithin, type TaskLimits } from '../../src/solvers/convolve/cpu.ts';
import { convolve } from '../../src/solvers/convolve/index.ts';
import { kernelOf, kernelSum, rawWeight, ringSums, ringsOf, sumOfRings } from '../../src/solvers/convolve/kernels.ts';
import { convolveTasks } from '../../src/solvers/convolve/tasks.ts';
import { coveredCells, extentOf } from '../../src/solvers/convolve/zero-cells.ts';
import { CASES, type ConvolutionCase, field, flags, meanAround, paramsOf, sources } from '../support/convolution.ts';
import { memoryScratch, requestOf, shuffledPool } from '../support/solve.ts';

const pool = inlinePool(convolveTasks);
const OUTPUTS = ['mean', 'sum', 'weight'];

/** Every transform in bands and groups as narrow as can be; every transform in one task. */
const IN_PARTS: TaskLimits = { points: 0, least: 1, shared: 0, part: 1 };
const FEW_PARTS: TaskLimits = { ...IN_PARTS, part: 2 ** 23 };
const WHOLE: TaskLimits = { points: Infinity, least: Infinity, shared: Infinity, part: 1 };

async function solved(given: ConvolutionCase, limits: TaskLimits, change: object = {}) {
  const { width, height, values, ...rest } = given;
  const request = requestOf(convolve.spec, {
    ...{ width, height, inputs: { values }, params: paramsOf(rest), pool },
    ...change,
  });
  const facts = await solveWithin(request, limits);
  return { planes: request.planes as Record<string, Float32Array>, facts };
}

/** By their bits: 0 and -0 are two values. */
function differing(a: Float32Array, b: Float32Array): number {
  const [left, right] = [new Uint32Array(a.buffer), new Uint32Array(b.buffer)];
  return left.length === right.length ? left.findIndex((bits, i) => bits !== right[i]) : 0;
}

describe('transforms in parts', () => {
  const transformed = CASES.filter(({ width, height, radius }) => width * height > 1 && radius > 0.3);
  test.each(transformed)('the same bytes: $name', async (each) => {
    const whole = await solved(each, WHOLE);
    const { planes, facts } = await solved(each, IN_PARTS);
    expect(facts.bands * facts.groups).toBeGreaterThan(1);
    for (const name of OUTPUTS) expect(differing(planes[name], whole.planes[name]), name).toBe(-1);
    const alone = await solved(each, IN_PARTS, { outputs: ['mean'] });
    expect(differing(alone.planes.mean, whole.planes.mean)).toBe(-1);
  });

  test.each([
    ['exponential', 6, field(290, 211)],
    ['exponential', 6, sources(290, 211)],
    ['disc', 70, flags(290, 211)],
  ] as const)(
    'a kernel %s of %i over many blocks, in any tiles, parts, memory and order',
    async (kernel, radius, values) => {
      const each = { name: '', width: 290, height: 211, kernel, radius, values };
      const whole = await solved(each, WHOLE);
      for (const [limits, change] of [
        [IN_PARTS, { tile: 16, memory: 1 }],
        [
          { ...IN_PARTS, part: 200_000 },
          { tile: 97, pool: shuffledPool(convolveTasks, 7) },
        ],
        [
          { ...IN_PARTS, part: 90_000 },
          { tile: 300, pool: shuffledPool(convolveTasks, 8), memory: 1e6 },
        ],
      ] as const) {
        const { planes, facts } = await solved(each, limits, change);
        expect(facts.groups).toBeGreaterThan(1);
        if ('memory' in change) expect(facts.spilled).toBeGreaterThan(1e5);
        for (const name of OUTPUTS) expect(differing(planes[name], whole.planes[name]), name).toBe(-1);
      }
    },
  );

  test('by their memory and workers: the same bytes', async () => {
    const each = {
      name: '',
      width: 1200,
      height: 1300,
      kernel: 'exponential',
      radius: 100,
      values: field(1200, 1300),
    } as const;
    const request = (memory: number) =>
      requestOf(convolve.spec, {
        ...{ width: 1200, height: 1300, inputs: { values: each.values }, params: paramsOf(each), pool, memory },
        outputs: ['mean'],
      });
    const [much, little] = [request(1e9), request(1)];
    const facts = await convolve.cpu(much);
    expect(facts.bands).toBeUndefined();
    expect(facts.transform_x * facts.transform_y * 32).toBeGreaterThan(2 ** 26);
    expect((await convolve.cpu(little)).bands).toBeGreaterThan(1);
    expect(differing(little.planes.mean as Float32Array, much.planes.mean as Float32Array)).toBe(-1);
    const many = request(1e9);
    expect((await convolve.cpu({ ...many, pool: shuffledPool(convolveTasks, 2, 15) })).bands).toBeUndefined(); // too small to share
  });

  test('one value, and none', async () => {
    for (const value of [Math.fround(0.1), NODATA]) {
      const values = new Float32Array(90 * 80).map((_, i) => (i % 7 === 0 ? NODATA : value));
      const each = { name: '', width: 90, height: 80, kernel: 'exponential', radius: 3, values } as const;
      const { planes } = await solved(each, IN_PARTS, { outputs: ['mean'] });
      expect(differing(planes.mean, values)).toBe(-1);
      const all = await solved(each, IN_PARTS);
      const whole = await solved(each, WHOLE);
      for (const name of OUTPUTS) expect(differing(all.planes[name], whole.planes[name])).toBe(-1);
    }
  });

  test('a scratch file that fails ends it, and is closed', async () => {
    const values = field(200, 150);
    let closed = 0;
    const request = requestOf(convolve.spec, {
      width: 200,
      height: 150,
      inputs: { values },
      params: { kernel: 0, radius: 9 },
      pool,
      memory: 1,
    });
    const openScratch = async () => ({
      ...memoryScratch(),
      append: async () => Promise.reject(new Error('the disk is full')),
      dispose: async () => {
        closed++;
      },
    });
    await expect(solveWithin({ ...request, openScratch }, IN_PARTS)).rejects.toThrow('the disk is full');
    expect(closed).toBeGreaterThan(0);
  });

  test('parts cover the transform, and are no more than 512 by 512', () => {
    for (const [lengthX, lengthY, bytes] of [
      [16, 24, 1],
      [40, 1152, 20_000],
      [15360, 12288, 2 ** 26],
      [131072, 98304, 1],
    ]) {
      const { rows, columns, bands, groups } = planBands({ lengthX, lengthY }, bytes);
      expect([rows % 8, columns % 16]).toEqual([0, 0]);
      expect(Math.max(bands, groups)).toBeLessThanOrEqual(512);
      expect([(bands - 1) * rows < lengthY, bands * rows >= lengthY]).toEqual([true, true]);
      expect([(groups - 1) * columns < lengthX, groups * columns >= lengthX]).toEqual([true, true]);
    }
  });
});

describe('kernels of any reach', () => {
  test('further than any transform of one task: sampled cells against their sums', async () => {
    const [width, height] = [30_000, 3];
    const values = field(width, height, { holes: 0.3 });
    for (const [kernel, radius, limits] of [
      ['exponential', 2500, FEW_PARTS],
      ['quartic', 9000, WHOLE],
    ] as const) {
      const each = { name: '', width, height, kernel, radius, values };
      const { planes, facts } = await solved(each, limits, { tile: 4096, outputs: ['mean'] });
      expect(facts.transform_x).toBeGreaterThan(2 * 9000);
      for (let cell = 11; cell < values.length; cell += 3001) {
        if (values[cell] === NODATA) expect(planes.mean[cell]).toBe(NODATA);
        else expect(Math.abs(planes.mean[cell] / meanAround(each, cell) - 1)).toBeLessThan(1e-7);
      }
    }
  });

  test('wider than the raster: all cells against the definition', async () => {
    const each = {
      name: '',
      width: 70,
      height: 53,
      kernel: 'exponential',
      radius: 300,
      values: field(70, 53),
    } as const;
    const { planes } = await solved(each, IN_PARTS, { outputs: ['mean'] });
    each.values.forEach((value, cell) => {
      if (value !== NODATA) expect(Math.abs(planes.mean[cell] / meanAround(each, cell) - 1)).toBeLessThan(1e-7);
    });
  });

  test.each([
    [1000, 140_000],
    [20_000, 100_000],
    [100_000, 400_000],
  ])('a reach of %i cells on rasters of %i² has blocks', (reach, edge) => {
    const plan = planBlocks({ width: edge, height: edge }, { reachX: reach, reachY: reach }, CPU_LIMITS)!;
    expect(plan.blockWidth + 2 * plan.marginX).toBeLessThanOrEqual(plan.lengthX);
    expect(plan.blockWidth * plan.columns).toBeGreaterThanOrEqual(edge);
    expect(plan.lengthX * plan.lengthY).toBeLessThan(40 * plan.blockWidth * plan.blockHeight);
  });

  test('the sum of a kernel is that of its cells, and the same in any parts', () => {
    const shape = { width: 500, height: 400 };
    for (const [kernel, radius] of [
      [0, 7.3],
      [2, 40],
      [3, 33.5],
    ]) {
      const given = kernelOf({ kernel, radius }, shape);
      let total = 0;
      for (let y = -50; y <= 50; y++)
        for (let x = -50; x <= 50; x++) total += rawWeight(given.shape, radius, x * x + y * y);
      expect(kernelSum(given) / total).toBeCloseTo(1, 13);
      const ends = [0, 1, 5, 20, ringsOf(given)];
      const parts = ends.slice(1).map((end, i) => ringSums(given, ends[i], end));
      expect(sumOfRings(given, parts)).toBe(kernelSum(given));
    }
  });

  // By a transform their means would be 10⁻⁴ off: it errs by a part of the largest values around.
  test.each([WHOLE, FEW_PARTS])('a cell far from all others has its own value as its mean', async (limits) => {
    const [width, height, radius] = [25_000, 2, 12_000];
    const values = field(width, height, { level: 1e6, spread: 4e5 }).fill(NODATA, 12_000, width);
    values.fill(NODATA, width + 12_000);
    const lonely = [2 * width - 3, 2 * width - 900];
    values[lonely[0]] = 0.01;
    values[lonely[1]] = -0.02;
    const each = { name: '', width, height, kernel: 'linear', radius, values } as const;
    const { planes } = await solved(each, limits, { tile: 8192 });
    const total = kernelSum(kernelOf(paramsOf(each), { width, height }));
    const [centre, next] = [Math.fround(1 / total), Math.fround((1 - 897 / radius) / total)];
    expect(planes.weight[lonely[0]]).toBe(Math.fround(centre + next));
    expect(planes.sum[lonely[0]] / (values[lonely[0]] * centre + values[lonely[1]] * next)).toBeCloseTo(1, 6);
    for (const cell of [...lonely, 5, 11_000])
      expect(Math.abs(planes.mean[cell] / meanAround(each, cell) - 1)).toBeLessThan(1e-7);
  });
});

describe('exactly 0', () => {
  test.each([
    ['exponential', 4],
    ['quartic', 25],
    ['linear', 21],
    ['disc', 70],
  ] as const)('where no source is within the kernel, and only there: %s of %i', async (kernel, radius) => {
    const [width, height] = [220, 190];
    const values = sources(width, height, 21, 0.0001);
    const { planes } = await solved({ name: '', width, height, kernel, radius, values }, IN_PARTS);
    const limit = (kernel === 'exponential' ? 5 : 1) * radius;
    const open = kernel === 'quartic' || kernel === 'linear';
    const places = [...values.keys()].filter((i) => values[i] !== 0 && values[i] !== NODATA);
    const wrong: number[] = [];
    let zeros = 0;
    values.forEach((value, i) => {
      if (value === NODATA) return;
      const near = places.some((p) => {
        const squared = ((p % width) - (i % width)) ** 2 + (Math.floor(p / width) - Math.floor(i / width)) ** 2;
        return open ? squared < limit * limit : squared <= limit * limit;
      });
      zeros += near ? 0 : 1;
      if (Object.is(planes.sum[i], 0) === near || Object.is(planes.mean[i], 0) === near) wrong.push(i);
    });
    expect(wrong).toEqual([]);
    expect(zeros).toBeGreaterThan(500);
  });

  // What the second source gives is below the error that the first one leaves in a sum.
  test('not where the only source is small beside others', async () => {
    const [width, height, radius, row] = [900, 40, 300, 20];
    const values = new Float32Array(width * height).fill(1e9, 0, 40);
    values[row * width + 700] = 1e-4;
    const expected = Array.from({ length: width }, (_, x) => {
      const first = Math.max(0, x - 39) ** 2 + row ** 2 < radius ** 2;
      return Number(first || Math.abs(x - 700) < radius);
    });
    expect(new Set(expected)).toEqual(new Set([0, 1]));
    for (const limits of [WHOLE, FEW_PARTS])
      for (const sign of [1, -1]) {
        const signed = values.map((value) => sign * value);
        const each = { name: '', width, height, kernel: 'quartic', radius, values: signed } as const;
        const { planes } = await solved(each, limits);
        for (const name of ['mean', 'sum']) {
          const signs = planes[name].subarray(row * width, (row + 1) * width);
          expect([...signs].map((value) => sign * Math.sign(value) || 0)).toEqual(expected);
        }
      }
  });

  test('what rows cover of others: as all rows together', () => {
    const [width, height] = [60, 90];
    const values = sources(width, height, 4, 0.0007);
    const kernel = { shape: 'disc', radius: 13.5 } as const;
    const all = coveredCells(values, width, kernel);
    expect(new Set(all)).toEqual(new Set([0, 1]));
    const [from, to] = [24, 40];
    const before = extentOf(values.subarray(0, from * width), width, kernel, 0);
    const after = extentOf(values.subarray(to * width), width, kernel, to);
    const cover = { above: before.last, below: after.first };
    const some = coveredCells(values.subarray(from * width, to * width), width, kernel, cover, from);
    expect([...some]).toEqual([...all.subarray(from * width, to * width)]);
    expect([...coveredCells(values.subarray(from * width, to * width), width, kernel)]).not.toEqual([...some]);
  });
});
