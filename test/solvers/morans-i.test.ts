/** Moran's I: published numbers, the definition, any tiles, and what must not change it. */
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE, type Plane } from '../../src/core/cells.ts';
import { NEIGHBOURHOODS, type NeighbourhoodShape } from '../../src/core/neighbourhoods.ts';
import { inlinePool, type TaskPool } from '../../src/core/tasks.ts';
import { moransI } from '../../src/solvers/morans_i/index.ts';
import { moranTasks } from '../../src/solvers/morans_i/tasks.ts';
import { ground } from '../support/hot-spots.ts';
import { shuffledPool, solveWith } from '../support/solve.ts';
import { describeWithStatistics, statisticsJson } from '../support/statistics.ts';

const pool = inlinePool(moranTasks);

interface Given {
  readonly width: number;
  readonly height: number;
  readonly x: Float32Array;
  readonly y?: Float32Array;
  readonly shape: NeighbourhoodShape;
  readonly radius?: number;
  readonly weights: 'row' | 'binary';
}

const paramsOf = ({ shape, radius = 0, weights }: Given) => ({
  shape: NEIGHBOURHOODS.indexOf(shape),
  radius,
  weights: Number(weights === 'binary'),
});
const inputsOf = ({ x, y }: Given): Record<string, Plane> => (y ? { values: x, other: y } : { values: x });

async function moran(
  given: Given,
  { tile = 7, workers = pool, memory = 1e9 }: { tile?: number; workers?: TaskPool; memory?: number } = {},
) {
  const { width, height } = given;
  const { planes, facts } = await solveWith(moransI, {
    width,
    height,
    inputs: inputsOf(given),
    params: paramsOf(given),
    pool: workers,
    tile,
    memory,
  });
  return { local: planes.local as Float32Array, quadrant: planes.quadrant as Uint32Array, facts };
}

// biome-ignore lint/suspicious/noExplicitAny: each field of the file has a form of its own
const file: any = statisticsJson('moran/moran.json');
const planeOf = (rows: (number | null)[][]) => Float32Array.from(rows.flat(), (value) => value ?? NODATA);
const names: string[] = (file.cases ?? []).map(
  (each: { window: string; transform: string }) => `${each.window} ${each.transform}`,
);

describeWithStatistics("Moran's I of the shared cases", () => {
  function caseOf(name: string) {
    const each = file.cases[names.indexOf(name)];
    const disc = /^disc(.*)/.exec(each.window);
    const given: Given = {
      width: file.x[0].length,
      height: file.x.length,
      x: planeOf(file.x),
      shape: disc ? 'disc' : each.window,
      radius: disc ? Number(disc[1]) : 0,
      weights: each.transform === 'r' ? 'row' : 'binary',
    };
    return { given, each };
  }

  /** To a step of float32. */
  function off(found: ArrayLike<number>, expected: (number | null)[][]): number {
    let most = 0;
    for (const [i, value] of expected.flat().entries())
      most = Math.max(
        most,
        value === null ? Number(found[i] !== NODATA) : Math.abs(found[i] - value) / (1 + Math.abs(value)),
      );
    return most;
  }

  test.each(names)('%s', async (name) => {
    const { given, each } = caseOf(name);
    const { local, quadrant, facts } = await moran(given);
    expect(Math.abs(facts.i - each.I)).toBeLessThan(1e-9);
    expect(facts.s0).toBe(each.S0);
    expect(facts.islands).toBe(each.islands);
    expect(facts.expected).toBeCloseTo(each.EI, 15);
    expect(Math.abs(facts.variance / each.VI_norm - 1)).toBeLessThan(1e-9);
    expect(facts.z).toBeCloseTo(each.z_norm, 7);
    expect(facts.p / each.p_norm).toBeCloseTo(1, 6);
    expect(off(local, each.local_I)).toBeLessThan(1.2e-7);
    expect([...quadrant]).toEqual(each.quadrant.flat().map((value: number | null) => value ?? NODATA_CODE));
  });

  test.each(names)('%s, of two rasters', async (name) => {
    const { given, each } = caseOf(name);
    const { local, quadrant, facts } = await moran({ ...given, y: planeOf(file.y) });
    expect(Math.abs(facts.i - each.bivariate_I)).toBeLessThan(1e-9);
    expect(facts.variance).toBeUndefined();
    expect(off(local, each.bivariate_local_I)).toBeLessThan(1.2e-7);
    expect([...quadrant]).toEqual(each.bivariate_quadrant.flat().map((value: number | null) => value ?? NODATA_CODE));
  });
});

const CASES: readonly (Given & { name: string })[] = [
  { name: 'queen', width: 61, height: 40, x: ground(61, 40), shape: 'queen', weights: 'row' },
  { name: 'rook, binary', width: 61, height: 40, x: ground(61, 40), shape: 'rook', weights: 'binary' },
  { name: 'a disc', width: 45, height: 50, x: ground(45, 50), shape: 'disc', radius: 4.3, weights: 'row' },
  {
    name: 'a disc wider than the raster',
    width: 20,
    height: 50,
    x: ground(20, 50),
    shape: 'disc',
    radius: 30,
    weights: 'row',
  },
  {
    name: 'two rasters',
    width: 45,
    height: 50,
    x: ground(45, 50),
    y: ground(45, 50, { seed: 9, level: -3 }),
    shape: 'queen',
    weights: 'row',
  },
  { name: 'many islands', width: 40, height: 40, x: ground(40, 40, { holes: 0.8 }), shape: 'rook', weights: 'row' },
];

describe("Moran's I", () => {
  test.each(CASES)('by definition, in tiles and in a shuffled order: $name', async (each) => {
    const { width, height } = each;
    const expected = moransI.reference(inputsOf(each), paramsOf(each), { width, height, cellWidth: 1, cellHeight: 1 });
    const one = await moran(each, { tile: 500 });
    const many = await moran(each, { tile: 13, workers: shuffledPool(moranTasks, 3) });
    expect(one.local).toEqual(Float32Array.from(expected.local));
    expect(one.quadrant).toEqual(Uint32Array.from(expected.quadrant));
    expect(many.local).toEqual(one.local);
    expect(many.quadrant).toEqual(one.quadrant);
    const { blocks: _, edge: __, ...numbers } = one.facts;
    expect(many.facts).toMatchObject(numbers);
    expect(many.facts.blocks).toBeGreaterThan(1);
    // The mean of local I is I, but for the cells without neighbours and n − 1.
    const sum = one.local.reduce((all, value) => all + (value === NODATA ? 0 : value), 0);
    const { n, s0, i } = one.facts;
    if (!each.y) expect(((sum / (n - 1)) * n) / s0).toBeCloseTo(i, 5);
  });

  test('cells without neighbours have 0, and count', async () => {
    const x = new Float32Array(25).fill(NODATA);
    x.set([1, 5], 0);
    x[24] = 3;
    const { local, facts } = await moran({ width: 5, height: 5, x, shape: 'queen', weights: 'row' });
    expect(facts).toMatchObject({ n: 3, islands: 1, s0: 2 });
    // z = −2, 2, 0; Σ z² = 8; lags 2, −2, 0.
    expect(facts.i).toBeCloseTo((3 / 2) * (-8 / 8), 12);
    expect([...local.slice(0, 2), local[24]]).toEqual([-1, -1, 0]);
  });

  test.each([
    ['the same everywhere', new Float32Array(36).fill(2)],
    ['nodata everywhere', new Float32Array(36).fill(NODATA)],
    ['one valid cell', new Float32Array(36).fill(NODATA).fill(3, 7, 8)],
  ])('says nothing of a raster that is %s', async (_, x) => {
    const { local, quadrant, facts } = await moran({ width: 6, height: 6, x, shape: 'queen', weights: 'row' });
    expect(new Set(local)).toEqual(new Set([NODATA]));
    expect(new Set(quadrant)).toEqual(new Set([NODATA_CODE]));
    expect(facts.i).toBeUndefined();
  });

  test('refuses windows that memory has no room for', async () => {
    const each = { width: 300, height: 300, x: ground(300, 300), shape: 'disc', radius: 200, weights: 'row' } as const;
    await expect(moran(each, { tile: 64, memory: 1e6 })).rejects.toThrow(/do not fit the memory/);
  });
});
