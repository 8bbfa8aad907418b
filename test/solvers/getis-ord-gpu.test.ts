/** Gi* on devices: the same bits as in worker threads and by definition, on both software drivers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inlinePool } from '../../src/core/tasks.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import { getisOrd } from '../../src/solvers/getis_ord/index.ts';
import { getisOrdTasks } from '../../src/solvers/getis_ord/tasks.ts';
import { describeDrivers } from '../support/drivers.ts';
import { openDriver } from '../support/executors.ts';
import {
  definitionOf,
  faultsOf,
  ground,
  HOT_SPOT_CASES,
  type HotSpotCase,
  type HotSpots,
  hotSpots,
  requestFor,
} from '../support/hot-spots.ts';

const pool = inlinePool(getisOrdTasks);

describeDrivers('Gi*', (driver) => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await openDriver(driver);
  });
  afterAll(() => gpu?.destroy());

  async function onDevice(given: HotSpotCase, tile: number) {
    const request = requestFor(given, pool, { tile });
    const facts = await getisOrd.gpu!({ ...request, gpu });
    return { ...(request.planes as unknown as HotSpots), facts };
  }

  test.each(HOT_SPOT_CASES)('by definition: $name', async (each) => {
    const found = await onDevice(each, 64);
    expect(found.facts.dispatches).toBeGreaterThan(0);
    expect(faultsOf(found, definitionOf(each))).toEqual([]);
  });

  test('windows of more cells than 16 bits count, with the bytes of worker threads', async () => {
    const [width, height] = [680, 100];
    const each = {
      width,
      height,
      shape: 'square',
      radius: 330,
      values: ground(width, height, { full: true }),
    } as const;
    const [found, expected] = [await onDevice(each, 200), await hotSpots(each, pool)];
    for (const name of ['z', 'p', 'bin', 'bin_fdr'] as const) expect(found[name]).toEqual(expected[name]);
  });
});
