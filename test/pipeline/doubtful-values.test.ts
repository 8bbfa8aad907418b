/** Values that are no error and seldom meant: how many, where the first is, what comes of them; and the same said of threats, where it is an error. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { annual_water_yield } from '../../src/models/annual_water_yield/spec.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import type { ProcessRequest } from '../../src/pipeline/process-request.ts';
import { runProcess } from '../../src/pipeline/run-process.ts';
import { loadPlane } from '../support/invest.ts';
import {
  type Args,
  type CellValue,
  failureOf,
  freshFolders,
  polygonFile,
  rectangle,
  runModelOf,
  SMALL,
  smallRouted,
  smallWater,
  writeCells,
} from '../support/invest-files.ts';

const platform = nodePlatform({ workers: 1 });
let dir: string;
freshFolders(platform, (folder) => {
  dir = folder;
});

const warnings = (log: readonly string[]) => log.filter((line) => / of 0 or less|the mean is/.test(line));
/** Where column 2 of row 4 lies. */
const [X, Y] = [SMALL.west + 250, SMALL.north - 450];

describe('runoff proxy of NDR', () => {
  const proxy = (value: CellValue) => writeCells(platform, join(dir, 'data/precip.tif'), value);
  const ndr = async (change: Args = {}) =>
    runModelOf(platform, 'ndr', dir, { ...(await smallRoutedWith()).ndr, ...change }, { overwrite: true });
  let value: CellValue;
  async function smallRoutedWith() {
    const args = await smallRouted(platform, dir);
    await proxy(value);
    return args;
  }

  test('values of 0 and below are counted, the first is named, with what comes of them', async () => {
    value = (x, y) => (x === 2 && y === 4 ? 0 : x === 9 && y === 7 ? -5 : 900);
    expect(warnings((await ndr()).log)).toEqual([
      `warning: runoff_proxy_path: ${join(dir, 'data/precip.tif')}: 2 cells of 0 or less, the first (0) in row 4, column 2 (x ${X}, y ${Y}): loads follow the proxy: 0 gives no load and no export there, a negative value negative ones, which lower the sums`,
    ]);
    value = () => 900;
    expect(warnings((await ndr()).log)).toEqual([]);
  });

  test('a mean of 0 and a negative one', async () => {
    value = () => 0;
    const { log, rasters } = await ndr();
    expect(warnings(log)).toHaveLength(2);
    expect(warnings(log)[1]).toMatch(
      /precip\.tif: the mean is 0: with a mean of 0 the proxy itself is taken as its index/,
    );
    expect(rasters['n_total_export.tif'].statistics).toMatchObject({ min: 0, max: 0 });
    value = (x) => (x === 0 ? 5 : -1);
    expect(warnings((await ndr()).log)[1]).toContain('the mean is -0.5: ');
    // A mean that the user gives is what divides.
    expect(warnings((await ndr({ runoff_proxy_av: 10 })).log)).toHaveLength(1);
  });

  test('outside of the watersheds nothing is said', async () => {
    value = (x) => (x < 3 ? 0 : 900);
    const args = await smallRoutedWith();
    writeFileSync(
      join(dir, 'data/watersheds.geojson'),
      polygonFile([{ ring: rectangle(3, 1, 11, 9), properties: { ws_id: 4 } }]),
    );
    expect(warnings((await runModelOf(platform, 'ndr', dir, args.ndr)).log)).toEqual([]);
  });
});

describe('ET0 of 0 and below', () => {
  const eto: CellValue = (x, y) => (x === 2 && y === 4 ? -20 : x === 4 && y === 4 ? 0 : 800);

  test('annual water yield: named, and computed as equations (1) to (6) say', async () => {
    const args = await smallWater(platform, dir);
    await writeCells(platform, join(dir, 'data/eto.tif'), eto);
    const { log, out } = await runModelOf(platform, 'annual_water_yield', dir, args);
    expect(warnings(log)).toEqual([
      `warning: eto_path: ${join(dir, 'data/eto.tif')}: 2 cells of 0 or less, the first (-20) in row 4, column 2 (x ${X}, y ${Y}): with 0 nothing evaporates there and all precipitation is yield, with a negative value more than that`,
    ]);
    const { plane, grid } = await loadPlane(join(out, 'output/per_pixel/wyield.tif'), 'f32');
    const precipitation = (x: number, y: number) => 1000 + 10 * x + y;
    expect(plane[4 * grid.width + 4]).toBe(precipitation(4, 4));
    expect(plane[4 * grid.width + 2]).toBeCloseTo(precipitation(2, 4) + 0.9 * 20, 3);
  });

  test('the process says it too, with its own names', async () => {
    await smallWater(platform, dir);
    const data = (name: string) => join(dir, 'data', name);
    await writeCells(platform, data('eto.tif'), eto);
    writeFileSync(data('classes.csv'), 'lucode,lulc_veg,root_depth,kc\n1,1,1500,0.9\n2,0,1,1.1\n');
    const request: ProcessRequest = {
      model: annual_water_yield,
      inputs: {
        lulc: data('lulc.tif'),
        precipitation: data('precip.tif'),
        et0: data('eto.tif'),
        soil_depth: data('soil.tif'),
        pawc: data('pawc.tif'),
      },
      tables: { biophysical: data('classes.csv') },
      params: {},
      out: join(dir, 'out'),
    };
    const log: string[] = [];
    await runProcess(request, platform, { device: 'cpu', memory: 1e9, log: (line) => log.push(line) });
    expect(warnings(log)).toHaveLength(1);
    expect(warnings(log)[0]).toContain('warning: et0: ');
  });

  test('urban cooling: named where it is used, not by the intensity of building', async () => {
    await smallWater(platform, dir);
    await writeCells(platform, join(dir, 'data/eto.tif'), eto);
    writeFileSync(
      join(dir, 'data/cooling.csv'),
      'lucode,kc,green_area,shade,albedo,building_intensity\n1,1,1,0.8,0.2,0\n2,0.1,0,0.1,0.1,0.7\n',
    );
    const args = {
      lulc_raster_path: 'data/lulc.tif',
      ref_eto_raster_path: 'data/eto.tif',
      aoi_vector_path: 'data/watersheds.geojson',
      biophysical_table_path: 'data/cooling.csv',
      green_area_cooling_distance: 300,
      t_air_average_radius: 300,
      t_ref: 25,
      uhi_max: 3,
      cc_method: 'factors',
      do_productivity_valuation: false,
      do_energy_valuation: false,
    };
    const { log } = await runModelOf(platform, 'urban_cooling', dir, args);
    expect(warnings(log)).toHaveLength(1);
    expect(warnings(log)[0]).toMatch(
      /ref_eto_raster_path: .*: 2 cells of 0 or less, the first \(-20\).*only shade and albedo cool/,
    );
    const built = await runModelOf(
      platform,
      'urban_cooling',
      dir,
      { ...args, cc_method: 'intensity' },
      { overwrite: true },
    );
    expect(warnings(built.log)).toEqual([]);
  });
});

test('threats outside 0 to 1: how many cells, and where the first is', async () => {
  await smallWater(platform, dir);
  const town: CellValue = (x, y) => (x === 2 && y === 4 ? 1.5 : x === 11 && y === 9 ? 3 : 0);
  await writeCells(platform, join(dir, 'data/town.tif'), town);
  await writeCells(platform, join(dir, 'data/crop.tif'), (x) => (x === 2 ? 4 : 0), { kind: 'classes' });
  writeFileSync(
    join(dir, 'data/threats.csv'),
    'threat,max_dist,weight,decay,cur_path\ntown,300,1,linear,town.tif\ncrop,300,1,linear,crop.tif\n',
  );
  writeFileSync(join(dir, 'data/sensitivity.csv'), 'lucode,habitat,town,crop\n1,1,0.5,1\n2,0.5,0,1\n');
  const args = {
    lulc_cur_path: 'data/lulc.tif',
    threats_table_path: 'data/threats.csv',
    sensitivity_table_path: 'data/sensitivity.csv',
    half_saturation_constant: 0.5,
  };
  const message = await failureOf(runModelOf(platform, 'habitat_quality', dir, args), dir);
  expect(message).toContain(
    `town.tif, row 4, column 2 (x ${X}, y ${Y}) (cur_path of town in threats_table_path of ${join(dir, 'args.json')}): a threat is a share from 0 to 1 (found 1.5 there, the first of 2 cells outside; all: 0 to 3,`,
  );
  expect(message).toContain(
    `crop.tif, row 0, column 2 (x ${X}, y ${SMALL.north - 50}) (cur_path of crop in threats_table_path of ${join(dir, 'args.json')}): a threat is a share from 0 to 1 (found 4 there, the first of 10 cells outside; all: 0 to 4,`,
  );
});
