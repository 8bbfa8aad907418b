/** `ecoflux invest annual_water_yield` against what InVEST 3.20 wrote, and what its users get wrong. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { toleranceOf } from '../../src/core/model.ts';
import { findAdapters } from '../../src/gpu/provider.ts';
import { openRaster } from '../../src/io/raster.ts';
import { annual_water_yield } from '../../src/models/annual_water_yield/spec.ts';
import { fileSource } from '../../src/node/files.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { comparePlanes } from '../support/compare.ts';
import { gpuOf } from '../support/devices.ts';
import { describeDrivers } from '../support/drivers.ts';
import { describeWithInvest, investRun, loadPlane } from '../support/invest.ts';
import {
  type Args,
  BIOPHYSICAL,
  failureOf,
  freshFolders,
  type Polygon,
  polygonFile,
  type RunWith,
  rectangle,
  referenceArgs,
  runModelOf,
  SMALL,
  smallWater,
  writeCells,
} from '../support/invest-files.ts';

const platform = nodePlatform({ workers: 2 });
let dir: string;
freshFolders(platform, (folder) => {
  dir = folder;
});

const run = (args: unknown, how: RunWith = {}) => runModelOf(platform, 'annual_water_yield', dir, args, how);

const failure = (args: unknown) => failureOf(run(args), dir);

type Row = Record<string, number>;

function rowsOf(file: string): Row[] {
  const [head, ...lines] = readFileSync(file, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) =>
      line
        .replace(/^"(\d+)"/, '$1')
        .replace(/"(?:[^"]|"")*"/g, '')
        .split(','),
    );
  return lines.map((cells) =>
    Object.fromEntries(head.map((name, i) => [name, cells[i] === '' ? Number.NaN : Number(cells[i])])),
  );
}

describeWithInvest('annual water yield as InVEST computes it', (folders) => {
  const compareRasters = async (folder: string, out: string, names: readonly string[]) => {
    for (const name of names) {
      const output = basename(name, '.tif');
      const { intermediate, classes, aligned } = annual_water_yield.outputs[output as 'veg'] as Args;
      const mine = join(out, intermediate ? 'intermediate' : 'output/per_pixel', name);
      const theirs = join(folder, 'outputs/annual_water_yield', name);
      const type = classes ? 'u32' : 'f32';
      const [{ plane, grid }, other] = [await loadPlane(mine, type), await loadPlane(theirs, type)];
      const result = comparePlanes(plane, other.plane, grid.width, toleranceOf(annual_water_yield, output));
      expect(result, `${output}: ${result.worst}`).toMatchObject({ nodataDisagreements: 0, off: 0, passed: true });
      expect(result.cells).toBeGreaterThan(5000);
      expect(grid).toMatchObject({ west: other.grid.west, north: other.grid.north });
      const raster = await openRaster(await fileSource(mine));
      await raster.close();
      expect(raster.info.nodata, output).toBe(classes ? 255 : aligned ? -9999 : -1);
    }
  };
  const expectSameTable = (folder: string, out: string) => {
    const [mine, theirs] = [join(out, 'output'), join(folder, 'outputs/annual_water_yield')].map((place) =>
      rowsOf(join(place, 'watershed_results_wyield.csv')),
    );
    expect(Object.keys(mine[0])).toEqual(['ws_id', 'precip_mn', 'PET_mn', 'AET_mn', 'wyield_mn', 'wyield_vol']);
    expect(mine).toHaveLength(theirs.length);
    for (const [i, row] of theirs.entries())
      for (const [name, value] of Object.entries(row))
        expect(Math.abs(mine[i][name] / value - 1), `${name} of ${row.ws_id}: ${mine[i][name]}, ${value}`).toBeLessThan(
          1e-6,
        );
  };

  for (const folder of folders) {
    test(`${basename(folder)} on the CPU`, async () => {
      const { out } = await run(referenceArgs(folder, 'annual_water_yield', dir), { intermediates: true });
      const { files } = investRun(folder, 'annual_water_yield');
      const rasters = Object.keys(files).filter((name) => name.endsWith('.tif'));
      expect(rasters.length).toBe(12);
      await compareRasters(folder, out, rasters);
      expectSameTable(folder, out);
    });

    test(`${basename(folder)}: watersheds as GeoJSON, without intermediates`, async () => {
      const args = referenceArgs(folder, 'annual_water_yield', dir);
      const watersheds_path = relative(dir, join(folder, 'inputs/watersheds.geojson'));
      const { out } = await run({ ...args, watersheds_path });
      expect(existsSync(join(out, 'intermediate'))).toBe(false);
      expectSameTable(folder, out);
    });

    describeDrivers(basename(folder), (driver) =>
      test(`on ${driver.name}`, async () => {
        const provider = async () => ({ name: 'dawn' as const, adapters: () => findAdapters(gpuOf(driver)) });
        const args = referenceArgs(folder, 'annual_water_yield', dir);
        const { out, device } = await runModelOf({ ...platform, provider }, 'annual_water_yield', dir, args, {
          intermediates: true,
          options: { device: 'software' },
        });
        expect(device).not.toContain('CPU:');
        await compareRasters(folder, out, ['fractp.tif', 'aet.tif', 'wyield.tif', 'pet.tif']);
        expectSameTable(folder, out);
      }),
    );
  }
});

describe('what is written', () => {
  const files = (out: string) =>
    readdirSync(out, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.\w+$/.test(name))
      .sort();

  test('rasters, table and polygons where InVEST has them, with the suffix', async () => {
    const { out } = await run({ ...(await smallWater(platform, dir)), results_suffix: 'a1' });
    expect(files(out)).toEqual(
      [...['aet', 'fractp', 'wyield'].flatMap((name) => [`${name}_a1.qml`, `${name}_a1.tif`])]
        .map((name) => `output/per_pixel/${name}`)
        .concat('output/watershed_results_wyield_a1.csv', 'output/watershed_results_wyield_a1.gpkg', 'run.json'),
    );
  });

  test('the table keeps the attributes; means leave nodata out, the volume fills it with the mean', async () => {
    const { out } = await run(await smallWater(platform, dir), { intermediates: true });
    const text = readFileSync(join(out, 'output/watershed_results_wyield.csv'), 'utf8');
    const lines = text.trim().split('\n');
    expect(lines[0]).toBe('ws_id,name,precip_mn,PET_mn,AET_mn,wyield_mn,wyield_vol');
    expect(lines[1]).toMatch(/^7,"west, ""upper""",/);
    expect(lines[2]).toMatch(/^3,,/);
    const wide = lines.slice(1).map((line) =>
      line
        .replace(/"(?:[^"]|"")*"/, '')
        .split(',')
        .map(Number),
    );
    const mean = async (file: string, inside: (x: number, y: number) => boolean) => {
      const { plane } = await loadPlane(join(out, file), 'f32');
      const cells = [...plane].filter((value, i) => value > -1e30 && inside(i % 12, Math.floor(i / 12)));
      return cells.reduce((sum, value) => sum + value, 0) / cells.length;
    };
    for (const [row, inside] of [
      [wide[0], (x: number) => x < 6],
      [wide[1], (x: number) => x >= 6],
    ] as const) {
      const expected = [
        await mean('intermediate/precip.tif', inside),
        await mean('intermediate/pet.tif', inside),
        await mean('output/per_pixel/aet.tif', inside),
        await mean('output/per_pixel/wyield.tif', inside),
      ];
      for (const [i, value] of expected.entries()) expect(row[2 + i]).toBeCloseTo(value, 8);
      expect(row[6]).toBeCloseTo((expected[3] / 1000) * 60 * 1e4, 6);
    }
    // One cell lacks precipitation: its potential evapotranspiration counts all the same.
    expect(wide[0][3]).toBeCloseTo(0.9 * (800 + 2.5 - 4.5), 3);
  });

  test('subwatersheds have results of their own', async () => {
    const args = await smallWater(platform, dir);
    const parts = [0, 5].map(
      (top, i): Polygon => ({ ring: rectangle(0, top, 12, top + 5), properties: { SUBWS_ID: i } }),
    );
    writeFileSync(join(dir, 'data/parts.geojson'), polygonFile(parts));
    const { out, tables } = await run({ ...args, sub_watersheds_path: 'data/parts.geojson' });
    const rows = rowsOf(join(out, 'output/subwatershed_results_wyield.csv'));
    expect(rows.map(({ SUBWS_ID }) => SUBWS_ID)).toEqual([0, 1]);
    const whole = rowsOf(join(out, 'output/watershed_results_wyield.csv'));
    const sum = (all: Row[], name: string) => all.reduce((total, row) => total + row[name], 0);
    // All valid cells but one weigh the same in both cuts of the region.
    expect(sum(rows, 'PET_mn')).toBeCloseTo(sum(whole, 'PET_mn'), 3);
    expect(Object.keys(tables)).toContain('output/subwatershed_results_wyield.gpkg');
    expect(existsSync(join(out, 'output/subwatershed_results_wyield.gpkg'))).toBe(true);
  });

  test('the grid is what watersheds and rasters share, in whole cells of land cover', async () => {
    const args = await smallWater(platform, dir);
    const ring = rectangle(2.3, 3.7, 9.999, 30);
    writeFileSync(join(dir, 'data/watersheds.geojson'), polygonFile([{ ring, properties: { ws_id: 1 } }]));
    await writeCells(platform, join(dir, 'data/pawc.tif'), () => 0.2, { grid: { width: 12, height: 9 } });
    const { out } = await run(args);
    const { grid } = await loadPlane(join(out, 'output/per_pixel/wyield.tif'), 'f32');
    expect(grid).toMatchObject({ west: SMALL.west + 200, north: SMALL.north - 300, width: 8, height: 6 });
    const { plane } = await loadPlane(join(out, 'output/per_pixel/wyield.tif'), 'f32');
    const { plane: all } = await loadPlane(
      join(
        (await run({ ...args, watersheds_path: 'data/all.geojson', ...everywhere() }, { workspace: join(dir, 'all') }))
          .out,
        'output/per_pixel/wyield.tif',
      ),
      'f32',
    );
    for (let y = 0; y < 6; y++) for (let x = 0; x < 8; x++) expect(plane[y * 8 + x]).toBe(all[(y + 3) * 12 + x + 2]);
  });

  function everywhere(): Args {
    writeFileSync(
      join(dir, 'data/all.geojson'),
      polygonFile([{ ring: rectangle(0, 0, 12, 10), properties: { ws_id: 1 } }]),
    );
    return {};
  }

  test('polygons too small to hold a centre take the cells under their box, those without cells stay empty', async () => {
    const args = await smallWater(platform, dir);
    const rings = [rectangle(0, 0, 12, 10), rectangle(4.6, 4.6, 4.8, 4.9), rectangle(3.9, 7.9, 4.1, 8.1)];
    const out_of_it = rectangle(20, 20, 30, 30);
    const polygons = [...rings, out_of_it].map((ring, i): Polygon => ({ ring, properties: { ws_id: i } }));
    writeFileSync(join(dir, 'data/watersheds.geojson'), polygonFile(polygons));
    const { out, log } = await run(args);
    const rows = rowsOf(join(out, 'output/watershed_results_wyield.csv'));
    expect(rows[1].precip_mn).toBe(1000 + 40 + 4);
    expect(rows[2].precip_mn).toBe(1000 + 35 + 7.5);
    expect(rows[2].wyield_vol).toBeCloseTo((rows[2].wyield_mn / 1000) * 20 * 20, 5);
    expect([rows[3].wyield_mn, rows[3].wyield_vol]).toEqual([Number.NaN, Number.NaN]);
    expect(log).toContainEqual(
      expect.stringMatching(/watersheds\.geojson: no valid cell lies in ws_id 3: their results/),
    );
  });

  test('watersheds in degrees are brought to the grid', async () => {
    const args = await smallWater(platform, dir);
    const plain = rowsOf(join((await run(args)).out, 'output/watershed_results_wyield.csv'));
    // 500 000 m east of UTM 50N is its meridian, 117° E: a box of degrees around both halves of the east.
    const { transformBetween } = await import('../../src/io/crs/index.ts');
    const { inverse } = await transformBetween({ epsg: 4326, name: 'WGS 84', kind: 'geographic' }, SMALL.crs);
    const degrees = (ring: [number, number][]) => ring.map(([x, y]) => inverse(x, y)!);
    const halves = [rectangle(0, 0, 6, 10), rectangle(6, 0, 12, 10)].map(
      (ring, i): Polygon => ({ ring: degrees(ring), properties: { ws_id: i } }),
    );
    writeFileSync(join(dir, 'data/watersheds.geojson'), polygonFile(halves, 'urn:ogc:def:crs:OGC:1.3:CRS84'));
    const rows = rowsOf(
      join((await run(args, { workspace: join(dir, 'degrees') })).out, 'output/watershed_results_wyield.csv'),
    );
    for (const i of [0, 1]) {
      expect(rows[i].wyield_mn).toBeCloseTo(plain[i].wyield_mn, 6);
      expect(rows[i].wyield_vol / plain[i].wyield_vol).toBeCloseTo(1, 6);
    }
  });
});

describe('what is wrong', () => {
  let args: Args;
  beforeEach(async () => {
    args = await smallWater(platform, dir);
  });
  const polygons = (...properties: Args[]) =>
    writeFileSync(
      join(dir, 'data/watersheds.geojson'),
      polygonFile(properties.map((each, i) => ({ ring: rectangle(i, 0, i + 1, 9), properties: each }))),
    );

  test('everything is said at once', async () => {
    polygons({ id: 1 });
    const { eto_path: _, ...rest } = args;
    const message = await failure({
      ...rest,
      pawc_path: 'nowhere.tif',
      seasonality_constant: 0,
      demand_table_path: 'demand.csv',
      valuation_table_path: 'stations.csv',
      biophysical_table_path: 'data/lulc.tif',
    });
    for (const words of [
      /args\.json, eto_path: the argument eto_path is missing or empty \(expected a raster: reference evapotranspiration/,
      /nowhere\.tif, pawc_path of .*args\.json: there is no such file/,
      /args\.json, seasonality_constant: .*out of range \(found 0, expected a number above 0\)/,
      /args\.json, demand_table_path: demand_table_path asks for water scarcity, which is not in this version/,
      /args\.json, valuation_table_path: valuation_table_path asks for the valuation of hydropower, which is not/,
      /lulc\.tif, .*biophysical_table_path of .*args\.json/,
      /watersheds\.geojson, watersheds_path of .*args\.json: the layer has no field 'ws_id' \(found id\)/,
    ])
      expect(message).toMatch(words);
  });

  test.each<[string, Args[], RegExp]>([
    [
      'a number twice',
      [{ ws_id: 4 }, { ws_id: 5 }, { ws_id: 4 }],
      /features 1 and 3 \(watersheds_path of .*\): ws_id 4 stands there twice/,
    ],
    [
      'no number',
      [{ ws_id: 4 }, { ws_id: null }],
      /feature 2 \(watersheds_path of .*ws_id is no whole number \(found nothing/,
    ],
    ['half a number', [{ ws_id: 4.5 }], /ws_id is no whole number \(found 4\.5/],
    ['a word', [{ ws_id: 'Huai' }], /ws_id is no whole number \(found "Huai"/],
    ['no polygon at all', [], /the layer has no features/],
  ])('watersheds with %s', async (_, properties, words) => {
    polygons(...properties);
    expect(await failure(args)).toMatch(words);
  });

  test('numbers as text are numbers', async () => {
    polygons({ ws_id: '4' }, { ws_id: '5' });
    const { out } = await run(args);
    expect(rowsOf(join(out, 'output/watershed_results_wyield.csv')).map(({ ws_id }) => ws_id)).toEqual([4, 5]);
  });

  test('watersheds elsewhere', async () => {
    const ring = rectangle(100, 100, 110, 110);
    writeFileSync(join(dir, 'data/watersheds.geojson'), polygonFile([{ ring, properties: { ws_id: 1 } }]));
    expect(await failure(args)).toMatch(
      /watersheds\.geojson, watersheds_path of .*: this does not overlap the other inputs \(found x 510000\.\.511000/,
    );
  });

  test('rasters elsewhere', async () => {
    for (const name of ['eto', 'soil'])
      await writeCells(platform, join(dir, `data/${name}.tif`), () => 800, { grid: { west: SMALL.west + 5000 } });
    const message = await failure({ ...args, seasonality_constant: -1 });
    expect(message).toMatch(/seasonality_constant is out of range/);
    expect(message).toMatch(/eto\.tif, eto_path of .*: this does not overlap the other inputs/);
    expect(message).toMatch(/soil\.tif, depth_to_root_rest_layer_path of .*: this does not overlap the other inputs/);
  });

  test('land cover in degrees', async () => {
    const crs = { epsg: 4326, name: 'WGS 84', kind: 'geographic' as const };
    await writeCells(platform, join(dir, 'data/lulc.tif'), () => 1, {
      kind: 'classes',
      grid: { crs, west: 117, north: 31, cellWidth: 0.001, cellHeight: 0.001 },
    });
    expect(await failure(args)).toMatch(/lulc_path of .*: land cover must be in a projected CRS with metres/);
  });

  test('a class without a row matters where the grid has it, and only there', async () => {
    await writeCells(platform, join(dir, 'data/lulc.tif'), (x) => (x < 6 ? 1 : x < 11 ? 2 : 9), { kind: 'classes' });
    expect(await failure(args)).toMatch(
      /lulc\.tif, lulc_path of .*: classes without a row in .*biophysical\.csv: 9 \(0\.1 km²\)/,
    );
    writeFileSync(
      join(dir, 'data/watersheds.geojson'),
      polygonFile([{ ring: rectangle(0, 0, 11, 10), properties: { ws_id: 1 } }]),
    );
    expect(rowsOf(join((await run(args)).out, 'output/watershed_results_wyield.csv'))).toHaveLength(1);
  });

  test('the biophysical table: vegetation is 0 or 1, a vegetated class needs its rooting depth', async () => {
    writeFileSync(join(dir, 'data/biophysical.csv'), BIOPHYSICAL.replace('forest,1,1,1500', 'forest,1,2,1500'));
    expect(await failure(args)).toMatch(
      /biophysical\.csv, line 2, column lulc_veg \(biophysical_table_path of .*0 or 1/,
    );
    writeFileSync(join(dir, 'data/biophysical.csv'), BIOPHYSICAL.replace('1500', ''));
    expect(await failure(args)).toMatch(/biophysical\.csv, line 2, column root_depth \(biophysical_table_path of/);
  });

  test('a raster and a vector without a CRS', async () => {
    await writeCells(platform, join(dir, 'data/pawc.tif'), () => 0.2, {
      grid: { crs: { name: 'none', kind: 'unknown' } },
    });
    expect(await failure(args)).toMatch(
      /pawc\.tif, pawc_path of .*args\.json: the raster does not say in which CRS it is/,
    );
    await writeCells(platform, join(dir, 'data/pawc.tif'), () => 0.2);
    writeFileSync(join(dir, 'data/watersheds.geojson'), polygonFile([], 'urn:ogc:def:crs:EPSG::999999'));
    expect(await failure(args)).toMatch(/watersheds\.geojson, .*watersheds_path of .*args\.json/);
  });

  test('no rain at all', async () => {
    await writeCells(platform, join(dir, 'data/precip.tif'), () => 0);
    expect(await failure(args)).toMatch(/fractp\.tif is nodata everywhere\. Look for .*precipitation 0 gives nodata/);
  });

  test('a declared unit is not converted, as in InVEST, and said so', async () => {
    await writeCells(platform, join(dir, 'data/soil.tif'), () => 900, { unit: 'm' });
    const { log } = await run(args);
    expect(log).toContainEqual(expect.stringMatching(/soil\.tif: .*declares 'm', taken as mm/));
  });
});
