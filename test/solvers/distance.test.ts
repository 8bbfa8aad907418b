/** Distance and allocation against the search through all sources, for any tiles and schedule, on threads and on devices. */
import { describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { lookBeyond, nearestAbove, packColumns } from '../../src/solvers/distance/columns.ts';
import { distance } from '../../src/solvers/distance/index.ts';
import { distanceRows, NONE } from '../../src/solvers/distance/rows.ts';
import { distanceTasks } from '../../src/solvers/distance/tasks.ts';
import { describeDrivers } from '../support/drivers.ts';
import { openDriver } from '../support/executors.ts';
import { requestOf, shuffledPool, solveWith } from '../support/solve.ts';

const pool = inlinePool(distanceTasks);
type Found = Readonly<Record<'squared' | 'distance' | 'allocation', ArrayLike<number>>>;

/** Every source for every cell. */
function searched(source: Uint32Array, width: number): Found {
  const sources = [...source.keys()].filter((i) => source[i] !== 0 && source[i] !== NODATA_CODE);
  const squared = new Uint32Array(source.length).fill(NODATA_CODE);
  const distance = new Float32Array(source.length).fill(NODATA);
  const allocation = new Uint32Array(source.length).fill(NODATA_CODE);
  for (let i = 0; i < source.length; i++) {
    let best = Infinity;
    for (const s of sources) {
      const square = ((i % width) - (s % width)) ** 2 + (Math.floor(i / width) - Math.floor(s / width)) ** 2;
      if (square >= best) continue;
      best = square;
      [squared[i], distance[i], allocation[i]] = [square, Math.sqrt(square), s];
    }
  }
  return { squared, distance, allocation };
}

/** Sources with a probability, some of other numbers than 1, some cells nodata. */
function scattered(cells: number, share: number, seed: number): Uint32Array {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Uint32Array.from({ length: cells }, () => {
    if (random() < 0.1) return NODATA_CODE;
    return random() < share ? 1 + Math.floor(3 * random()) : 0;
  });
}

function only(cells: number, ...at: number[]): Uint32Array {
  const source = new Uint32Array(cells);
  for (const i of at) source[i] = 1;
  return source;
}

const CASES: readonly (readonly [string, number, Uint32Array])[] = [
  ['many sources', 67, scattered(67 * 53, 0.2, 1)],
  ['few sources', 67, scattered(67 * 53, 0.004, 2)],
  ['one source', 40, only(40 * 33, 17 * 40 + 25)],
  ['the corners, all ties in the middle', 33, only(33 * 33, 0, 32, 32 * 33, 33 * 33 - 1)],
  ['a ring of equal distances', 11, only(121, 5 * 11, 5 * 11 + 10, 5, 10 * 11 + 5, 2 * 11 + 1, 2 * 11 + 9, 8 * 11 + 1)],
  [
    'a lattice',
    41,
    Uint32Array.from({ length: 41 * 37 }, (_, i) => +((i % 41) % 4 === 0 && Math.floor(i / 41) % 6 === 0)),
  ],
  ['no source', 37, new Uint32Array(37 * 20)],
  ['nothing but nodata', 9, new Uint32Array(63).fill(NODATA_CODE)],
  ['nothing but sources', 37, new Uint32Array(37 * 20).fill(1)],
  ['one row', 83, scattered(83, 0.05, 3)],
  ['one column', 1, scattered(91, 0.05, 4)],
  ['one cell', 1, only(1, 0)],
  ['one cell without a source', 1, only(1)],
];

function expectSame(planes: Readonly<Record<string, ArrayLike<number>>>, expected: Found): void {
  for (const [name, plane] of Object.entries(planes))
    expect(Array.from(plane), name).toEqual(Array.from(expected[name as keyof Found]));
}

describe.each(CASES)('%s', (_, width, source) => {
  const height = source.length / width;
  const expected = searched(source, width);

  test('the reference is the search', () => {
    const found = distance.reference({ source }, {}, { width, height, cellWidth: 1, cellHeight: 1 });
    expectSame({ ...found, distance: Float32Array.from(found.distance) }, expected);
  });

  test.each([7, 16, 64])('tiles of %i cells', async (tile) => {
    const { planes } = await solveWith(distance, { width, height, inputs: { source }, tile, pool });
    expect(Object.keys(planes)).toEqual(['squared', 'distance', 'allocation']);
    expectSame(planes, expected);
  });

  test('workers that end in another order, and no memory', async () => {
    const given = { width, height, inputs: { source }, tile: 16, pool: shuffledPool(distanceTasks, 5), memory: 0 };
    expectSame((await solveWith(distance, given)).planes, expected);
  });

  test.each(['squared', 'distance', 'allocation'])('%s alone', async (name) => {
    const given = { width, height, inputs: { source }, tile: 16, pool, outputs: [name] };
    const { planes } = await solveWith(distance, given);
    expect(Object.keys(planes)).toEqual([name]);
    expectSame(planes, expected);
  });
});

test('small rasters of all kinds, where ties are many', async () => {
  for (let seed = 1; seed <= 300; seed++) {
    const [width, height] = [1 + (seed % 11), 1 + (seed % 7)];
    const source = scattered(width * height, [0.05, 0.2, 0.6][seed % 3], seed);
    const { planes } = await solveWith(distance, { width, height, inputs: { source }, tile: 4, pool });
    expectSame(planes, searched(source, width));
  }
});

/** Bytes, where they are few. */
type Memories = { readonly deviceMemory?: number; readonly memory?: number };

describeDrivers('distance on the device', (driver) => {
  test('the same as the search, in one strip and in strips', async () => {
    for (const { deviceMemory, memory } of [{}, { deviceMemory: 60_000 }, { memory: 10_000 }] as Memories[]) {
      const gpu = await openDriver(driver, { deviceMemory });
      for (const [name, width, source] of CASES) {
        const given = { width, height: source.length / width, inputs: { source }, tile: 16, pool, memory };
        const request = requestOf(distance.spec, given);
        const { strips } = await distance.gpu!({ ...request, gpu });
        if ((deviceMemory || memory) && name === 'many sources') expect(strips).toBeGreaterThan(3);
        if (!deviceMemory && !memory) expect(strips).toBe(1);
        expectSame(request.planes, searched(source, width));
      }
      await gpu.destroy();
    }
  });

  test('all levels of the search, far sources, and roots of large numbers', async () => {
    const gpu = await openDriver(driver);
    for (const [width, height, ...at] of [
      [1900, 70, 0, 1899 + 1900 * 69],
      [40000, 3, 17, 39999],
      [2, 46000, 0],
      [1100, 60, 30 * 1100 + 3, 12 * 1100 + 700, 59 * 1100 + 701],
    ]) {
      const given = { width, height, inputs: { source: only(width * height, ...at) }, tile: 4096, pool };
      const request = requestOf(distance.spec, given);
      await distance.gpu!({ ...request, gpu });
      const { planes } = await solveWith(distance, given);
      for (const [name, plane] of Object.entries(planes)) {
        const differs = plane.findIndex((value, i) => value !== request.planes[name][i]);
        expect(differs, `${name} of ${width} × ${height}`).toBe(-1);
      }
    }
    await gpu.destroy();
  });
});

describe('rows far down a raster', () => {
  // Squares of 33 bits: beyond what a plane can hold, and still exact.
  test('compare squares beyond 32 bits', () => {
    const [width, y] = [5, 200_000];
    const above = Int32Array.of(100, NONE, NONE, NONE, 101);
    const planes = { distance: new Float32Array(width), allocation: new Uint32Array(width) };
    const largest = distanceRows(above, width, y, new Int32Array(width).fill(NONE), planes);
    expect(Math.sqrt(largest)).toBeCloseTo(199_899, 3);
    expect([...planes.allocation]).toEqual(new Array(width).fill(101 * 5 + 4));
  });

  test('squares that no plane holds are refused, and so are indices', async () => {
    const [width, height] = [1, 70_000];
    const given = { width, height, inputs: { source: only(height, 0) }, tile: 8192, pool };
    await expect(solveWith(distance, { ...given, outputs: ['squared'] })).rejects.toThrow(
      'a source is too far away (found 69999 cells, expected up to 65535 cells). Use larger cells',
    );
    const { planes } = await solveWith(distance, { ...given, outputs: ['distance'] });
    expect(planes.distance.at(-1)).toBe(69_999);
    const wide = { ...requestOf(distance.spec, given), shape: { width: 70_000, height, cellWidth: 1, cellHeight: 1 } };
    await expect(distance.cpu(wide)).rejects.toThrow('the cells of the raster have no number in 32 bits');
  });
});

test('bits and ends of columns, in strips of a tile', () => {
  const source = only(35 * 5, 0, 34, 35 * 3 + 33, 35 * 4);
  const { words, first, last } = packColumns(source, 35, 100, 3);
  expect([...first.subarray(0, 35)].filter((row) => row !== NONE)).toEqual([100, 100]);
  expect([first[35], last[35], first[35 + 33], last[35 + 34]]).toEqual([104, 104, 103, NONE]);
  const up = nearestAbove([{ width: 35, words }], 5, 100, new Int32Array(35).fill(7));
  expect([up[0], up[35], up[35 * 3 + 33], up[35 * 4], up[35 * 4 + 1]]).toEqual([100, 100, 103, 104, 7]);
  const strips = [
    { first: Int32Array.of(3, NONE), last: Int32Array.of(5, NONE) },
    { first: Int32Array.of(8, 9), last: Int32Array.of(8, 9) },
  ];
  lookBeyond(strips);
  expect(strips.map(({ first: below, last: above }) => [...above, ...below])).toEqual([
    [NONE, NONE, 8, 9],
    [5, NONE, NONE, NONE],
  ]);
});
