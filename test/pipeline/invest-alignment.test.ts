/** Inputs on other grids through `ecoflux invest annual_water_yield`: as if gdalwarp had brought them to the grid before; and vectors of every format. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { bounds, type Grid } from '../../src/core/grid.ts';
import { findAdapters } from '../../src/gpu/provider.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { describeWithGdal } from '../io/gdal.ts';
import { gpuOf } from '../support/devices.ts';
import { describeDrivers } from '../support/drivers.ts';
import { describeWithInvest, loadPlane } from '../support/invest.ts';
import {
  type Args,
  freshFolders,
  type RunWith,
  referenceArgs,
  runModelOf,
  smallWater,
  writeCells,
} from '../support/invest-files.ts';

const platform = nodePlatform({ workers: 2 });
let dir: string;
freshFolders(platform, (folder) => {
  dir = folder;
});

const run = (args: Args, name: string, how: RunWith = {}, where = platform) =>
  runModelOf(where, 'annual_water_yield', dir, args, { workspace: join(dir, name), intermediates: true, ...how });

const gdalwarp = (...args: (string | number)[]) => execFileSync('gdalwarp', ['-q', '-overwrite', ...args.map(String)]);

const tableOf = (out: string) =>
  readFileSync(join(out, 'output/watershed_results_wyield.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));

/** How each raster is stored instead: CRS, cell size, and the resampling that made it, which does not matter. */
const STORED: Readonly<Record<string, readonly (string | number)[]>> = {
  precipitation_path: ['-tr', 0.7, 0.7],
  eto_path: ['-t_srs', 'EPSG:4326'],
  depth_to_root_rest_layer_path: ['-tr', 1.5, 1.5],
  pawc_path: ['-t_srs', 'EPSG:32651', '-r', 'bilinear'],
};

/** The same with cell sizes in units of `cell`. */
function inCells(options: readonly (string | number)[], cell: number): (string | number)[] {
  return options.map((option) => (typeof option === 'number' ? option * cell : option));
}

describeWithGdal('inputs on other grids', () => {
  describeWithInvest('as gdalwarp -r near -et 0 brings them', (folders) => {
    test.each(folders.map((folder, i) => [basename(folder), i === 0 ? 'as it is' : 'in cells of two thirds', folder]))(
      '%s, land cover %s',
      async (_, kept, folder) => {
        const args = referenceArgs(folder, 'annual_water_yield', dir);
        const given = (name: string) => join(dir, String(args[name]));
        const { grid } = await loadPlane(given('lulc_path'), 'u32');
        mkdirSync(join(dir, 'stored'));
        const stored = { ...args };
        for (const [name, options] of Object.entries(STORED)) {
          stored[name] = `stored/${name}.tif`;
          gdalwarp(...inCells(options, grid.cellWidth), given(name), join(dir, `stored/${name}.tif`));
        }
        const cell = kept === 'as it is' ? grid.cellWidth : grid.cellWidth / 1.5;
        gdalwarp('-tr', cell, cell, given('lulc_path'), join(dir, 'stored/lulc.tif'));
        const one = await run({ ...stored, lulc_path: 'stored/lulc.tif' }, 'stored-out');
        const target = (await loadPlane(join(one.out, 'output/per_pixel/wyield.tif'), 'f32')).grid;
        for (const name of Object.keys(STORED))
          expect(one.log).toContainEqual(expect.stringMatching(new RegExp(`${name}\\.tif: .*nearest`)));

        const warped = { ...args };
        for (const name of [...Object.keys(STORED), 'lulc_path']) {
          warped[name] = `warped-${name}.tif`;
          const from = name === 'lulc_path' ? 'stored/lulc.tif' : `stored/${name}.tif`;
          gdalwarp('-r', 'near', '-et', 0, ...onGrid(target), join(dir, from), join(dir, `warped-${name}.tif`));
        }
        const other = await run(warped, 'warped-out');
        for (const name of [
          'intermediate/precip',
          'intermediate/eto',
          'intermediate/depth_to_root_rest_layer',
          'intermediate/pawc',
          'intermediate/pet',
          'output/per_pixel/fractp',
          'output/per_pixel/aet',
          'output/per_pixel/wyield',
        ])
          await expectSame(join(one.out, `${name}.tif`), join(other.out, `${name}.tif`));
        const [mine, theirs] = [tableOf(one.out), tableOf(other.out)];
        expect(mine).toHaveLength(theirs.length);
        for (const [i, row] of theirs.entries())
          for (const [k, value] of row.entries()) expect(Math.abs(mine[i][k] / value - 1)).toBeLessThan(1e-5);
      },
    );
  });
});

function onGrid(grid: Grid): (string | number)[] {
  const { west, south, east, north } = bounds(grid);
  return ['-t_srs', `EPSG:${grid.crs.epsg}`, '-te', west, south, east, north, '-ts', grid.width, grid.height];
}

/** To `rtol`, nodata in the same cells. A centre within some 1e-6 of a cell from a border may fall to either side; here none does. */
async function expectSame(file: string, other: string, rtol = 1e-5, least = 4000): Promise<void> {
  const [{ plane: a, grid }, { plane: b }] = [await loadPlane(file, 'f32'), await loadPlane(other, 'f32')];
  expect(a.length).toBe(b.length);
  let valid = 0;
  let off = 0;
  const at: number[][] = [];
  let holes = 0;
  for (let i = 0; i < a.length; i++) {
    if ((a[i] === NODATA) !== (b[i] === NODATA)) holes++;
    else if (a[i] !== NODATA) {
      valid++;
      if (Math.abs(a[i] - b[i]) <= rtol * Math.max(Math.abs(b[i]), 1e-6)) continue;
      off++;
      if (at.length < 5) at.push([i % grid.width, Math.floor(i / grid.width), a[i], b[i]]);
    }
  }
  expect({ file, holes, off, at }).toEqual({ file, holes: 0, off: 0, at: [] });
  expect(valid).toBeGreaterThanOrEqual(least);
}

describeDrivers('inputs on other grids', (driver) =>
  test(`are warped on ${driver.name} as on the CPU`, async () => {
    const args = await smallWater(platform, dir);
    await writeCells(platform, join(dir, 'data/precip.tif'), (x, y) => (x === 9 && y === 4 ? -9999 : 900 + 7 * x - y), {
      grid: { west: 499_900, north: 3_500_130, cellWidth: 71, cellHeight: 67, width: 20, height: 20 },
    });
    const crs = { epsg: 4326, name: 'WGS 84', kind: 'geographic' } as const;
    await writeCells(platform, join(dir, 'data/eto.tif'), (x, y) => 800 + x - 2 * y, {
      grid: { crs, west: 116.99, north: 31.64, cellWidth: 0.0011, cellHeight: 0.0009, width: 30, height: 30 },
    });
    const provider = async () => ({ name: 'dawn' as const, adapters: () => findAdapters(gpuOf(driver)) });
    const plain = { intermediates: false };
    const onDevice = { ...plain, options: { device: 'software' as const } };
    const [one, other] = [
      await run(args, 'cpu', plain),
      await run(args, 'device', onDevice, { ...platform, provider }),
    ];
    expect(other.device).not.toContain('CPU:');
    for (const name of ['fractp', 'aet', 'wyield'])
      await expectSame(
        join(other.out, `output/per_pixel/${name}.tif`),
        join(one.out, `output/per_pixel/${name}.tif`),
        2e-5,
        100,
      );
    const [mine, theirs] = [tableOf(other.out), tableOf(one.out)];
    expect(theirs).toHaveLength(2);
    for (const [i, row] of theirs.entries())
      for (const k of [-5, -4, -3, -2, -1]) expect(mine[i].at(k)! / row.at(k)!).toBeCloseTo(1, 5);
  }),
);

describeWithGdal('watersheds in every format', () => {
  test.each([
    ['gpkg', 'GPKG'],
    ['shp', 'ESRI Shapefile'],
    ['shz', 'ESRI Shapefile'],
    ['fgb', 'FlatGeobuf'],
  ])('%s', async (extension, driver) => {
    const args = await smallWater(platform, dir);
    const plain = tableOf((await run(args, 'plain')).out);
    const file = `watersheds.${extension}`;
    execFileSync('ogr2ogr', ['-f', driver, join(dir, file), join(dir, 'data/watersheds.geojson')]);
    // FlatGeobuf puts features into the order of its index.
    const byId = (rows: number[][]) => rows.map((row) => [row[0], ...row.slice(-5)]).sort((a, b) => a[0] - b[0]);
    const other = tableOf((await run({ ...args, watersheds_path: file }, 'other')).out);
    expect(byId(other)).toEqual(byId(plain));
  });

  test('the polygons with results open in GDAL: fields, values, geometry and CRS', async () => {
    const { out } = await run(await smallWater(platform, dir), 'out');
    const info = execFileSync('ogrinfo', ['-al', join(out, 'output/watershed_results_wyield.gpkg')], {
      encoding: 'utf8',
    });
    expect(info).toContain('Feature Count: 2');
    expect(info).toContain('ID["EPSG",32650]');
    expect(info).toMatch(/ws_id \(Integer\w*\) = 7/);
    expect(info).toContain('name (String) = west, "upper"');
    const [first] = tableOf(out);
    const volume = /wyield_vol \(Real\) = (\S+)/.exec(info)![1];
    expect(Number(volume) / first.at(-1)!).toBeCloseTo(1, 12);
    expect(info).toMatch(/POLYGON \(\(500000 3500000,/);
  });
});
