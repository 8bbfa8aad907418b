/** Directions on devices are those of the definition, code for code: drops in float64 on random and fractal ground, plateaus across tiles. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import type { RelaxOptions } from '../../src/solvers/device/relax.ts';
import { reference as fill } from '../../src/solvers/fill_depressions/reference.ts';
import { solve } from '../../src/solvers/flow_direction/gpu.ts';
import { reference } from '../../src/solvers/flow_direction/reference.ts';
import { spec } from '../../src/solvers/flow_direction/spec.ts';
import { directionTasks } from '../../src/solvers/flow_direction/tasks.ts';
import { DX, DY } from '../../src/solvers/routing/directions.ts';
import { describeDrivers } from '../support/drivers.ts';
import { openDriver } from '../support/executors.ts';
import { requestOf } from '../support/solve.ts';
import { cells, fractal, holed, random } from '../support/terrain.ts';

const N = NODATA;

function defined(z: Float32Array, width: number, params: { algorithm: number; order: number }): Uint32Array {
  const shape = { width, height: z.length / width, cellWidth: 1, cellHeight: 1 };
  return Uint32Array.from(reference({ filled: z }, params, shape).direction);
}

function filled(dem: Float32Array, width: number): Float32Array {
  const shape = { width, height: dem.length / width, cellWidth: 1, cellHeight: 1 };
  return Float32Array.from(fill({ dem }, {}, shape).filled);
}

/** Surfaces by name, with the width. */
const SHAPES: [string, Float32Array, number][] = [
  ['one cell', cells([[5]]), 1],
  ['nothing but nodata', cells([[N, N, N]]), 3],
  ['a plane', Float32Array.from({ length: 40 * 33 }, (_, i) => i % 40), 40],
  ['a cone', Float32Array.from({ length: 41 * 37 }, (_, i) => -Math.hypot((i % 41) - 20, Math.floor(i / 41) - 18)), 41],
  ['a flat without a drain', new Float32Array(37 * 35).fill(7), 37],
  ['a flat with one drain', Float32Array.from({ length: 50 * 50 }, (_, i) => (i === 777 ? 6 : 7)), 50],
  [
    'a pit that was not filled',
    cells([
      [5, 5, 5, 5],
      [5, 2, 2, 5],
      [5, 2, 2, 5],
      [5, 5, 5, 5],
    ]),
    4,
  ],
  [
    'zeros of both signs',
    cells([
      [0, -0, 0, -0],
      [-0, 0, -0, -1],
    ]),
    4,
  ],
  [
    'a bowl filled',
    filled(
      Float32Array.from({ length: 45 * 45 }, (_, i) => Math.hypot((i % 45) - 22, Math.floor(i / 45) - 20)),
      45,
    ),
    45,
  ],
  ['shares at a half', halves(), 18],
  ['a ditch', ditch(52), 52],
  ['noise', filled(random(53, 41, 1), 53), 53],
  ['heights of all sizes', Float32Array.from(random(64, 48, 2), (z, i) => z * 2 ** (((i * 7) % 60) - 40)), 64],
  [
    'hills in whole metres',
    filled(
      fractal(53, 41, 3).map((height) => Math.round(height / 5)),
      53,
    ),
    53,
  ],
  ['hills with holes', filled(holed(fractal(53, 41, 4), 5), 53), 53],
];

/** Drops of whole metres whose shares lie within an ulp of a half, so that another factor for diagonals or another order of factors flips one. */
function halves(): Float32Array {
  const drops = [
    [0, 1, 0, 6, 0, 0, 0, 7],
    [0, 4, 0, 3, 0, 0, 0, 1],
    [0, 0, 0, 8, 0, 7, 0, 1],
    [0, 2, 0, 7, 0, 1, 0, 0],
    [0, 6, 0, 3, 0, 0, 0, 1],
    [0, 8, 0, 1, 0, 6, 0, 5],
  ];
  const z = new Float32Array(9 * drops.length).fill(20);
  for (const [k, drop] of drops.entries())
    for (const [d, metres] of drop.entries())
      z[(1 + DY[d]) * 3 * drops.length + 3 * k + 1 + DX[d]] = metres === 0 ? 21 : 20 - metres;
  return z;
}

/** A ditch from the far corner along the diagonal: its keys come to each block over the corner of the one before, and from there alone. */
function ditch(width: number): Float32Array {
  const inDitch = (i: number) => i % (width + 1) === 0 && i > 3 * width;
  return Float32Array.from({ length: width * width }, (_, i) => (inDitch(i) ? 1 : 100 + (i % 7)));
}

/** Tiles of the request, and how many of them the device has. SwiftShader takes its time with barriers. */
const FEW: readonly [number, RelaxOptions][] = [[16, { most: 16, resident: 3 }]];
const MANY: readonly [number, RelaxOptions][] = [...FEW, [64, {}], [16, { most: 32 }], [32, { most: 32, resident: 1 }]];
const RUNS = { swiftshader: FEW, lavapipe: MANY, hardware: MANY };

describeDrivers('flow directions', (driver) => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await openDriver(driver);
  });
  afterAll(async () => gpu?.destroy());

  async function solved(z: Float32Array, width: number, mfd: boolean, tile: number, options?: RelaxOptions) {
    const height = z.length / width;
    const params = { algorithm: Number(mfd), order: 0 };
    const request = requestOf(spec, { width, height, inputs: { filled: z }, params, tile, pool: inlinePool({}) });
    const facts = await solve({ ...request, gpu }, options);
    return { direction: request.planes.direction, facts };
  }

  test.each(SHAPES)('%s', async (_, z, width) => {
    for (const mfd of [false, true]) {
      const expected = defined(z, width, { algorithm: Number(mfd), order: 0 });
      for (const [tile, options] of RUNS[driver.name]) {
        const { direction } = await solved(z, width, mfd, tile, options);
        expect(direction, `${mfd ? 'MFD' : 'D8'}, tiles of ${tile}`).toEqual(expected);
      }
    }
  });

  test('the order of InVEST is that of the worker tasks', async () => {
    const z = filled(fractal(40, 40, 6).map(Math.round), 40);
    const params = { algorithm: 0, order: 1 };
    const request = requestOf(spec, {
      width: 40,
      height: 40,
      inputs: { filled: z },
      params,
      pool: inlinePool(directionTasks),
    });
    await solve({ ...request, gpu });
    expect(request.planes.direction).toEqual(defined(z, 40, params));
    expect(request.planes.direction).not.toEqual(defined(z, 40, { algorithm: 0, order: 0 }));
  });

  test('what it took', async () => {
    const z = filled(fractal(96, 96, 8).map(Math.round), 96);
    for (const options of [{}, { most: 32 }]) {
      const { facts, direction } = await solved(z, 96, true, 32, options);
      console.log(`directions 96 × 96 on ${driver.name}, ${JSON.stringify(options)}: ${JSON.stringify(facts)}`);
      expect(facts.moves).toBeGreaterThan(100);
      expect(new Set(direction).size).toBeGreaterThan(100);
    }
  });
});
