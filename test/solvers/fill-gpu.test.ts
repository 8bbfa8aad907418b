/** Filling on devices gives the bits of the definition, whatever the tiles and however many of them the device holds. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import type { RelaxOptions } from '../../src/solvers/device/relax.ts';
import { solve } from '../../src/solvers/fill_depressions/gpu.ts';
import { reference } from '../../src/solvers/fill_depressions/reference.ts';
import { spec } from '../../src/solvers/fill_depressions/spec.ts';
import { describeDrivers } from '../support/drivers.ts';
import { openDriver } from '../support/executors.ts';
import { requestOf } from '../support/solve.ts';
import { bitsOf, cells, fractal, holed, random } from '../support/terrain.ts';

const N = NODATA;

/** Shapes by name, with the width. */
const SHAPES: [string, Float32Array, number][] = [
  ['one cell', cells([[5]]), 1],
  ['nothing but nodata', cells([[N, N, N]]), 3],
  ['a plane', Float32Array.from({ length: 40 * 33 }, (_, i) => i % 40), 40],
  ['a cone', Float32Array.from({ length: 41 * 37 }, (_, i) => -Math.hypot((i % 41) - 20, Math.floor(i / 41) - 18)), 41],
  ['a bowl', Float32Array.from({ length: 50 * 50 }, (_, i) => Math.hypot((i % 50) - 25, Math.floor(i / 50) - 25)), 50],
  ['a flat', new Float32Array(37 * 35).fill(7), 37],
  [
    'a nested pit',
    cells([
      [9, 9, 9, 9, 9, 9],
      [9, 1, 4, 2, 7, 8],
      [9, 9, 9, 9, 9, 9],
    ]),
    6,
  ],
  [
    'a dam with a gap of one cell, zeros of both signs, and a number that a device may flush',
    cells([
      [9, 9, 9, 9, 9],
      [9, 2, 9, -1, -0],
      [9, 3, 1e-45, -1, 0],
      [9, 2, 9, -1, 2e-45],
      [9, 9, 9, 9, 9],
    ]),
    5,
  ],
  ['noise', random(53, 41, 1), 53],
  ['hills in whole metres', fractal(53, 41, 3).map((height) => Math.round(height / 5)), 53],
  ['hills with holes', holed(fractal(53, 41, 4), 5), 53],
  ['a long way out', maze(37), 37],
];

/** Walls with a gap at alternating ends: the way out is as long as can be. */
function maze(width: number): Float32Array {
  return Float32Array.from({ length: width * width }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x === 0 || y === 0 || x === width - 1) return 100;
    if (y === width - 1) return x === 1 ? 0 : 100;
    return y % 2 === 1 ? 1 : x === (y % 4 === 0 ? 1 : width - 2) ? 2 : 100;
  });
}

/** Tiles of the request, and how many of them the device has. SwiftShader takes its time with barriers. */
const FEW: readonly [number, RelaxOptions][] = [
  [16, {}],
  [16, { most: 16, resident: 3 }],
];
const MANY: readonly [number, RelaxOptions][] = [...FEW, [64, {}], [16, { most: 16 }], [32, { most: 32, resident: 1 }]];
const RUNS = { swiftshader: FEW, lavapipe: MANY, hardware: MANY };

describeDrivers('filling', (driver) => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await openDriver(driver);
  });
  afterAll(async () => gpu?.destroy());

  async function filledBy(dem: Float32Array, width: number, tile: number, options?: RelaxOptions) {
    const height = dem.length / width;
    const request = requestOf(spec, { width, height, inputs: { dem }, tile, pool: inlinePool({}), memory: 4096 });
    const facts = await solve({ ...request, gpu }, options);
    return { filled: request.planes.filled as Float32Array, facts };
  }

  function defined(dem: Float32Array, width: number): Float32Array {
    const shape = { width, height: dem.length / width, cellWidth: 1, cellHeight: 1 };
    return Float32Array.from(reference({ dem }, {}, shape).filled);
  }

  test.each(SHAPES)('%s', async (_, dem, width) => {
    const expected = bitsOf(defined(dem, width));
    for (const [tile, options] of RUNS[driver.name]) {
      const { filled } = await filledBy(dem, width, tile, options);
      expect(bitsOf(filled), `tiles of ${tile}, ${JSON.stringify(options)}`).toEqual(expected);
    }
  });

  test('stops when told to, and gives its buffers back', async () => {
    const stop = new AbortController();
    const request = requestOf(spec, {
      width: 48,
      height: 48,
      inputs: { dem: random(48, 48, 9) },
      tile: 16,
      pool: inlinePool({}),
    });
    const stopped = solve({ ...request, gpu, signal: stop.signal, progress: () => stop.abort() }, { most: 16 });
    await expect(stopped).rejects.toMatchObject({ code: 'Interrupted' });
    expect(gpu.buffers.lent.size).toBe(0);
  });

  test('what it took', async () => {
    const dem = fractal(96, 96, 8);
    for (const options of [{}, { most: 32 }]) {
      const { facts } = await filledBy(dem, 96, 32, options);
      console.log(`filling 96 × 96 on ${driver.name}, ${JSON.stringify(options)}: ${JSON.stringify(facts)}`);
      expect(facts.tiles).toBe(options.most ? 9 : 1);
      expect(facts.visits).toBeGreaterThanOrEqual(facts.tiles);
      expect(facts.moves).toBeGreaterThan(96 * 96 - 1);
    }
  });
});
