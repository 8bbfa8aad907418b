/**
 * What the live parts compute, on devices that run global operators themselves, as a graphics processor in a browser does: flow and hot spots at
 * once on one device, and again after an interruption, are what worker threads make.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gpuExecutor } from '../../src/engine/gpu-executor.ts';
import { inlinePool, NODATA, type OpenDevice, openDevice, TASKS } from '../../src/index.ts';
import type { LiveTools } from '../../web/src/live/device.ts';
import { type FlowRequest, runFlow } from '../../web/src/live/flow-run.ts';
import { type HotSpotRequest, runHotSpots } from '../../web/src/live/hot-spot-run.ts';
import type { ReadOwn } from '../../web/src/live/own-rasters.ts';
import type { SampleData } from '../../web/src/live/sample.ts';
import { testDrivers } from '../support/devices.ts';
import { openDriver } from '../support/executors.ts';

const [WIDTH, HEIGHT] = [150, 110];
const plane = (value: (x: number, y: number) => number) =>
  Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => value(i % WIDTH, Math.floor(i / WIDTH)));
const AMOUNTS = {
  supply: plane((x, y) => (x + y < 30 ? NODATA : Math.round(50 + 40 * Math.sin(x / 11) * Math.cos(y / 7)))),
  demand: plane((x, y) => ((x * 5 + y * 11) % 97 === 0 ? 900 : (x * 3 + y) % 40)),
};
const SAMPLE: SampleData = {
  grid: {
    width: WIDTH,
    height: HEIGHT,
    west: 500_000,
    north: 3_500_000,
    cellWidth: 100,
    cellHeight: 100,
    crs: { epsg: 32650, name: 'WGS 84 / UTM zone 50N', kind: 'projected', metresPerUnit: 1 },
  },
  years: [2023],
  services: [{ code: 'X', name: 'Something', unit: 'm3/cell/yr' }],
  classNames: {},
  dem: plane((x, y) => 500 - x - y / 3),
  amounts: (_service, _year, quantity) => AMOUNTS[quantity],
  barrier: () => plane((x) => (x === 40 ? 0 : 1)),
};
const OF = { kind: 'sample', sample: SAMPLE, service: 'X', year: 2023 } as const;
const FLOW: FlowRequest = {
  source: { ...OF, barrier: 1 },
  mode: 'omnidirectional',
  maxDistance: 1500,
  retention: 0,
  algorithm: 'd8',
  factor: 1,
  device: 'auto',
};
const SPOTS: HotSpotRequest = {
  source: { ...OF, of: 'ratio' },
  shape: 'disc',
  radius: 700,
  correction: 'fdr',
  device: 'auto',
};

const noFiles: ReadOwn = async () => {
  throw new Error('there are none');
};
const toolsOn = (device: OpenDevice): LiveTools => {
  const pool = { ...inlinePool(TASKS), lend() {} };
  return { pool, device: async () => device };
};
const never = new AbortController().signal;

// One is enough: that all of them compute the same is what the tests of the operators say.
const drivers = testDrivers();
for (const driver of [drivers.find(({ manifest }) => manifest !== undefined) ?? drivers[0]]) {
  const missing = driver.manifest === undefined && process.env.REQUIRE_GPU !== '1';
  describe.skipIf(missing)(`live parts on ${driver.name}${missing ? ' (skipped: not installed)' : ''}`, () => {
    let onDevice: LiveTools;
    let onHost: LiveTools;
    let device: OpenDevice;

    beforeAll(async () => {
      const host = await openDevice({ choice: 'cpu', pool: inlinePool(TASKS) });
      const executor = gpuExecutor(await openDriver(driver), { solves: true });
      device = { ...host, executor, close: () => executor.close() };
      [onDevice, onHost] = [toolsOn(device), toolsOn(host)];
    });
    afterAll(() => device?.close());

    test('both at once, and after an interruption', async () => {
      const [flow, spots] = await Promise.all([
        runFlow(FLOW, onHost, noFiles, never),
        runHotSpots(SPOTS, onHost, noFiles, never),
      ]);
      expect(flow.report.summary.totals.used).toBeGreaterThan(1000);
      expect(spots.counts.get(3)).toBeGreaterThan(100);

      const stop = new AbortController();
      const interrupted = runFlow({ ...FLOW, maxDistance: undefined }, onDevice, noFiles, stop.signal);
      setTimeout(() => stop.abort(), 20);
      await expect(interrupted).rejects.toMatchObject({ name: 'Interrupted' });

      const [sameFlow, sameSpots] = await Promise.all([
        runFlow(FLOW, onDevice, noFiles, never),
        runHotSpots(SPOTS, onDevice, noFiles, never),
      ]);
      expect([sameFlow.place, sameSpots.place]).toEqual([`on ${device.executor.name}`, `on ${device.executor.name}`]);
      expect(sameFlow.report).toEqual(flow.report);
      for (const name of Object.keys(flow.planes) as (keyof typeof flow.planes)[])
        expect(sameFlow.planes[name], name).toEqual(flow.planes[name]);
      expect(sameSpots.bins).toEqual(spots.bins);
    });
  });
}
