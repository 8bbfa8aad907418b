/**
 * Recursions on the flow graph on devices against their definitions: the same bits as float64 rounded once, in one tile and in tiles that
 * exchange what became final, with holes, and along a river through every cell.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE, type Plane } from '../../src/core/cells.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import type { Values } from '../../src/core/values.ts';
import { SHADERS } from '../../src/generated/shaders.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import type { RelaxOptions } from '../../src/solvers/device/relax.ts';
import { distanceToStream } from '../../src/solvers/distance_to_stream/index.ts';
import { effectiveRetention } from '../../src/solvers/effective_retention/index.ts';
import { flowAccumulation } from '../../src/solvers/flow_accumulation/index.ts';
import { d8Code } from '../../src/solvers/routing/directions.ts';
import { sedimentDeposition } from '../../src/solvers/sediment_deposition/index.ts';
import type { DeviceSolveRequest, SolveFacts, Solver } from '../../src/solvers/solver.ts';
import { streams } from '../../src/solvers/streams/index.ts';
import { openGpu } from '../gpu/support.ts';
import { describeDrivers } from '../support/drivers.ts';
import { type Algorithm, directionsOf, randomShares, windingRiver } from '../support/flow.ts';
import { randomNumbers } from '../support/rasters.ts';
import { requestOf } from '../support/solve.ts';
import { fractal, holed } from '../support/terrain.ts';

const CELL = 30;
type Planes = Readonly<Record<string, Plane>>;
type Solve = (request: DeviceSolveRequest, options?: RelaxOptions) => Promise<SolveFacts>;

interface Raster {
  readonly width: number;
  readonly height: number;
  readonly direction: Uint32Array;
}

interface Case {
  readonly solver: Solver;
  readonly params: (algorithm: Algorithm) => Values;
  /** Inputs besides `direction`. */
  readonly inputs: (raster: Raster, seed: number) => Planes;
  /** Largest error where the bits need not be the same. */
  readonly atol?: number;
}

/** A plane from random numbers, nodata where the directions are. */
function random(
  type: 'f32' | 'u32',
  { direction }: Raster,
  seed: number,
  value: (next: () => number) => number,
): Plane {
  const next = randomNumbers(seed);
  const make = (code: number) => {
    const made = value(next);
    return code === NODATA_CODE ? (type === 'f32' ? NODATA : NODATA_CODE) : made;
  };
  return type === 'f32' ? Float32Array.from(direction, make) : Uint32Array.from(direction, make);
}

const rarely = (next: () => number, value: number, otherwise: number) => (next() < 0.01 ? value : otherwise);
const someStreams = (next: () => number) => (next() < 0.04 ? 1 : 0);
const algorithmOf = (algorithm: Algorithm) => ({ algorithm: algorithm === 'd8' ? 0 : 1 });

const CASES: readonly Case[] = [
  {
    solver: flowAccumulation,
    params: () => ({ threshold: 21, trace: 0.7 }),
    inputs: (raster, seed) => ({
      weight: random('f32', raster, seed, (next) => rarely(next, NODATA, 10 ** (8 * next() - 4))),
      weight_2: random('f32', raster, seed + 1, (next) => rarely(next, 0, next())),
    }),
  },
  {
    solver: streams,
    params: (algorithm) => ({ ...algorithmOf(algorithm), order: 0 }),
    inputs: (raster, seed) => ({
      reach: random('u32', raster, seed, (next) => [1, 1, 2, 3, 1, 2, 1, 0][Math.floor(7.2 * next())]),
    }),
  },
  {
    solver: distanceToStream,
    params: algorithmOf,
    inputs: (raster, seed) => ({
      stream: random('u32', raster, seed, someStreams),
      weight: random('f32', raster, seed + 1, (next) => rarely(next, NODATA, 1 / (0.001 + next()))),
    }),
  },
  {
    solver: sedimentDeposition,
    params: () => ({}),
    inputs: (raster, seed) => ({
      sdr: random('f32', raster, seed, (next) => {
        const kind = next();
        if (kind < 0.002) return NODATA;
        return kind < 0.04 ? 1 : kind < 0.06 ? 0 : 0.8 * next();
      }),
      e_prime: random('f32', raster, seed + 1, (next) => (next() < 0.002 ? NODATA : 40 * next())),
    }),
  },
  {
    solver: effectiveRetention,
    params: () => ({ order: 0 }),
    inputs: (raster, seed) => ({
      stream: random('u32', raster, seed, someStreams),
      efficiency: random('f32', raster, seed + 1, (next) =>
        rarely(next, NODATA, [0, 0.2, 0.5, 0.8][Math.floor(4 * next())]),
      ),
      critical_length: random('f32', raster, seed + 2, (next) =>
        rarely(next, NODATA, [0, 1e-38, 15, 150, 600][Math.floor(5 * next())]),
      ),
    }),
    atol: 1e-5,
  },
];

const pool = inlinePool({}); // nothing of this runs in worker tasks

/** The same bits as the expected value rounded to f32, or within `atol` where both have a value. */
function compare(name: string, plane: Plane, expected: Float64Array, width: number, atol = 0): void {
  const wanted = plane instanceof Float32Array ? Float32Array.from(expected) : Uint32Array.from(expected);
  const nodata = plane instanceof Float32Array ? NODATA : NODATA_CODE;
  expect(new Set(wanted.filter((value) => value !== nodata)).size, `${name}: values that differ`).toBeGreaterThan(1);
  let worst = { error: 0, cell: -1 };
  for (let cell = 0; cell < plane.length; cell++) {
    const [found, want] = [plane[cell], wanted[cell]];
    const error = Object.is(found, want)
      ? 0
      : found === nodata || want === nodata
        ? Number.POSITIVE_INFINITY
        : Math.abs(found - want);
    if (error > worst.error || Number.isNaN(error)) worst = { error, cell };
  }
  const place = `column ${worst.cell % width}, row ${Math.floor(worst.cell / width)}`;
  expect(worst.error, `${name} at ${place}: ${plane[worst.cell]} for ${wanted[worst.cell]}`).toBeLessThanOrEqual(atol);
}

const ALGORITHMS: readonly Algorithm[] = ['d8', 'mfd'];
/** The request's tiles, and how they are put together on the device. */
const CUTS: readonly (RelaxOptions & { readonly name: string; readonly tile: number })[] = [
  { name: 'one tile', tile: 96 },
  { name: 'one tile, written in pieces', tile: 16 },
  { name: 'tiles of 32', tile: 32, most: 32 },
  { name: 'tiles of 16, two on the device at once', tile: 16, most: 16, resident: 2 },
];

function hills(width: number, height: number, algorithm: Algorithm): Raster {
  return { width, height, direction: directionsOf(holed(fractal(width, height, 5), 3), width, algorithm) };
}

function river(width: number, height: number, algorithm: Algorithm): Raster {
  return { width, height, direction: windingRiver(width, height, algorithm) };
}

describeDrivers('recursions', (driver) => {
  const small = driver.name === 'swiftshader'; // slow with barriers
  const [width, height] = small ? [35, 26] : [75, 58];
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await openGpu(driver, { shaders: SHADERS });
  });
  afterAll(() => gpu.destroy());

  /** Solves it, and compares every output with the definition. */
  async function check(
    of: Case,
    algorithm: Algorithm,
    raster: Raster,
    cut: (typeof CUTS)[number],
    outputs?: readonly string[],
  ): Promise<SolveFacts> {
    const inputs = { direction: raster.direction, ...of.inputs(raster, 17) };
    const params = of.params(algorithm);
    const request = requestOf(of.solver.spec, { ...raster, inputs, params, outputs, tile: cut.tile, pool, cell: CELL });
    const solve = of.solver.gpu as Solve;
    const facts = await solve({ ...request, gpu }, cut);
    const expected = of.solver.reference(inputs, params, request.shape);
    for (const [name, plane] of Object.entries(request.planes))
      compare(`${of.solver.spec.id}.${name}`, plane, expected[name], raster.width, of.atol);
    return facts;
  }

  describe.each(CASES)('$solver.spec.id', (of) => {
    test.each(ALGORITHMS.flatMap((algorithm) => CUTS.slice(small ? 3 : 0).map((cut) => ({ algorithm, cut }))))(
      '$algorithm in $cut.name',
      async ({ algorithm, cut }) => {
        const facts = await check(of, algorithm, hills(width, height, algorithm), cut);
        expect(facts.tiles).toBe(cut.most ? Math.ceil(width / cut.most) * Math.ceil(height / cut.most) : 1);
      },
    );

    test.each(ALGORITHMS)('%s with random shares, beyond the raster and into holes too', async (algorithm) => {
      await check(of, algorithm, { width: 35, height: 26, direction: randomShares(35, 26, algorithm, 8) }, CUTS[3]);
    });

    test.each(ALGORITHMS)('%s along a winding river', async (algorithm) => {
      await check(of, algorithm, small ? river(20, 18, algorithm) : river(40, 36, algorithm), CUTS[3]);
    });
  });

  test('outputs can be asked for one by one', async () => {
    const [raster, cut] = [hills(21, 19, 'mfd'), CUTS[3]];
    const [sums, , distances, sediment] = CASES;
    for (const wanted of [['reach'], ['weighted_2'], ['accumulation', 'weighted']])
      await check(sums, 'mfd', raster, cut, wanted);
    for (const wanted of ['steps', 'weighted']) await check(distances, 'mfd', raster, cut, [wanted]);
    for (const wanted of ['deposition', 'flux']) await check(sediment, 'mfd', raster, cut, [wanted]);
  });

  test('sums are right to the last bit of float64: some cell meets a threshold exactly', async () => {
    const raster = hills(45, 34, 'mfd');
    const { direction, width, height } = raster;
    const shape = { width, height, cellWidth: 1, cellHeight: 1 };
    const sums = flowAccumulation.reference({ direction }, { threshold: 1, trace: 1 }, shape).accumulation;
    for (const threshold of sums
      .filter((sum) => !Number.isInteger(sum))
      .sort()
      .slice(-5)) {
      await check({ ...CASES[0], params: () => ({ threshold, trace: 1 }) }, 'mfd', raster, CUTS[2], ['reach']);
    }
  });

  test('weights may be negative', async () => {
    const inputs = (raster: Raster) => ({ weight: random('f32', raster, 3, (next) => 2 * next() - 1) });
    await check({ ...CASES[0], inputs }, 'mfd', hills(33, 30, 'mfd'), CUTS[2], ['weighted']);
  });

  test('directions in circles are told', async () => {
    const direction = Uint32Array.from([d8Code(0), d8Code(6), d8Code(2), d8Code(4)]); // east, south, north, west
    const request = requestOf(flowAccumulation.spec, {
      width: 2,
      height: 2,
      inputs: { direction },
      params: { threshold: 1, trace: 1 },
      outputs: ['accumulation'],
      pool,
    });
    await expect(flowAccumulation.gpu!({ ...request, gpu })).rejects.toThrow(
      'the flow directions go in circles (found 4 cells',
    );
  });
});

test('one bit is a difference, and a plane without values none to compare', () => {
  const plane = Float32Array.from([1, 2, 3, NODATA]);
  const expected = Float64Array.from(plane);
  compare('same', plane, expected, 2);
  expect(() => compare('a bit', plane, expected.with(1, 2 + 2 ** -22), 2)).toThrow('a bit at column 1, row 0');
  expect(() => compare('a hole', plane, expected.with(3, 0), 2, 1e9)).toThrow('a hole at column 1, row 1');
  expect(() => compare('flat', new Float32Array(4), new Float64Array(4), 2)).toThrow('flat: values that differ');
});
