/** `ecoflux invest urban_cooling_model` against what InVEST 3.20 wrote, and what its users get wrong. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toleranceOf } from '../../src/core/model.ts';
import { findAdapters } from '../../src/gpu/provider.ts';
import { openRaster } from '../../src/io/raster.ts';
import { urban_cooling } from '../../src/models/urban_cooling/spec.ts';
import { fileSource } from '../../src/node/files.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { comparePlanes } from '../support/compare.ts';
import { gpuOf } from '../support/devices.ts';
import { describeDrivers } from '../support/drivers.ts';
import { describeWithInvest, investRun, loadPlane } from '../support/invest.ts';
import {
  type Args,
  type CellValue,
  failureOf,
  freshFolders,
  polygonFile,
  type RunWith,
  rectangle,
  referenceArgs,
  runModelOf,
  writeCells,
} from '../support/invest-files.ts';

const platform = nodePlatform({ workers: 2 });
let dir: string;
freshFolders(platform, (folder) => {
  dir = folder;
});

const run = (args: unknown, how: RunWith = {}) => runModelOf(platform, 'urban_cooling_model', dir, args, how);
const failure = (args: unknown) => failureOf(run(args), dir);

/** Where InVEST has each raster, and its nodata; that of wbgt is the largest float64 there. */
const NODATA: Readonly<Record<string, number>> = {
  T_air: -3.4028234663852886e38,
  cc_park: -3.4028234663852886e38,
  green_area_sum: -3.4028234663852886e38,
  wbgt: 3.4028234663852886e38,
  light_work_loss_percent: 255,
  heavy_work_loss_percent: 255,
  lulc: 255,
  ref_eto: -9999,
};
const placeOf = (name: string) => (name === 'hm' ? 'hm.tif' : join('intermediate', `${name}.tif`));

describeWithInvest('urban cooling as InVEST computes it', (folders) => {
  const compareRasters = async (folder: string, out: string) => {
    const { files } = investRun(folder, 'urban_cooling');
    const names = Object.keys(files).filter((name) => name.endsWith('.tif') && name !== 'area_kernel.tif');
    expect(names).toHaveLength(17);
    for (const file of names) {
      const name = basename(file, '.tif');
      const mine = join(out, placeOf(name));
      const type = name === 'lulc' ? 'u32' : 'f32';
      const [{ plane, grid }, other] = [
        await loadPlane(mine, type),
        await loadPlane(join(folder, 'outputs/urban_cooling', file), type),
      ];
      const result = comparePlanes(plane, other.plane, grid.width, toleranceOf(urban_cooling, name));
      expect(result, `${name}: ${result.worst}`).toMatchObject({ nodataDisagreements: 0, off: 0, passed: true });
      expect(result.cells).toBeGreaterThan(5000);
      const raster = await openRaster(await fileSource(mine));
      await raster.close();
      expect(raster.info.nodata, name).toBe(NODATA[name] ?? -1);
    }
  };
  const compareTable = (folder: string, out: string) => {
    const [head, ...lines] = readFileSync(join(out, 'uhi_results.csv'), 'utf8').trim().split(/\r?\n/);
    const { uhi_results } = JSON.parse(readFileSync(join(folder, 'outputs/urban_cooling/zonal.json'), 'utf8'));
    const { _area, ...first } = uhi_results[0];
    expect(head.split(',')).toEqual(Object.keys(first));
    expect(lines).toHaveLength(uhi_results.length);
    for (const [row, expected] of uhi_results.entries())
      for (const [column, name] of head.split(',').entries()) {
        const text = lines[row].split(',')[column];
        if (expected[name] === null) expect(text).toBe('');
        else {
          const allowed = name.endsWith('ls_v') ? 1e-6 * Math.abs(expected[name]) : 2e-5;
          expect(Math.abs(Number(text) - expected[name]), `${name}: ${text}, ${expected[name]}`).toBeLessThanOrEqual(
            allowed,
          );
        }
      }
  };

  for (const folder of folders) {
    test(`${basename(folder)} on the CPU`, async () => {
      const { out } = await run(referenceArgs(folder, 'urban_cooling', dir), { intermediates: true });
      await compareRasters(folder, out);
      compareTable(folder, out);
    });

    test(`${basename(folder)} in tiles of 64 cells, results alone`, async () => {
      const args = referenceArgs(folder, 'urban_cooling', dir);
      const whole = await run(args);
      const tiled = await run(args, { workspace: join(dir, 'tiled'), options: { tile: 64 } });
      expect(existsSync(join(whole.out, 'intermediate/cc_park.tif'))).toBe(false);
      for (const name of ['hm', 'T_air', 'wbgt'])
        expect((await loadPlane(join(tiled.out, placeOf(name)), 'f32')).plane).toEqual(
          (await loadPlane(join(whole.out, placeOf(name)), 'f32')).plane,
        );
      compareTable(folder, tiled.out);
    });

    describeDrivers(basename(folder), (driver) =>
      test(`on ${driver.name}`, async () => {
        const provider = async () => ({ name: 'dawn' as const, adapters: () => findAdapters(gpuOf(driver)) });
        const args = referenceArgs(folder, 'urban_cooling', dir);
        const { out, device } = await runModelOf({ ...platform, provider }, 'urban_cooling', dir, args, {
          intermediates: true,
          options: { device: 'software' },
        });
        expect(device).not.toContain('CPU:');
        await compareRasters(folder, out);
        compareTable(folder, out);
      }),
    );
  }
});

const TABLE =
  'lucode,kc,green_area,shade,albedo,building_intensity\n1,1,1,0.8,0.15,0\n2,0.4,0,0.1,0.2,0.7\n3,0.9,1,0.2,0.2,0\n';

/** A town in the east of 12 × 10 cells of 100 m, a wood in the west; returns the arguments. */
async function smallTown(change: { grid?: object; lulc?: CellValue } = {}): Promise<Args> {
  const data = join(dir, 'data');
  mkdirSync(data, { recursive: true });
  const { grid, lulc = (x, y) => (x === 11 && y === 9 ? 0xffffffff : x < 5 ? 1 : (x + y) % 4 === 0 ? 3 : 2) } = change;
  await writeCells(platform, join(data, 'lulc.tif'), lulc, { kind: 'classes', grid });
  await writeCells(platform, join(data, 'et0.tif'), (x, y) => 900 + 10 * x - y, { grid });
  writeFileSync(join(data, 'table.csv'), TABLE);
  writeFileSync(
    join(data, 'areas.geojson'),
    polygonFile([
      { ring: rectangle(0, 0, 6, 10), properties: { name: 'west' } },
      { ring: rectangle(6, 0, 12, 10), properties: { name: 'east' } },
    ]),
  );
  return {
    lulc_raster_path: 'data/lulc.tif',
    ref_eto_raster_path: 'data/et0.tif',
    aoi_vector_path: 'data/areas.geojson',
    biophysical_table_path: 'data/table.csv',
    green_area_cooling_distance: 200,
    t_air_average_radius: 100,
    t_ref: 25,
    uhi_max: 3,
    cc_method: 'factors',
    do_energy_valuation: false,
    do_productivity_valuation: false,
  };
}

const tableOf = (out: string) => readFileSync(join(out, 'uhi_results.csv'), 'utf8').trim().split('\n');

describe('what is written', () => {
  test('without productivity: heat mitigation, capacity and temperature, means of areas without numbers', async () => {
    const { out } = await run(await smallTown());
    expect(tableOf(out)[0]).toBe('name,avg_cc,avg_tmp_v,avg_tmp_an,avd_eng_cn');
    const [, west, east] = tableOf(out).map((line) => line.split(',').map(Number));
    expect(west[2]).toBeLessThan(east[2]);
    expect(west[3]).toBeCloseTo(west[2] - 25, 9);
    for (const name of ['hm.tif', 'intermediate/cc.tif', 'intermediate/T_air.tif', 'uhi_results.gpkg'])
      expect(existsSync(join(out, name)), name).toBe(true);
    for (const name of ['wbgt', 'T_air_nomix', 'kc'])
      expect(existsSync(join(out, `intermediate/${name}.tif`)), name).toBe(false);
  });

  test('by intensity: other properties, other intermediates', async () => {
    const args: Args = { ...(await smallTown()), cc_method: 'intensity' };
    writeFileSync(
      join(dir, 'data/table.csv'),
      'lucode,kc,green_area,building_intensity\n1,1,1,0\n2,0.4,0,0.7\n3,0.9,1,0\n',
    );
    const { out } = await run(args, { intermediates: true });
    const { plane } = await loadPlane(join(out, 'intermediate/cc.tif'), 'f32');
    expect([...new Set(plane)].filter((value) => value >= 0).sort()).toEqual([Math.fround(0.3), 1].sort());
    expect(existsSync(join(out, 'intermediate/building_intensity.tif'))).toBe(true);
    for (const name of ['shade', 'albedo', 'eti'])
      expect(existsSync(join(out, `intermediate/${name}.tif`)), name).toBe(false);
  });

  test('kernels wider than the raster: air that mixes over all of it', async () => {
    const args = { ...(await smallTown()), t_air_average_radius: 50_000, green_area_cooling_distance: 20_000 };
    const { out } = await run(args, { intermediates: true });
    const { plane } = await loadPlane(join(out, 'intermediate/T_air.tif'), 'f32');
    const valid = [...plane].filter((value) => value > 0);
    expect(valid).toHaveLength(119);
    expect(Math.max(...valid) - Math.min(...valid)).toBeLessThan(0.01);
  });
});

describe('what users get wrong', () => {
  const wrong: readonly (readonly [about: string, change: Args, message: RegExp])[] = [
    [
      'energy',
      { do_energy_valuation: true },
      /do_energy_valuation asks for the valuation of energy, which is not in this version/,
    ],
    [
      'a distance below half a cell',
      { t_air_average_radius: 50 },
      /t_air_average_radius is too short for the cells \(found 50 m, which rounds to 0 cells of 100 m, expected more than 50 m\)/,
    ],
    [
      'weights of 0',
      { cc_weight_shade: 0, cc_weight_albedo: 0, cc_weight_eti: 0 },
      /weights of cooling capacity are all 0/,
    ],
    ['a negative weight', { cc_weight_shade: -1 }, /cc_weight_shade is out of range.*found -1/],
    [
      'no humidity',
      { do_productivity_valuation: true },
      /avg_rel_humidity is missing.*because do_productivity_valuation is true/,
    ],
    [
      'a humidity of 170 %',
      { do_productivity_valuation: true, avg_rel_humidity: 170 },
      /avg_rel_humidity is out of range.*from 0 to 100/,
    ],
    ['another method', { cc_method: 'factor' }, /cc_method is none of its choices.*factors or intensity/],
    ['a distance of 0', { green_area_cooling_distance: 0 }, /green_area_cooling_distance is out of range.*above 0/],
  ];
  test.each(wrong)('%s', async (_, change, message) => {
    expect(await failure({ ...(await smallTown()), ...change })).toMatch(message);
  });

  test('properties out of range, classes without a row, and columns of the other method', async () => {
    const args = await smallTown();
    const write = (text: string) => writeFileSync(join(dir, 'data/table.csv'), text);
    write(TABLE.replace('1,1,1,0.8', '1,1,1,1.8'));
    expect(await failure(args)).toMatch(
      /table\.csv, line 2, column shade.*: shade is out of range \(found 1\.8, expected 0 to 1/,
    );
    write(TABLE.replace('3,0.9,1', '3,0.9,0.5'));
    expect(await failure(args)).toMatch(
      /line 4, column green_area.*: green_area is out of range \(found 0\.5, expected 0 or 1/,
    );
    write(TABLE.split('\n').slice(0, 3).join('\n'));
    expect(await failure(args)).toMatch(/lulc\.tif.*class.* 3/);
    write(TABLE.replace(/,[^,]*$/gm, ''));
    expect(await failure({ ...args, cc_method: 'intensity' })).toMatch(/column 'building_intensity' missing/);
    expect((await run(args)).rasters['hm.tif'].statistics?.valid).toBe(119);
  });

  test('cells that are not square, degrees, areas elsewhere', async () => {
    expect(await failure(await smallTown({ grid: { cellHeight: 50 } }))).toMatch(/square cells.*100 × 50/);
    const degrees = {
      crs: { kind: 'geographic', epsg: 4326, name: 'WGS 84' },
      cellWidth: 1e-3,
      cellHeight: 1e-3,
      west: 117,
      north: 31,
    };
    expect(await failure(await smallTown({ grid: degrees }))).toMatch(
      /land cover must be in a projected CRS with metres/,
    );
    const args = await smallTown();
    const ring = rectangle(0, 0, 6, 10).map(([x, y]): [number, number] => [x + 1e6, y]);
    writeFileSync(join(dir, 'data/areas.geojson'), polygonFile([{ ring, properties: {} }]));
    expect(await failure(args)).toMatch(/aoi_vector_path.*does not overlap/);
  });
});
