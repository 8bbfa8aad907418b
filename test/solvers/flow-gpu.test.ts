/** Omnidirectional flow on devices: the quanta of the definition in every cell, and the facts of worker threads. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inlinePool } from '../../src/core/tasks.ts';
import { SHADERS } from '../../src/generated/shaders.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import { flowOmnidirectional } from '../../src/solvers/flow_omnidirectional/index.ts';
import { flowOverWhole } from '../../src/solvers/flow_omnidirectional/reference.ts';
import { solverTasks } from '../../src/solvers/tasks.ts';
import { openGpu } from '../gpu/support.ts';
import { describeDrivers } from '../support/drivers.ts';
import {
  amounts,
  bits,
  type FlowCase,
  hasKnownAnswers,
  knownAnswer,
  meantAs,
  randomCase,
} from '../support/service-flow.ts';
import { requestOf, solveWith } from '../support/solve.ts';
import { bitsOf } from '../support/terrain.ts';

const PARAMS = { moves: 1, max_distance: 0, mass_tolerance: 0, spill: 0, quantum: 0 };
const pool = inlinePool(solverTasks);

describeDrivers('omnidirectional flow', (driver) => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await openGpu(driver, { shaders: SHADERS });
  });
  afterAll(() => gpu.destroy());

  async function check({ width, height, inputs, params }: FlowCase, tile: number): Promise<Record<string, number>> {
    const request = requestOf(flowOmnidirectional.spec, { width, height, inputs, params, tile, pool });
    const facts = await flowOmnidirectional.gpu!({ ...request, gpu });
    const meant = flowOverWhole(inputs, params, { width, height });
    for (const [name, plane] of Object.entries(request.planes))
      expect(bits(plane), name).toEqual(bits(meantAs(plane, meant.planes[name as 'net'])));
    const host = await solveWith(flowOmnidirectional, { width, height, inputs, params, tile, pool });
    const { dispatches, bytes_up: _, bytes_down: __, ...counted } = facts;
    expect(host.facts).toMatchObject(counted);
    expect(dispatches).toBeGreaterThan(0);
    return { ...facts };
  }

  const without = ({ inputs: { zones: _, ...inputs }, ...shape }: Omit<FlowCase, 'params'>) => ({ ...shape, inputs });
  const small = driver.name === 'swiftshader' ? { width: 23, height: 19 } : { width: 31, height: 26 };

  test.each([
    { seed: 1, params: { spill: 1 } },
    { seed: 2, params: { max_distance: 3, mass_tolerance: 1e-2, spill: 1 } },
    { seed: 4, params: {}, raster: { parts: 64, largest: 1e-3 * 2 ** 20 } },
    { seed: 7, params: { spill: 1 }, raster: { largest: 2 ** 24 - 1, barriers: 0.3, holes: 0 } },
  ])('seed $seed, $params', async ({ seed, params, raster }) => {
    const given = without(randomCase(seed, { ...raster, ...small }));
    const facts = await check({ ...given, params: { ...PARAMS, ...params } }, 16);
    expect(facts.used).toBeGreaterThan(0);
    expect(facts.epochs).toBeGreaterThan(1);
  });

  test('ways of more levels than one submit looks for', async () => {
    const [width, height] = [31, 12];
    // A way that winds through all rows: barriers in every other row but for one end.
    const permeability = Float32Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return y % 2 === 0 || x === (y % 4 === 1 ? width - 1 : 0) ? 1 : 0;
    });
    const supply = Float32Array.from(permeability, (_, i) => (i === 0 ? 1000 : 0));
    const demand = Float32Array.from(permeability, (_, i) => (i === width * (height - 2) + 3 ? 900 : 0));
    const facts = await check({ width, height, inputs: { supply, demand, permeability }, params: PARAMS }, 16);
    expect(facts.mean_distance).toBeGreaterThan(130);
    expect(facts.used).toBe(900);
  });

  test('nothing to move, and nowhere to go', async () => {
    const flat = (value: number) => new Float32Array(20).fill(value);
    const shape = { width: 5, height: 4, params: { ...PARAMS, spill: 1 } };
    const request = (supply: Float32Array, demand: Float32Array, permeability: Float32Array) =>
      flowOmnidirectional.gpu!({
        ...requestOf(flowOmnidirectional.spec, { ...shape, inputs: { supply, demand, permeability }, pool }),
        gpu,
      });
    expect(await request(flat(2), flat(2), flat(1))).toMatchObject({ epochs: 0, spill: 0 });
    expect(await request(flat(2), flat(1), flat(0))).toMatchObject({ epochs: 0, spill: 0, residual: 20 });
  });

  test.runIf(hasKnownAnswers && driver.name !== 'swiftshader')('a known answer', async () => {
    const { width, height, manifest, planes } = knownAnswer('barriers-56x61');
    const inputs = {
      supply: amounts(planes.supply, manifest.nodata),
      demand: amounts(planes.demand, manifest.nodata),
      permeability: Float32Array.from(planes.permeability),
    };
    await check({ width, height, inputs, params: PARAMS }, 32);
  });

  test('what does not fit, or makes a table of zones, runs in worker threads', async () => {
    const given = { ...randomCase(3, { width: 21, height: 18 }), params: PARAMS, pool };
    const zoned = await flowOmnidirectional.gpu!({ ...requestOf(flowOmnidirectional.spec, given), gpu });
    expect(zoned).toMatchObject({ visits: expect.any(Number), zone_flows: expect.any(Number) });
    const tiny = { ...gpu.limits, maxStorageBufferBindingSize: 1024 } as GPUSupportedLimits;
    const poor = Object.create(gpu, { limits: { value: tiny } }) as Gpu;
    const unzoned = requestOf(flowOmnidirectional.spec, { ...given, ...without(given) });
    expect(await flowOmnidirectional.gpu!({ ...unzoned, gpu: poor })).not.toHaveProperty('dispatches');
  });
});

describe('the comparison', () => {
  test('sees one quantum', () => {
    const given = randomCase(1, { width: 20, height: 20 });
    const { planes } = flowOverWhole(given.inputs, PARAMS, given);
    const other = Float32Array.from(planes.transit);
    const cell = other.findIndex((value) => value > 0);
    other[cell] += 1;
    expect(bitsOf(other)).not.toEqual(bitsOf(Float32Array.from(planes.transit)));
  });
});
