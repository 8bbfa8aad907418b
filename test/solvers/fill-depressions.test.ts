/** Filling against its definition, hand-made cases, the reference fixtures and InVEST's own filled DEMs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { fillDepressions } from '../../src/solvers/fill_depressions/index.ts';
import { fillTasks } from '../../src/solvers/fill_depressions/tasks.ts';
import { describeWithHydrology, hydrologyPlane } from '../support/hydrology.ts';
import { describeWithInvest, loadPlane } from '../support/invest.ts';
import { requestOf, shuffledPool, solveWith } from '../support/solve.ts';
import { bitsOf, cells, fractal, holed, random } from '../support/terrain.ts';

const pool = inlinePool(fillTasks);
const SHAPE = { cellWidth: 1, cellHeight: 1 };

async function filledBy(dem: Float32Array, width: number, tile: number, by = pool): Promise<Float32Array> {
  const height = dem.length / width;
  const { planes } = await solveWith(fillDepressions, { width, height, inputs: { dem }, tile, pool: by, memory: 4096 });
  return planes.filled as Float32Array;
}

function defined(dem: Float32Array, width: number): Float32Array {
  const shape = { ...SHAPE, width, height: dem.length / width };
  return Float32Array.from(fillDepressions.reference({ dem }, {}, shape).filled);
}

describe('hand-made', () => {
  const N = NODATA;
  test.each<[string, number[][], number[][]]>([
    ['one cell', [[5]], [[5]]],
    ['a row', [[3, 1, 2]], [[3, 1, 2]]],
    [
      'nothing but nodata',
      [
        [N, N],
        [N, N],
      ],
      [
        [N, N],
        [N, N],
      ],
    ],
    [
      'a plane',
      [
        [1, 2, 3],
        [1, 2, 3],
        [1, 2, 3],
      ],
      [
        [1, 2, 3],
        [1, 2, 3],
        [1, 2, 3],
      ],
    ],
    [
      'a pit',
      [
        [5, 5, 5],
        [5, 1, 4],
        [5, 5, 5],
      ],
      [
        [5, 5, 5],
        [5, 4, 4],
        [5, 5, 5],
      ],
    ],
    [
      'a pit that leaves by a corner',
      [
        [5, 5, 3],
        [5, 1, 4],
        [5, 5, 5],
      ],
      [
        [5, 5, 3],
        [5, 3, 4],
        [5, 5, 5],
      ],
    ],
    [
      'a nodata hole is an outlet',
      [
        [5, 5, 5, 5],
        [5, 1, 2, 5],
        [5, 2, N, 5],
        [5, 5, 5, 5],
      ],
      [
        [5, 5, 5, 5],
        [5, 1, 2, 5],
        [5, 2, N, 5],
        [5, 5, 5, 5],
      ],
    ],
    [
      'below sea level',
      [
        [-1, -1, -1],
        [-1, -9, -2],
        [-1, -1, -1],
      ],
      [
        [-1, -1, -1],
        [-1, -2, -2],
        [-1, -1, -1],
      ],
    ],
    [
      'a nested pit',
      [
        [9, 9, 9, 9, 9, 9],
        [9, 1, 4, 2, 7, 8],
        [9, 9, 9, 9, 9, 9],
      ],
      [
        [9, 9, 9, 9, 9, 9],
        [9, 8, 8, 8, 8, 8],
        [9, 9, 9, 9, 9, 9],
      ],
    ],
    [
      'a dam with a gap of one cell',
      [
        [9, 9, 9, 9, 9],
        [9, 2, 9, 1, 0],
        [9, 3, 4, 1, 0],
        [9, 2, 9, 1, 0],
        [9, 9, 9, 9, 9],
      ],
      [
        [9, 9, 9, 9, 9],
        [9, 4, 9, 1, 0],
        [9, 4, 4, 1, 0],
        [9, 4, 9, 1, 0],
        [9, 9, 9, 9, 9],
      ],
    ],
  ])('%s', async (_, dem, expected) => {
    const width = dem[0].length;
    for (const tile of [1, 2, 3, 64]) expect(await filledBy(cells(dem), width, tile)).toEqual(cells(expected));
    expect(defined(cells(dem), width)).toEqual(cells(expected));
  });

  test('−0 counts as 0; a cell that is not raised keeps its sign, one that is gets 0', async () => {
    const dem = cells([
      [1, 1, 1, 1],
      [1, -1, -0, 1],
      [1, 1, -0, 1],
    ]);
    const filled = cells([
      [1, 1, 1, 1],
      [1, 0, -0, 1],
      [1, 1, -0, 1],
    ]);
    for (const tile of [1, 2, 64]) expect(bitsOf(await filledBy(dem, 4, tile))).toEqual(bitsOf(filled));
    expect(bitsOf(defined(dem, 4))).toEqual(bitsOf(filled));
  });

  test('a cone and a flat are as they were', async () => {
    const cone = Float32Array.from({ length: 41 * 37 }, (_, i) => -Math.hypot((i % 41) - 20, Math.floor(i / 41) - 18));
    for (const dem of [cone, new Float32Array(41 * 37).fill(7)]) expect(await filledBy(dem, 41, 16)).toEqual(dem);
  });

  test('a basin as large as the grid spills over the lowest cell of its rim', async () => {
    const dem = Float32Array.from({ length: 50 * 50 }, (_, i) => Math.hypot((i % 50) - 25, Math.floor(i / 50) - 25));
    const lowest = Math.min(...dem.filter((_, i) => i % 50 === 0 || i % 50 === 49 || i < 50 || i >= 2450));
    expect(await filledBy(dem, 50, 7)).toEqual(dem.map((height) => Math.max(height, lowest)));
  });
});

describe('any tiles, any schedule', () => {
  const terrains: [string, Float32Array, number][] = [
    ['noise', random(83, 61, 1), 83],
    ['hills', fractal(83, 61, 2), 83],
    ['hills in whole metres', fractal(83, 61, 3).map((height) => Math.round(height / 5)), 83],
    ['hills with holes', holed(fractal(83, 61, 4), 5), 83],
    ['one row', random(200, 1, 6), 200],
    ['one column', random(1, 200, 7), 1],
  ];
  test.each(terrains)('%s', async (_, dem, width) => {
    const expected = defined(dem, width);
    if (dem.length > 200) expect(expected).not.toEqual(dem); // cells of a single row all touch the outside
    for (const tile of [7, 16, 64, 256]) {
      expect(bitsOf(await filledBy(dem, width, tile))).toEqual(bitsOf(expected));
      expect(bitsOf(await filledBy(dem, width, tile, shuffledPool(fillTasks, tile)))).toEqual(bitsOf(expected));
    }
  });
});

describe('what goes wrong', () => {
  const dem = fractal(40, 40, 1);
  const given = { width: 40, height: 40, inputs: { dem }, tile: 8, pool: shuffledPool(fillTasks, 1) };

  test('a write that fails ends it, and no tile is begun after that', async () => {
    const request = requestOf(fillDepressions.spec, given);
    let writes = 0;
    const filled = {
      type: 'f32' as const,
      async write() {
        if (++writes === 3) throw new Error('no room');
      },
    };
    await expect(fillDepressions.cpu({ ...request, outputs: { filled } })).rejects.toThrow('no room');
    const then = writes;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([writes, then < 25]).toEqual([then, true]);
  });

  test('an abort ends it', async () => {
    const signal = AbortSignal.abort();
    await expect(fillDepressions.cpu({ ...requestOf(fillDepressions.spec, given), signal })).rejects.toThrow(
      /interrupted|abort/i,
    );
  });
});

describeWithHydrology('the hydrology fixtures', (names) => {
  test.each(names)('%s', async (name) => {
    const { plane: dem, width } = hydrologyPlane(name, 'dem');
    const { plane: filled } = hydrologyPlane(name, 'filled');
    for (const tile of [16, 64]) expect(await filledBy(dem, width, tile)).toEqual(filled);
    expect(defined(dem, width)).toEqual(filled);
  });
});

describeWithInvest('what InVEST filled', (folders) => {
  test.each(folders)('%s', async (folder) => {
    const { runs } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    const routed = Object.keys(runs).filter((run) => /^(sdr|ndr)_/.test(run));
    expect(routed.length).toBeGreaterThan(3);
    for (const run of routed) {
      const result = run.startsWith('sdr') ? 'pit_filled_dem' : 'filled_dem';
      const { plane: expected, grid } = await loadPlane(join(folder, 'outputs', run, `${result}.tif`), 'f32');
      // Not every case keeps the masked DEM: it is the input where the result has data.
      const { plane: whole } = await loadPlane(join(folder, 'inputs', 'dem.tif'), 'f32');
      const dem = whole.map((height, i) => (expected[i] === NODATA ? NODATA : height));
      expect(expected).not.toEqual(dem);
      expect(await filledBy(dem as Float32Array, grid.width, 64), run).toEqual(expected);
    }
  });
});
