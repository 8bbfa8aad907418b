/** What must not be lost, and runs that go wrong in the middle. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDevice } from '../../src/engine/open-device.ts';
import { Gpu } from '../../src/gpu/gpu.ts';
import { findAdapters, type GpuProvider } from '../../src/gpu/provider.ts';
import type { Platform } from '../../src/pipeline/platform.ts';
import { runProject } from '../../src/pipeline/run-project.ts';
import { gpuOf, testDrivers } from '../support/devices.ts';
import { edit, freshProjects, openProject, platform, replaceRaster } from '../support/project.ts';

let dir: string;

freshProjects((project) => {
  dir = project;
});

const run = (out: string, overwrite = false) =>
  runProject(openProject(dir), platform, { device: 'cpu', out, overwrite, memory: 1e9 });
const messageOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('it should have failed'),
    (error: Error) => error.message,
  );

describe('the output folder', () => {
  test('a folder that holds the inputs is never replaced', async () => {
    const before = readdirSync(dir).sort();
    for (const out of [dir, join(dir, 'data')])
      expect(await messageOf(run(out, true))).toMatch(/the output folder holds .*, which would be lost/);
    expect(readdirSync(dir).sort()).toEqual(before);
    expect(existsSync(join(dir, 'data/lulc_2003.tif'))).toBe(true);
  });

  test('--overwrite does not touch what ecoflux did not write', async () => {
    mkdirSync(join(dir, 'photos'));
    writeFileSync(join(dir, 'photos/a.jpg'), 'precious');
    expect(await messageOf(run(join(dir, 'photos'), true))).toContain(
      'is not one that ecoflux wrote, so --overwrite does not touch it',
    );
    expect(readFileSync(join(dir, 'photos/a.jpg'), 'utf8')).toBe('precious');
  });

  test('an empty folder, and a result of ours, are replaced', async () => {
    mkdirSync(join(dir, 'out'));
    await run(join(dir, 'out'), true);
    writeFileSync(join(dir, 'out/stray'), '');
    await run(join(dir, 'out'), true);
    expect(existsSync(join(dir, 'out/stray'))).toBe(false);
    expect(existsSync(join(dir, 'out/run.json'))).toBe(true);
    expect(readdirSync(join(dir, 'out')).some((name) => name.includes('partial'))).toBe(false);
  });

  test('somebody else’s .partial is left alone; that of a killed run is not', async () => {
    mkdirSync(join(dir, 'out.partial'));
    writeFileSync(join(dir, 'out.partial/mine'), 'precious');
    expect(await messageOf(run(join(dir, 'out')))).toContain(
      'out.partial: this is in the way, and ecoflux did not write it',
    );
    expect(readFileSync(join(dir, 'out.partial/mine'), 'utf8')).toBe('precious');
    writeFileSync(join(dir, 'out.partial/.ecoflux-partial'), '999999999');
    await run(join(dir, 'out'));
    expect(existsSync(join(dir, 'out/mine'))).toBe(false);
  });

  test('two runs into one folder', async () => {
    mkdirSync(join(dir, 'out.partial'));
    writeFileSync(join(dir, 'out.partial/.ecoflux-partial'), '1'); // process 1 is always alive
    expect(await messageOf(run(join(dir, 'out')))).toContain('another run (process 1) is writing into this folder');
  });
});

const [driver] = testDrivers().filter(({ manifest }) => manifest !== undefined);
describe.skipIf(!driver && process.env.REQUIRE_GPU !== '1')(`devices${driver ? '' : ' (skipped: no driver)'}`, () => {
  const provider: GpuProvider = { name: 'dawn', adapters: () => findAdapters(gpuOf(driver)) };

  test('a run that loses its device finishes, verifies and gives the same bytes', async () => {
    const onDevice: Platform = { ...platform, provider: async () => provider };
    const options = { device: 'software' as const, memory: 1e9, tile: 32, verify: true };
    await runProject(openProject(dir), onDevice, { ...options, out: join(dir, 'plain') });
    const log: string[] = [];
    const { open } = Gpu;
    let uploads = 0;
    Gpu.open = async (...args: Parameters<typeof open>) => {
      const gpu = await open.apply(Gpu, args);
      const upload = gpu.upload.bind(gpu);
      gpu.upload = async (...rest: Parameters<typeof upload>) => {
        if (++uploads === 40) gpu.simulateLoss();
        return upload(...rest);
      };
      return gpu;
    };
    try {
      const result = await runProject(openProject(dir), onDevice, {
        ...options,
        out: join(dir, 'lost'),
        log: (line) => log.push(line),
      });
      expect(result.verification?.passed).toBe(true);
    } finally {
      Gpu.open = open;
    }
    expect(log.some((line) => line.startsWith('the device was lost (1)'))).toBe(true);
    for (const file of ['2003/WY/supply.tif', '2023/composite/ratio.tif'])
      expect(readFileSync(join(dir, 'lost', file)).equals(readFileSync(join(dir, 'plain', file))), file).toBe(true);
  });

  test('auto takes the CPU where the adapter gives no device', async () => {
    const broken: GpuProvider = {
      name: 'dawn',
      adapters: async () =>
        (await provider.adapters()).map((adapter) => ({ ...adapter, request: async () => undefined })),
    };
    const device = await openDevice({ choice: 'auto', provider: broken });
    expect(device.kind).toBe('cpu');
    expect(device.sentence).toMatch(/^Runs on the CPU: .* is not there any more\.$/);
    await expect(openDevice({ choice: 'software', provider: broken })).rejects.toThrow('is not there any more');
  });
});

describe('settings', () => {
  test.each([
    [
      'output: { dir: out }',
      'output: { dir: out, level: 22 }',
      'deflate has no such level (found 22, expected 1 to 9)',
    ],
    ['  WY:', '  composite:\n    unit: m3/yr', "'composite' cannot be the name of a service"],
    [
      'grid: { like: data/lulc_2003.tif }',
      'grid: { crs: "EPSG:32650", resolution: 0.001, bounds: [400000, 3444000, 656000, 3700000] }',
      'more cells than can be computed',
    ],
    [
      'grid: { like: data/lulc_2003.tif }',
      'grid: { crs: "EPSG:32650", resolution: 5000, bounds: [400000, 3444000, 656000, 3700000] }',
      'no whole number of cells (found 51.2 × 51.2 cells of 5000)',
    ],
    [
      'carbon: data/carbon.csv',
      'carbon: data/carbon.csv\n  threats: data/nowhere.csv',
      'nowhere.csv, tables.threats at line',
    ],
  ])('%s → %s', async (from, to, words) => {
    edit(dir, 'project.yaml', from, to);
    expect(await messageOf(run(join(dir, 'out')))).toContain(words);
  });

  const zstd = 'zstdCompressSync' in (process.getBuiltinModule?.('node:zlib') ?? {});
  test(`zstd is ${zstd ? 'written' : 'refused where this Node has none'}`, async () => {
    edit(dir, 'project.yaml', 'output: { dir: out }', 'output: { dir: out, compression: zstd }');
    if (zstd) expect((await run(join(dir, 'out'))).totals.length).toBeGreaterThan(0);
    else
      expect(await messageOf(run(join(dir, 'out')))).toMatch(
        /project\.yaml, line \d+, column \d+: zstd compression cannot be written here \(expected none, deflate\)/,
      );
  });

  test('a service from two layers in different units per cell', async () => {
    for (const name of ['a', 'b']) await replaceRaster(dir, `data/${name}.tif`, (x) => (name === 'a' ? 2000 : x));
    edit(dir, 'project.yaml', 'layers:', 'layers:\n  a: data/a.tif\n  b: data/b.tif');
    edit(
      dir,
      'project.yaml',
      'services:',
      'services:\n  FP:\n    supply: { layer: a, unit: kg/yr }\n    demand: { layer: b, unit: t/yr }',
    );
    const { totals } = await run(join(dir, 'out'));
    const supply = totals.find(({ service, quantity }) => service === 'FP' && quantity === 'supply')!;
    expect(supply).toMatchObject({ unit: 't/yr', min: supply.max });
    expect(supply.max).toBeCloseTo(2, 6); // 2000 kg
  });

  test('one layer in two units that cannot both be true', async () => {
    edit(
      dir,
      'project.yaml',
      'services:',
      'services:\n  FP:\n    supply: { layer: soil_depth, unit: t/yr }\n    demand: { layer: soil_depth, unit: t/yr }',
    );
    expect(await messageOf(run(join(dir, 'out')))).toMatch(
      /layer 'soil_depth' is in 'mm', which is no (supply|demand) of FP \(expected t\/yr\)/,
    );
  });
});

test('scale and unit are those of the band that is read', async () => {
  const values = (result: Awaited<ReturnType<typeof run>>) =>
    result.totals.find(({ service, quantity }) => service === 'WY' && quantity === 'supply')!.sum;
  const before = values(await run(join(dir, 'one')));
  execFileSync('/usr/bin/python3', ['-c', SECOND_BAND, join(dir, 'data/soil_depth.tif')]);
  edit(
    dir,
    'project.yaml',
    'soil_depth: { file: data/soil_depth.tif, unit: mm }',
    'soil_depth: { file: data/soil_depth.tif, band: 2 }',
  );
  const after = values(await run(join(dir, 'two')));
  expect(Math.abs(after - before)).toBeLessThan(1e-6 * before);
});

/** Band 1 becomes something else in another unit; band 2 the depth in metres as hundredths. */
const SECOND_BAND = `
import sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
path = sys.argv[1]
d = gdal.Open(path); a = d.ReadAsArray().astype(np.float64); t = d.GetGeoTransform(); p = d.GetProjection(); n = d.GetRasterBand(1).GetNoDataValue(); d = None
o = gdal.GetDriverByName('GTiff').Create(path, a.shape[1], a.shape[0], 2, gdal.GDT_Int32)
o.SetGeoTransform(t); o.SetProjection(p)
for i, (scale, unit, v) in enumerate(((1, 'degC', np.ones_like(a)), (1e-3, 'm', np.where(a == n, -9999, np.round(a))))):
    b = o.GetRasterBand(i + 1); b.SetNoDataValue(-9999); b.SetScale(scale); b.SetUnitType(unit); b.WriteArray(v.astype(np.int32))
o = None
`;

describe('classes', () => {
  test('two bands of one file are checked apart', async () => {
    for (const year of [2003, 2013, 2023])
      await replaceRaster(dir, `data/lulc_${year}.tif`, () => 1, { kind: 'classes' });
    edit(
      dir,
      'project.yaml',
      'lulc: data/lulc_{year}.tif',
      'lulc: data/lulc_{year}.tif\n  other: { file: "data/lulc_{year}.tif", nodata: [1] }',
    );
    edit(
      dir,
      'project.yaml',
      'supply: { model: carbon }',
      'inputs: { lulc_bas: other }\n    supply: { model: carbon }',
    );
    expect(await messageOf(run(join(dir, 'out')))).toContain('there is no valid cell in the raster');
  });

  test('classes have no values in between', async () => {
    edit(
      dir,
      'project.yaml',
      'lulc: data/lulc_{year}.tif',
      'lulc: { file: "data/lulc_{year}.tif", resampling: bilinear }',
    );
    expect(await messageOf(run(join(dir, 'out')))).toContain(
      "layer 'lulc' holds classes, which have no values in between",
    );
  });

  test('codes beyond 65535 are kept', async () => {
    const code = 500001;
    for (const year of [2003, 2013, 2023])
      await replaceRaster(dir, `data/lulc_${year}.tif`, () => code, {
        kind: 'classes',
        sampleType: 'u32',
        nodata: 0xffffffff,
      });
    for (const table of ['biophysical', 'carbon']) edit(dir, `data/${table}.csv`, '\n2,', `\n${code},`);
    await run(join(dir, 'out'));
    const lulc = readFileSync(join(dir, 'out/2003/lulc.tif'));
    expect(lulc.length).toBeGreaterThan(500);
  });
});
