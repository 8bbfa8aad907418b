/** Epochs on devices: the same bits as in worker threads, whatever is too close for float32 to call. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import { epochsOn } from '../../src/pipeline/bundles/epochs.ts';
import { epochsOnDevice } from '../../src/solvers/som/gpu.ts';
import { type Codebook, chain } from '../../src/solvers/som/map.ts';
import { epochsInThreads, train } from '../../src/solvers/som/train.ts';
import type { Training } from '../../src/solvers/som/training.ts';
import { describeDrivers } from '../support/drivers.ts';
import { openDriver } from '../support/executors.ts';
import { samplesOf, threeClouds } from '../support/som.ts';

describeDrivers('self-organising maps', (driver) => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await openDriver(driver);
  });
  afterAll(() => gpu?.destroy());

  const training = { epochs: 4, cooling: 'linear', init: 'sample', seed: 3 } as const;

  test('the same bits as in worker threads: many maps side by side, features of any size', async () => {
    const planes = threeClouds(70, 50, 5, 12).map((plane, f) =>
      plane.map((x, i) => (i % 31 === f ? NODATA : x * 10 ** (3 * f - 6))),
    );
    const trainings: Training[] = [
      { ...training, map: chain(2), sigma: [1, 0.3] },
      { ...training, map: chain(13), sigma: [3, 0.3] },
      { ...training, map: { rows: 6, columns: 7, topology: 'hexagonal' }, sigma: [3, 0.5] },
    ];
    for (const scaling of ['zscore', 'none'] as const) {
      const samples = await samplesOf({ planes, width: 70, height: 50, tile: 40, scaling });
      const device = epochsOnDevice(gpu);
      const found = await train(samples, trainings, { epochs: device });
      device.close();
      const expected = await train(samples, trainings);
      expect(found.map(({ codebook, hits }) => [codebook, hits])).toEqual(
        expected.map(({ codebook, hits }) => [codebook, hits]),
      );
      expect(device.facts).toMatchObject({ visits: 16, uploads: 4, on_host: 0 });
      if (scaling === 'zscore') {
        const inParts = epochsOnDevice(gpu, 800);
        const [again] = await train(samples, trainings.slice(1, 2), { epochs: inParts });
        inParts.close();
        expect(again.codebook).toEqual(expected[1].codebook);
        expect(inParts.facts.visits).toBeGreaterThan(16);
      }
      await samples.close();
    }
  });

  async function sumsOf(planes: readonly Float32Array[], book: Codebook) {
    const samples = await samplesOf({ planes, width: 100, height: 100, tile: 100, scaling: 'none' });
    const device = epochsOnDevice(gpu);
    const found = await device.run(samples, [book]);
    device.close();
    const expected = await epochsInThreads.run(samples, [book]);
    await samples.close();
    const plain = ([{ counts, sums }]: typeof found) => [
      counts,
      Array.from({ length: sums.length }, (_, i) => sums.exact(i)),
    ];
    expect(plain(found)).toEqual(plain(expected));
    return { facts: device.facts, counts: found[0].counts };
  }

  test('nodes that float32 cannot tell apart are told apart here, the lowest of equal ones', async () => {
    const plane = Float32Array.from({ length: 10_000 }, (_, i) => (i % 100) / 100);
    // Nodes 1 and 2 lie 2^-40 apart, node 3 on node 1.
    const { facts, counts } = await sumsOf([plane], Float64Array.from([0.1, 0.7, 0.7 + 2 ** -40, 0.7]));
    expect(facts.doubtful).toBeGreaterThan(5000);
    expect(counts[2]).toBeGreaterThan(1000);
    expect(counts[3]).toBe(0);
  });

  test('where very many are too close, the host does the part', async () => {
    const plane = Float32Array.from({ length: 10_000 }, (_, i) => i);
    const book = Float64Array.from({ length: 8 }, (_, k) => 5000 + 1e-9 * Math.floor(k / 2));
    const samples = await samplesOf({ planes: [plane], width: 100, height: 100, tile: 100, scaling: 'none' });
    const device = epochsOnDevice(gpu);
    const books = Array.from({ length: 5 }, () => book);
    const found = await device.run(samples, books);
    expect(device.facts).toMatchObject({ visits: 1, on_host: 1 });
    const expected = await epochsInThreads.run(samples, books);
    expect(found.map(({ counts }) => counts)).toEqual(expected.map(({ counts }) => counts));
    device.close();
    await samples.close();
  });

  test('few rows are too close to call', async () => {
    const planes = threeClouds(100, 100, 9, 20);
    const samples = await samplesOf({ planes, width: 100, height: 100, tile: 64 });
    const device = epochsOnDevice(gpu);
    await train(samples, [{ ...training, map: chain(30), sigma: [7.5, 0.25] }], { epochs: device });
    device.close();
    await samples.close();
    expect(device.facts.doubtful).toBeLessThan(1e-3 * 4 * 10_000);
  });

  test('more nodes and features than one workgroup sums', async () => {
    const planes = Array.from({ length: 60 }, (_, f) =>
      Float32Array.from({ length: 10_000 }, (_, i) => Math.sin(i * (f + 1)) * 1000),
    );
    const book = Float64Array.from({ length: 60 * 70 }, (_, i) => Math.cos(i) * 900);
    const { counts } = await sumsOf(planes, book);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(20);
  });

  // Another device, whose kernels SwiftShader takes many seconds to compile.
  test.skipIf(driver.name === 'swiftshader')(
    'a device that is lost gives way to worker threads, with the same sums',
    async () => {
      const own = await openDriver(driver);
      const samples = await samplesOf({ planes: threeClouds(60, 40, 3, 9), width: 60, height: 40 });
      const log: string[] = [];
      const epochs = epochsOn(own, (line) => log.push(line));
      const trainings: Training[] = [{ ...training, map: chain(5), sigma: [1.2, 0.3] }];
      let epoch = 0;
      const found = await train(samples, trainings, {
        epochs: {
          run(given, books) {
            if (++epoch === 3) own.simulateLoss();
            return epochs.run(given, books);
          },
        },
      });
      epochs.close();
      await own.destroy();
      expect(log).toEqual([expect.stringMatching(/goes on in worker threads/)]);
      const [expected] = await train(samples, trainings);
      expect(found[0].codebook).toEqual(expected.codebook);
      await samples.close();
    },
  );
});
