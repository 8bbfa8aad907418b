/** The process `habitat_quality`: where threats are, access, baseline and future, and what is wrong with what it is given. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { parseCsv } from '../../src/io/class-table.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { type HabitatRequest, runHabitat } from '../../src/pipeline/habitat/process.ts';
import { prepareHabitat } from '../../src/pipeline/habitat/service.ts';
import { loadPlane } from '../support/invest.ts';
import { freshFolders, polygonFile, rectangle, writeCells } from '../support/invest-files.ts';

const platform = nodePlatform({ workers: 1 });
let dir: string;
let log: string[];
freshFolders(platform, (folder) => {
  dir = folder;
});

const THREATS =
  'threat,max_dist,weight,decay,cur_path,fut_path,classes\ncrop,300,1,linear,crop.tif,none.tif,\ntown,250,3,exponential,,,3 4\n';
const SENSITIVITY = 'lucode,habitat,crop,town\n1,1,0.5,1\n2,0.5,0,0.5\n3,0,1,1\n4,0.2,0,0\n';
const data = (name: string) => join(dir, 'data', name);

beforeEach(async () => {
  mkdirSync(data(''));
  log = [];
  await writeCells(platform, data('lulc.tif'), (x) => [1, 2, 3][Math.min(x, 2)] ?? 1, { kind: 'classes' });
  await writeCells(platform, data('crop.tif'), (x, y) => +(x === 0 && y === 0));
  await writeCells(platform, data('none.tif'), () => 0);
  writeFileSync(data('threats.csv'), THREATS);
  writeFileSync(data('sensitivity.csv'), SENSITIVITY);
});

async function run(change: Partial<HabitatRequest> = {}) {
  const [lulc, threats, sensitivity] = ['lulc.tif', 'threats.csv', 'sensitivity.csv'].map(data);
  const request = { lulc, threats, sensitivity, half_saturation: '0.25', out: join(dir, 'out'), ...change };
  const found = await runHabitat(request, platform, { device: 'cpu', memory: 1e9, log: (line) => log.push(line) });
  const cells: Record<string, Float32Array> = {};
  for (const name of Object.keys(found.outputs))
    cells[name] = (await loadPlane(join(dir, 'out', `${name}.tif`), 'f32')).plane as Float32Array;
  return cells;
}

const failure = (change: Partial<HabitatRequest>) =>
  run(change).then(
    () => 'no failure',
    (error: Error) => error.message,
  );

/** Cell 1 of row 0 is a meadow one cell from the crop and one from the town. */
const MEADOW = 0.75 * 0.5 * Math.exp(-2.99 / 2.5);

test('threats as a raster of the table and as classes', async () => {
  const found = await run();
  expect(Object.keys(found)).toEqual(['deg_sum_c', 'quality_c']);
  const { deg_sum_c, quality_c } = found;
  expect(deg_sum_c[0]).toBeCloseTo(0.25 * 0.5 + 0.75 * Math.exp((-2.99 * 2) / 2.5), 6);
  expect(deg_sum_c[1]).toBeCloseTo(MEADOW, 6);
  expect(deg_sum_c[2]).toBeCloseTo(0.25 / 3 + 0.75, 6);
  expect([deg_sum_c[3], quality_c[3]]).toEqual([0.75, 0]);
  expect(quality_c[1]).toBeCloseTo(0.5 / (1 + (MEADOW / 0.25) ** 2.5), 6);
});

test('a list of rasters instead, and half of the largest degradation', async () => {
  const { quality_c, deg_sum_c } = await run({
    threat_rasters: [data('none.tif'), data('crop.tif')],
    half_saturation: undefined,
  });
  expect(deg_sum_c[0]).toBe(0.75);
  expect(quality_c[0]).toBeCloseTo(1 / (1 + 2 ** 2.5), 6);
});

test('a future map, a baseline, intermediates', async () => {
  await writeCells(platform, data('later.tif'), () => 4, { kind: 'classes' });
  await writeCells(platform, data('before.tif'), (x) => (x === 0 ? 0xffffffff : 2), { kind: 'classes' });
  const found = await run({ lulc_fut: data('later.tif'), lulc_bas: data('before.tif'), intermediates: true });
  expect(Object.keys(found).sort()).toEqual(
    ['c', 'f']
      .flatMap((map) => [
        ...[`deg_sum_${map}`, `quality_${map}`, `rarity_${map}`, `habitat_${map}`, `new_cover_${map}`],
        ...[`filtered_linear_crop_${map}`, `filtered_exponential_town_${map}`],
        ...['crop', 'town'].flatMap((name) => [
          `sens_${name}_${map}`,
          `degradation_${name}_${map}`,
          `${name}_distance_transform_${map}`,
        ]),
      ])
      .sort(),
  );
  expect(found.quality_f.every((value) => value === Math.fround(0.2))).toBe(true);
  expect([found.rarity_c[0], found.rarity_c[1], found.rarity_c[2]]).toEqual([NODATA, Math.fround(1 - 10 / 120), 0]);
  expect(readdirSync(join(dir, 'out'))).toContain('rarity_c.tif');
});

test('access as a raster and as polygons', async () => {
  await writeCells(platform, data('access.tif'), (x) => (x === 1 ? 0.5 : 1));
  expect((await run({ access: data('access.tif') })).deg_sum_c[1]).toBeCloseTo(MEADOW / 2, 6);
  const polygon = { ring: rectangle(0, 0, 2, 10), properties: { Access: 0 } };
  writeFileSync(data('access.geojson'), polygonFile([polygon]));
  const { deg_sum_c } = await run({ access: data('access.geojson'), overwrite: true });
  expect([deg_sum_c[0], deg_sum_c[1], deg_sum_c[3]]).toEqual([0, 0, 0.75]);
  const facts = JSON.parse(readFileSync(join(dir, 'out/run.json'), 'utf8'));
  expect(facts).toMatchObject({ process: 'habitat_quality', parameters: { half_saturation: 0.25 } });
});

test('rasters on other grids by nearest neighbour, where asked for', async () => {
  const grid = { width: 6, height: 5, cellWidth: 200, cellHeight: 200 };
  await writeCells(platform, data('crop.tif'), (x, y) => +(x === 0 && y === 0), { grid });
  expect(await failure({})).toContain('the raster is on another grid than the first one');
  const { deg_sum_c } = await run({ align: 'auto' });
  expect(deg_sum_c[1]).toBeCloseTo(MEADOW, 6);
  expect(deg_sum_c[2]).toBeCloseTo((0.25 * 2) / 3 + 0.75, 6); // the crop is two cells wide now
});

describe('what is wrong is said', () => {
  test.each<[string, Partial<HabitatRequest>, string]>([
    [
      'no land cover and no tables',
      { lulc: undefined, threats: undefined },
      'habitat_quality needs --threats TABLE (threats)',
    ],
    ['a list that is too short', { threat_rasters: ['a.tif'] }, 'found 1 rasters, expected 2: crop, town'],
    ['a half-saturation of 0', { half_saturation: '0' }, '--half_saturation is out of range (found 0'],
  ])('%s', async (_, change, words) => {
    expect(await failure(change)).toContain(words);
  });

  test.each<[string, string, string]>([
    [
      'nowhere',
      THREATS.replace('3 4', ''),
      'threats.csv, line 3, column cur_path: the table does not say where town is',
    ],
    [
      'in a class that no table knows',
      THREATS.replace('3 4', '3 9'),
      'line 3, column classes: the classes of town are not all in the sensitivity table (found 3 9',
    ],
    ['in classes that are no codes', THREATS.replace('3 4', 'towns'), 'line 3, column classes'],
    ['in a raster that is not there', THREATS.replace('crop.tif', 'field.tif'), 'field.tif'],
    [
      'of values above 1',
      THREATS.replace('crop.tif', 'lulc.tif'),
      'a threat is a share from 0 to 1 (found 2 there, the first of 110 cells outside; all: 1 to 3',
    ],
  ])('a threat %s', async (_, text, words) => {
    writeFileSync(data('threats.csv'), text);
    expect(await failure({})).toContain(words);
    expect(readdirSync(dir)).toEqual(['data']);
  });

  test('a list beside a future map', async () => {
    const change = { threat_rasters: [data('none.tif'), data('crop.tif')], lulc_fut: data('lulc.tif') };
    expect(await failure(change)).toContain('a list of threat rasters is of one map only');
  });
});

describe('as the supply of a service', () => {
  const PROJECT =
    'threat,max_dist,weight,decay,layer,classes\ncrop,300,1,linear,fields,\ntown,250,3,exponential,,3;4\n';
  const prepare = (threats: string) =>
    prepareHabitat(parseCsv('threats.csv', threats), parseCsv('sensitivity.csv', SENSITIVITY));

  test('layers and tables', () => {
    const { model, inputs, tables, output } = prepare(PROJECT);
    expect(output in model.outputs).toBe(true);
    expect(Object.entries(inputs).map(([name, { layer, spec }]) => [name, layer, spec.kind])).toEqual([
      ['lulc_c', 'lulc', 'classes'],
      ['threat_crop_c', 'fields', 'density'],
    ]);
    expect(Object.keys(tables).sort()).toEqual(Object.keys(model.tables!).sort());
    expect([...tables.presence_town].map(([code, { presence }]) => [code, presence])).toEqual([
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 1],
    ]);
  });

  test('neither layer nor classes, or both', () => {
    expect(() => prepare(PROJECT.replace('fields', ''))).toThrow(
      'threats.csv, line 2: the table does not say where crop is',
    );
    expect(() => prepare(PROJECT.replace('fields,', 'fields,1'))).toThrow('the table says twice where crop is');
  });
});
