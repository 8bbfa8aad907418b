/** Whatever is wrong with a file of `ecoflux invest`: the message names the argument and the file, and puts the blame where it belongs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/node/platform.ts';
import {
  type Args,
  failureOf,
  freshFolders,
  runModelOf,
  smallCarbon,
  smallRouted,
  smallWater,
  writeCells,
} from '../support/invest-files.ts';

const platform = nodePlatform({ workers: 1 });
let dir: string;
freshFolders(platform, (folder) => {
  dir = folder;
});
const data = (name: string) => join(dir, 'data', name);
let args: Args;

/** The files of a small case; what is to be wrong with them is written after it. */
async function begin(model: string): Promise<void> {
  if (model === 'carbon') args = await smallCarbon(platform, dir);
  else if (model === 'sdr' || model === 'ndr') args = (await smallRouted(platform, dir))[model];
  else args = await smallWater(platform, dir);
}
const failure = (model: string, change: Args = {}) =>
  failureOf(runModelOf(platform, model, dir, { ...args, ...change }), dir);
const of = (argument: string) => `${argument} of ${join(dir, 'args.json')}`;

test.each([
  ['carbon', 'lulc_bas_path'],
  ['annual_water_yield', 'lulc_path'],
  ['sdr', 'lulc_path'],
])('%s: no class codes in %s', async (model, argument) => {
  await begin(model);
  await writeCells(platform, data('half.tif'), (x) => x + 0.5);
  expect(await failure(model, { [argument]: 'data/half.tif' })).toMatch(
    `half.tif, row 0, column 0 (${of(argument)}): this raster should hold class codes (found 0.5`,
  );
});

test.each([
  ['annual_water_yield', 'precipitation_path', 'output/per_pixel/fractp.tif'],
  ['annual_water_yield', 'pawc_path', 'output/per_pixel/fractp.tif'],
  ['sdr', 'erosivity_path', 'rkls.tif'],
  ['ndr', 'dem_path', 'n_surface_export.tif'],
  ['ndr', 'runoff_proxy_path', 'n_surface_export.tif'],
])('%s: nothing but nodata in %s', async (model, argument, file) => {
  await begin(model);
  await writeCells(platform, data('empty.tif'), () => -9999);
  expect(await failure(model, { [argument]: 'data/empty.tif' })).toBe(
    `${data('empty.tif')}, ${of(argument)}: the raster has no valid cell where results are wanted, so that ${file} is nodata everywhere. Check its declared nodata value, its place and CRS`,
  );
});

describe('places', () => {
  beforeEach(() => begin('annual_water_yield'));
  const nowhere = { grid: { crs: { kind: 'unknown', name: 'none' } as const } };
  const elsewhere = { grid: { west: 900000 } };

  test('a first raster without a CRS: nothing else is blamed', async () => {
    await writeCells(platform, data('lulc.tif'), () => 1, { kind: 'classes', ...nowhere });
    const message = await failure('annual_water_yield');
    expect(message).toContain(`lulc.tif, ${of('lulc_path')}: land cover must be in a projected CRS with metres`);
    expect(message.split('\n')).toHaveLength(1);
  });

  test('another one without a CRS: which, and how to say it', async () => {
    await writeCells(platform, data('eto.tif'), () => 900, nowhere);
    expect(await failure('annual_water_yield')).toContain(
      `eto.tif, ${of('eto_path')}: the raster does not say in which CRS it is (expected WGS 84 / UTM zone 50N). Say which: gdal_edit.py -a_srs EPSG:32650 ${data('eto.tif')}`,
    );
  });

  test('a first raster elsewhere is one problem, not one of each other', async () => {
    await writeCells(platform, data('lulc.tif'), () => 1, { kind: 'classes', ...elsewhere });
    const message = await failure('annual_water_yield');
    expect(message).toContain(`lulc.tif, ${of('lulc_path')}: this does not overlap any other input`);
    expect(message.split('\n')).toHaveLength(1);
    await begin('annual_water_yield');
    await writeCells(platform, data('eto.tif'), () => 900, elsewhere);
    expect(await failure('annual_water_yield')).toContain(
      `eto.tif, ${of('eto_path')}: this does not overlap the other inputs`,
    );
  });
});

describe('numbers', () => {
  test('years without end are refused, not summed up', async () => {
    await begin('carbon');
    expect(await failure('carbon', { lulc_alt_year: 1e12 })).toContain(
      'args.json, lulc_alt_year: lulc_alt_year is out of range (found 1000000000000, expected 0 to 9999)',
    );
    expect(await failure('carbon', { lulc_alt_year: 9999, discount_rate: -99, rate_change: -99 })).toContain(
      'the value of a tonne of carbon has no bounds at these rates (found discount_rate -99, rate_change -99 over 7999 years)',
    );
  });

  test('a constant of habitat quality by its own name', async () => {
    await begin('annual_water_yield');
    args = {};
    await writeCells(platform, data('town.tif'), () => 1);
    writeFileSync(data('threats.csv'), 'threat,max_dist,weight,decay,cur_path\ntown,300,1,linear,town.tif\n');
    writeFileSync(data('sensitivity.csv'), 'lucode,habitat,town\n1,1,0.5\n2,0.5,0\n');
    const given = {
      lulc_cur_path: 'data/lulc.tif',
      threats_table_path: 'data/threats.csv',
      sensitivity_table_path: 'data/sensitivity.csv',
      half_saturation_constant: 1e9,
    };
    const message = await failure('habitat_quality', given);
    expect(message).toContain(
      'args.json, half_saturation_constant: half_saturation_constant is out of range (found 1000000000',
    );
    writeFileSync(data('threats.csv'), 'threat,max_dist,weight,decay,cur_path\ntown,300,1,linear,none.tif\n');
    expect(await failure('habitat_quality', { ...given, half_saturation_constant: 0.5 })).toContain(
      `none.tif, ${of('cur_path of town in threats_table_path')}: there is no such file`,
    );
  });
});

test('an erodibility of 0 says that no soil is lost', async () => {
  await begin('sdr');
  await writeCells(platform, data('erodibility.tif'), () => 0);
  const { log } = await runModelOf(platform, 'sdr', dir, args);
  expect(log.join('\n')).toContain('rkls.tif: no soil is lost anywhere: erosivity, erodibility or l_max is 0');
});
