/** What users of `ecoflux invest sdr` and `ndr` give: choices, nutrients alone, terrains without streams, and what is wrong with files. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { loadPlane } from '../support/invest.ts';
import {
  type Args,
  failureOf,
  freshFolders,
  polygonFile,
  ROUTED_TABLE,
  type RunWith,
  rectangle,
  runModelOf,
  SMALL,
  smallRouted,
  VALLEY,
  writeCells,
} from '../support/invest-files.ts';

const platform = nodePlatform({ workers: 2 });
let dir: string;
let args: { sdr: Args; ndr: Args };
freshFolders(platform, (folder) => {
  dir = folder;
});
beforeEach(async () => {
  args = await smallRouted(platform, dir);
});

type Name = 'sdr' | 'ndr';
const run = (model: Name, change: Args = {}, how: RunWith = {}) =>
  runModelOf(platform, model, dir, { ...args[model], ...change }, how);
const failure = (model: Name, change: Args = {}) => failureOf(run(model, change), dir);
const dem = (value: (x: number, y: number) => number, change: Parameters<typeof writeCells>[3] = {}) =>
  writeCells(platform, join(dir, 'data/dem.tif'), value, change);
const table = (file: string) =>
  readFileSync(file, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
const MODELS: readonly Name[] = ['sdr', 'ndr'];

describe('what is written', () => {
  test('rasters and tables where InVEST has them, in both algorithms', async () => {
    for (const flow_dir_algorithm of ['D8', 'MFD']) {
      const { out, rasters } = await run('sdr', { flow_dir_algorithm, results_suffix: 'a' }, { overwrite: true });
      expect(
        readdirSync(out)
          .filter((name) => name.endsWith('.tif'))
          .sort(),
      ).toEqual(
        ['avoided_erosion', 'avoided_export', 'rkls', 'sed_deposition', 'sed_export', 'stream', 'usle'].map(
          (name) => `${name}_a.tif`,
        ),
      );
      expect(rasters['rkls_a.tif'].statistics!.valid).toBeGreaterThan(80);
      const [head, west] = table(join(out, 'watershed_results_sdr_a.csv'));
      expect(head).toEqual(['name', 'usle_tot', 'sed_export', 'sed_dep', 'avoid_exp', 'avoid_eros']);
      expect(Number(west[1])).toBeGreaterThan(0);
      expect(existsSync(join(out, 'watershed_results_sdr_a.gpkg'))).toBe(true);
      expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))).toMatchObject({ order: 'invest' });
    }
  });

  test('one nutrient alone, from a table that has no other', async () => {
    const columns = ROUTED_TABLE.split('\n').map((line) => line.split(','));
    const only = (keep: (name: string) => boolean) =>
      columns.map((cells) => cells.filter((_, i) => keep(columns[0][i])).join(',')).join('\n');
    writeFileSync(
      join(dir, 'data/biophysical.csv'),
      only((name) => name === 'lucode' || name.endsWith('_p')),
    );
    const phosphorus = await run(
      'ndr',
      { calc_n: false, subsurface_eff_n: '', subsurface_critical_length_n: '' },
      { intermediates: true },
    );
    expect(Object.keys(phosphorus.rasters).filter((name) => /(^|\/)n_|_n\.tif$/.test(name))).toEqual([]);
    expect(table(join(phosphorus.out, 'watershed_results_ndr.csv'))[0]).toEqual([
      'name',
      'p_surface_load',
      'p_surface_export',
    ]);
    writeFileSync(
      join(dir, 'data/biophysical.csv'),
      only((name) => name === 'lucode' || name.endsWith('_n')),
    );
    const nitrogen = await run('ndr', { calc_p: 'false' }, { workspace: join(dir, 'n') });
    expect(Object.keys(nitrogen.rasters)).toEqual([
      'n_surface_export.tif',
      'n_subsurface_export.tif',
      'n_total_export.tif',
      'stream.tif',
    ]);
  });

  test('nothing outside of the watersheds is looked at, classes without a row neither', async () => {
    await writeCells(platform, join(dir, 'data/lulc.tif'), (x) => (x < 3 ? 9 : 2), { kind: 'classes' });
    writeFileSync(
      join(dir, 'data/watersheds.geojson'),
      polygonFile([{ ring: rectangle(3, 1, 11, 9), properties: { ws_id: 4 } }]),
    );
    const { out } = await run('ndr', {}, { intermediates: true });
    const { grid, plane } = await loadPlane(join(out, 'stream.tif'), 'u32');
    expect([grid.width, grid.height]).toEqual([8, 8]);
    expect(plane.includes(NODATA_CODE)).toBe(false);
    const mask = await loadPlane(join(out, 'intermediate_outputs/watersheds_mask.tif'), 'u32');
    expect(new Set(mask.plane)).toEqual(new Set([1]));
  });

  test('a hole in erosivity is one in everything of SDR; a hole in the proxy only in the loads of NDR', async () => {
    const hole = (value: number) => (x: number, y: number) => (x === 2 && y === 4 ? -9999 : value);
    await writeCells(platform, join(dir, 'data/erosivity.tif'), hole(2000));
    await writeCells(platform, join(dir, 'data/precip.tif'), hole(900));
    const at = 4 * SMALL.width + 2;
    const sediment = await run('sdr', {}, { intermediates: true });
    expect((await loadPlane(join(sediment.out, 'intermediate_outputs/slope.tif'), 'f32')).plane[at]).toBe(NODATA);
    const nutrients = await run('ndr', {}, { intermediates: true, workspace: join(dir, 'nutrients') });
    const inter = (name: string) => loadPlane(join(nutrients.out, `intermediate_outputs/${name}.tif`), 'f32');
    expect((await inter('slope')).plane[at]).not.toBe(NODATA);
    expect((await inter('load_n')).plane[at]).not.toBe(NODATA);
    expect((await inter('modified_load_n')).plane[at]).toBe(NODATA);
  });

  test('rasters in other grids: bilinear and mode in SDR, nearest in NDR', async () => {
    const coarse = { width: 6, height: 5, cellWidth: 200, cellHeight: 200 };
    await writeCells(platform, join(dir, 'data/erosivity.tif'), (x) => 1000 * x, { grid: coarse });
    await writeCells(platform, join(dir, 'data/precip.tif'), (x) => 1000 * (x + 1), { grid: coarse });
    const fine = { width: 24, height: 20, cellWidth: 50, cellHeight: 50 };
    const corner = (x: number, y: number) => (x % 2 === 1 && y % 2 === 1 ? 1 : 2);
    await writeCells(platform, join(dir, 'data/lulc.tif'), corner, { kind: 'classes', grid: fine });
    const inter = (out: string, name: string, type: 'f32' | 'u32' = 'f32') =>
      loadPlane(join(out, `intermediate_outputs/masked_${name}.tif`), type);
    const sediment = await run('sdr', {}, { intermediates: true });
    const erosivity = (await inter(sediment.out, 'erosivity')).plane;
    expect([...erosivity.slice(1, 5)]).toEqual([250, 750, 1250, 1750]); // between the centres of the coarse cells
    expect(new Set((await inter(sediment.out, 'lulc', 'u32')).plane)).toEqual(new Set([2]));
    const nutrients = await run('ndr', {}, { intermediates: true, workspace: join(dir, 'nutrients') });
    const precip = (await inter(nutrients.out, 'runoff_proxy')).plane;
    expect([...precip.slice(0, 4)]).toEqual([1000, 1000, 2000, 2000]);
  });
});

describe('terrains', () => {
  test.each(MODELS)('%s: no stream at the threshold: a warning, and zeros in the table', async (model) => {
    const { log, out } = await run(model, { threshold_flow_accumulation: 1e6 });
    expect(log.join('\n')).toMatch(
      /stream\.tif: no cell is a stream, so that what depends on streams is nodata everywhere/,
    );
    const [head, west] = table(join(out, `watershed_results_${model}.csv`));
    expect(Number(west[head.indexOf(model === 'sdr' ? 'sed_export' : 'n_total_export')])).toBe(0);
    expect(Number(west[head.indexOf(model === 'sdr' ? 'usle_tot' : 'n_surface_load')])).toBeGreaterThan(0);
  });

  test.each(MODELS)('%s: a threshold of 0 makes streams of everything, and says so', async (model) => {
    const { log } = await run(model, { threshold_flow_accumulation: 0 });
    expect(log.join('\n')).toMatch(/stream\.tif: every cell is a stream/);
  });

  test.each(MODELS)('%s: a flat DEM, one of whole numbers, one with holes', async (model) => {
    for (const [name, value, change] of [
      ['flat', () => 100, {}],
      ['integers', (x: number, y: number) => Math.floor(VALLEY(x, y)), { sampleType: 'i16', nodata: -1 }],
      ['holes', (x: number, y: number) => ((x + 3 * y) % 11 === 0 ? -9999 : VALLEY(x, y)), {}],
    ] as const) {
      await dem(value, change);
      const given = { threshold_flow_accumulation: 3, flow_dir_algorithm: 'MFD' };
      const { out } = await run(model, given, { workspace: join(dir, name) });
      const { plane } = await loadPlane(join(out, 'stream.tif'), 'u32');
      expect(plane.includes(1), name).toBe(true);
      expect(plane.includes(NODATA_CODE), name).toBe(name === 'holes');
    }
  });

  test.each(MODELS)('%s: one cell', async (model) => {
    writeFileSync(
      join(dir, 'data/watersheds.geojson'),
      polygonFile([{ ring: rectangle(4, 4, 5, 5), properties: { id: 1 } }]),
    );
    const { out, log } = await run(model);
    expect([...(await loadPlane(join(out, 'stream.tif'), 'u32')).plane]).toEqual([0]);
    expect(log.join('\n')).toContain('no cell is a stream');
  });

  test('an erodibility of 0: no soil is lost', async () => {
    await writeCells(platform, join(dir, 'data/erodibility.tif'), () => 0);
    const { rasters } = await run('sdr');
    for (const name of ['rkls', 'usle', 'sed_export', 'sed_deposition'])
      expect(rasters[`${name}.tif`].statistics, name).toMatchObject({ min: 0, max: 0 });
  });
});

describe('what is wrong', () => {
  test.each<[string, Name, Args, RegExp]>([
    ['no algorithm', 'sdr', { flow_dir_algorithm: '' }, /flow_dir_algorithm is missing or empty.*a choice: D8/],
    [
      'another algorithm',
      'ndr',
      { flow_dir_algorithm: 'dinf' },
      /flow_dir_algorithm is none of its choices.*"dinf".*d8 or mfd/,
    ],
    [
      'a negative threshold',
      'sdr',
      { threshold_flow_accumulation: -1 },
      /threshold_flow_accumulation is out of range.*a number from 0/,
    ],
    ['a ratio above 1', 'sdr', { sdr_max: 1.2 }, /sdr_max is out of range.*from 0 to 1/],
    ['k of 0', 'ndr', { k_param: 0 }, /k_param is out of range.*above 0/],
    ['no nutrient', 'ndr', { calc_n: false, calc_p: false }, /either calc_n or calc_p must be true/],
    [
      'nitrogen without its parameters',
      'ndr',
      { subsurface_eff_n: '' },
      /subsurface_eff_n is missing.*because calc_n is true/,
    ],
    ['a raster that is not there', 'sdr', { erosivity_path: 'data/none.tif' }, /data\/none\.tif/],
  ])('%s', async (_, model, change, message) => {
    expect(await failure(model, change)).toMatch(message);
  });

  test('a class without a row, a type of load that is none, a factor that is none', async () => {
    writeFileSync(join(dir, 'data/biophysical.csv'), ROUTED_TABLE.replace(/\n2,/, '\n7,'));
    expect(await failure('sdr')).toMatch(/classes without a row in .*biophysical\.csv: 2 \(0\.6 km²\)/);
    writeFileSync(join(dir, 'data/biophysical.csv'), ROUTED_TABLE.replace('application-rate,46', 'applied,46'));
    expect(await failure('ndr')).toMatch(/line 2, column load_type_n.*none of its choices.*found applied/);
    writeFileSync(join(dir, 'data/biophysical.csv'), 'lucode,usle_c,usle_p\n1,0.1,0.5\n2,0.1,0.5\n');
    expect(await failure('ndr')).toMatch(/columns 'load_type_n', .*'crit_len_p' missing/);
    writeFileSync(join(dir, 'data/biophysical.csv'), ROUTED_TABLE.replace('1,0.1,0.5', '1,10,0.5'));
    expect(await failure('sdr')).toMatch(/usle_c is out of range.*0 to 1/);
  });

  test.each(MODELS)(
    '%s: watersheds elsewhere, a DEM in degrees, cells that are not square, nothing but nodata',
    async (model) => {
      const elsewhere = rectangle(100, 0, 106, 10);
      writeFileSync(join(dir, 'data/elsewhere.geojson'), polygonFile([{ ring: elsewhere, properties: { id: 1 } }]));
      expect(await failure(model, { watersheds_path: 'data/elsewhere.geojson' })).toMatch(
        /watersheds_path.*does not overlap the other inputs/,
      );
      await dem(VALLEY, { grid: { cellHeight: 50 } });
      expect(await failure(model)).toMatch(/needs square cells.*100 × 50/);
      const crs = { kind: 'geographic', name: 'WGS 84', epsg: 4326 } as const;
      await dem(VALLEY, { grid: { crs, west: 116, north: 31, cellWidth: 1e-3, cellHeight: 1e-3 } });
      expect(await failure(model)).toMatch(/the DEM must be in a projected CRS with metres.*WGS 84.*gdalwarp/);
      await dem(() => -9999);
      expect(await failure(model)).toMatch(/dem\.tif, dem_path of .*no valid cell.*is nodata everywhere/);
    },
  );
});
