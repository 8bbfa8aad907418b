/** `ecoflux invest habitat_quality` against what InVEST 3.20 wrote, and what its users get wrong. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import type { Tolerance } from '../../src/core/model.ts';
import { findAdapters } from '../../src/gpu/provider.ts';
import { openRaster } from '../../src/io/raster.ts';
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
  SMALL,
  writeCells,
} from '../support/invest-files.ts';

const platform = nodePlatform({ workers: 2 });
let dir: string;
freshFolders(platform, (folder) => {
  dir = folder;
});

const run = (args: unknown, how: RunWith = {}, on = platform) => runModelOf(on, 'habitat_quality', dir, args, how);
const failure = (args: unknown, how: RunWith = {}) => failureOf(run(args, how), dir);

/** invest-models.md section 3. */
function toleranceOf(name: string): Tolerance {
  const because = 'invest-models.md section 3';
  if (name.includes('distance_transform')) return { rtol: 0, atol: 1e-4, because };
  if (name.startsWith('quality')) return { rtol: 0, atol: 5e-6, because };
  if (/^(filtered|degradation|deg_sum)/.test(name)) return { rtol: 0, atol: 2e-6, because };
  return { rtol: 1e-7, atol: 0, because };
}

async function nodataOf(file: string) {
  const raster = await openRaster(await fileSource(file));
  await raster.close();
  return raster.info.nodata;
}

async function expectSame(out: string, folder: string, model: string): Promise<void> {
  const rasters = Object.keys(investRun(folder, model).files).filter((name) => name.endsWith('.tif'));
  expect(rasters.length).toBe(model === 'habitat_quality' ? 31 : 4);
  for (const name of rasters) {
    const output = basename(name, '.tif');
    const final = /^(deg_sum|quality|rarity)/.test(name);
    const mine = join(out, final ? '' : 'intermediate', name);
    const theirs = join(folder, 'outputs', model, name);
    const type = name.startsWith('new_cover') ? 'u32' : 'f32';
    const [{ plane, grid }, expected] = [await loadPlane(mine, type), await loadPlane(theirs, type)];
    const result = comparePlanes(plane, expected.plane, grid.width, toleranceOf(name));
    expect(result, `${output}: ${result.worst}`).toMatchObject({ nodataDisagreements: 0, off: 0, passed: true });
    expect(result.cells).toBeGreaterThan(5000);
    expect(grid).toMatchObject({ west: expected.grid.west, north: expected.grid.north });
    expect(await nodataOf(mine), name).toBe(await nodataOf(theirs));
  }
}

describeWithInvest('habitat quality as InVEST computes it', (folders) => {
  const compare = async (folder: string, model: string, how: RunWith, on = platform) => {
    const { out, log } = await run(referenceArgs(folder, model, dir), { intermediates: true, ...how }, on);
    await expectSame(out, folder, model);
    return { out, log };
  };

  for (const folder of folders) {
    const name = basename(folder);

    test(`${name} on the CPU, tiles of 64`, async () => {
      const { log } = await compare(folder, 'habitat_quality', { options: { tile: 64 } });
      const small = /line 2: max_dist of crop, 500 m, is less than a cell of 1000 m: it degrades its own cells only/;
      expect(log.some((line) => small.test(line))).toBe(name.includes('1km'));
    });

    test(`${name}, rarity`, async () => {
      const { out } = await compare(folder, 'habitat_quality_rarity', {});
      const rows = (file: string) =>
        readFileSync(file, 'utf8')
          .trim()
          .split(/\r?\n/)
          .map((line) => line.split(','));
      const [mine, theirs] = [
        rows(join(out, 'rarity_c.csv')),
        rows(join(folder, 'outputs/habitat_quality_rarity/rarity_c.csv')),
      ];
      expect(mine[0]).toEqual(theirs[0]);
      expect(mine).toHaveLength(theirs.length);
      for (const [i, [code, value]] of theirs.entries()) {
        if (i === 0) continue;
        expect(mine[i][0]).toBe(code);
        expect(Number(mine[i][1])).toBeCloseTo(Number(value), 12);
      }
    });

    describeDrivers(name, (driver) =>
      test(`on ${driver.name}, tiles of 64`, async () => {
        const provider = async () => ({ name: 'dawn' as const, adapters: () => findAdapters(gpuOf(driver)) });
        const options = { device: 'software', tile: 64 } as const;
        const { log } = await compare(folder, 'habitat_quality', { options }, { ...platform, provider });
        void log;
      }),
    );
  }
});

/** Threats in the columns of SMALL: crop in the west as shares, town a single cell. */
async function smallHabitat(): Promise<Args> {
  const data = join(dir, 'data');
  mkdirSync(data, { recursive: true });
  const raster = (name: string, value: CellValue) => writeCells(platform, join(data, `${name}.tif`), value);
  const cover: CellValue = (x, y) => (x === 11 && y === 9 ? 0xffffffff : 1 + ((x + y) % 3));
  await writeCells(platform, join(data, 'lulc.tif'), cover, { kind: 'classes' });
  await raster('crop', (x, y) => (y === 3 ? -9999 : x < 2 ? 0.25 + x / 2 : 0));
  await raster('town', (x, y) => (x === 6 && y === 5 ? 1 : 0));
  writeFileSync(join(data, 'threats.csv'), THREATS);
  writeFileSync(join(data, 'sensitivity.csv'), SENSITIVITY);
  return {
    lulc_cur_path: 'data/lulc.tif',
    threats_table_path: 'data/threats.csv',
    sensitivity_table_path: 'data/sensitivity.csv',
    half_saturation_constant: 0.1,
  };
}

const THREATS =
  'Threat,MAX_DIST,Weight,DECAY,cur_path,fut_path,base_path\nCrop,500,0.5,Linear,crop.tif,,\ntown,1000,1,exponential,town.tif,,\n';
const SENSITIVITY = 'LULC,name,HABITAT,crop,TOWN\n1,forest,1,0.5,1\n2,meadow,0.5,0,0.2\n3,road,0,1,1\n';

const plane = async (file: string) => [...(await loadPlane(file, 'f32')).plane];

describe('small cases of our own', () => {
  let args: Args;
  beforeEach(async () => {
    args = await smallHabitat();
  });
  const table = (name: string, text: string) => writeFileSync(join(dir, 'data', `${name}.csv`), text);

  test('names without regard to case, results where InVEST puts them', async () => {
    const { out, rasters } = await run({ ...args, results_suffix: 'x' });
    expect(Object.keys(rasters)).toEqual(['deg_sum_c_x.tif', 'quality_c_x.tif']);
    const degradation = await plane(join(out, 'deg_sum_c_x.tif'));
    expect(degradation.at(-1)).toBe(NODATA);
    // On the town, class 3: f = 1, sensitivity 1, weight 2/3; the crop is 5 cells away, at its reach: f = 0.
    expect(degradation[5 * 12 + 6]).toBeCloseTo(2 / 3, 6);
    // Class 2 does not mind crops, and the town is √50 of its 10 cells away.
    expect(degradation[1]).toBeCloseTo(0.2 * (2 / 3) * Math.exp(-2.99 * Math.sqrt(0.5)), 6);
    expect(existsSync(join(out, 'intermediate'))).toBe(false);
  });

  test('access of polygons, the last one where they overlap; without them 1', async () => {
    const polygon = (access: unknown, ring: ReturnType<typeof rectangle>) => ({ ring, properties: { ACCESS: access } });
    const polygons = [polygon(0, rectangle(0, 0, 8, 10)), polygon('0.5', rectangle(6, 5, 7, 6))];
    writeFileSync(join(dir, 'data/access.geojson'), polygonFile(polygons));
    const { out } = await run({ ...args, access_vector_path: 'data/access.geojson' }, { intermediates: true });
    const access = await plane(join(out, 'intermediate/access_layer.tif'));
    expect([access[0], access[5 * 12 + 6], access[8]]).toEqual([0, 0.5, 1]);
    const degradation = await plane(join(out, 'deg_sum_c.tif'));
    expect([degradation[0], degradation[5 * 12 + 6]]).toEqual([0, Math.fround(1 / 3)]);
    expect((await plane(join(out, 'intermediate/degradation_town_c.tif')))[5 * 12 + 6]).toBe(Math.fround(1 / 3));
  });

  test('a baseline with a class that is gone and one that is new', async () => {
    const before: CellValue = (x, y) => (y === 0 ? 0xffffffff : x < 6 ? 1 : 7);
    await writeCells(platform, join(dir, 'data/before.tif'), before, { kind: 'classes' });
    table('threats', THREATS.replace('crop.tif,,', 'crop.tif,,crop.tif'));
    const { out, log } = await run({ ...args, lulc_bas_path: 'data/before.tif' }, { intermediates: true });
    expect(log).toContain(
      'data/threats.csv: base_path is not used: of the baseline only the rarity of land cover is computed'.replace(
        'data',
        join(dir, 'data'),
      ),
    );
    const cover = (await loadPlane(join(out, 'intermediate/new_cover_c.tif'), 'u32')).plane;
    const now = cover.filter((code) => code === 1).length;
    expect(readFileSync(join(out, 'rarity_c.csv'), 'utf8')).toBe(
      `lucode,rarity_value\n1,${1 - now / (54 + now)}\n2,0\n3,0\n`,
    );
    const rarity = await plane(join(out, 'rarity_c.tif'));
    expect([rarity[0], rarity[13], rarity[12 * 2 + 1]]).toEqual(
      [NODATA, 0, Math.fround(1 - now / (54 + now))].map((v, i) => (i === 1 ? rarity[13] : v)),
    );
  });

  test('a threat that is nowhere', async () => {
    await writeCells(platform, join(dir, 'data/town.tif'), () => 0);
    const { out } = await run(args, { intermediates: true });
    const distances = await plane(join(out, 'intermediate/town_distance_transform_c.tif'));
    expect([distances[0], distances.at(-1)]).toEqual([22, 31]); // columns, rows, and the row of the cell
    expect(new Set(await plane(join(out, 'intermediate/filtered_exponential_town_c.tif')))).toEqual(new Set([0]));
  });

  test.each<[string, (args: Args) => unknown, string]>([
    [
      'a half-saturation of 0',
      (a) => ({ ...a, half_saturation_constant: 0 }),
      'the argument half_saturation_constant is out of range (found 0, expected a number above 0)',
    ],
    [
      'no half-saturation',
      ({ half_saturation_constant: _, ...a }) => a,
      'the argument half_saturation_constant is missing or empty',
    ],
    [
      'no table of threats',
      ({ threats_table_path: _, ...a }) => a,
      'the argument threats_table_path is missing or empty',
    ],
    [
      'a future map without future threats',
      (a) => ({ ...a, lulc_fut_path: a.lulc_cur_path }),
      'threats.csv, line 2, column fut_path (threats_table_path of',
    ],
  ])('%s', async (_, change, words) => {
    const message = await failure(change(args));
    expect(message).toContain(words);
  });

  test.each<[string, string, string, string]>([
    ['a threat raster that is missing', 'threats', THREATS.replace('town.tif', 'twon.tif'), 'twon.tif'],
    [
      'a threat without a raster',
      'threats',
      THREATS.replace('town.tif', ''),
      'line 3, column cur_path (threats_table_path of',
    ],
    ['a reach of 0', 'threats', THREATS.replace('1000', '0'), 'column max_dist (threats_table_path of'],
    [
      'a decay of another kind',
      'threats',
      THREATS.replace('exponential', 'gaussian'),
      'decay is neither linear nor exponential (found gaussian, expected linear or exponential)',
    ],
    ['a threat twice', 'threats', THREATS.replace('town,', 'CROP,'), "the threat 'crop' stands there twice"],
    [
      'a negative weight',
      'threats',
      THREATS.replace(',1,exp', ',-1,exp'),
      'weight is out of range (found -1, expected a number from 0)',
    ],
    [
      'weights of 0',
      'threats',
      THREATS.replace(',1,exp', ',0,exp').replace('0.5,Lin', '0,Lin'),
      'the weights of all threats are 0',
    ],
    ['a column missing', 'threats', THREATS.replace('DECAY', 'kind'), 'columns missing: decay'],
    ['no threat', 'threats', THREATS.split('\n')[0], 'there is no threat'],
    [
      'a name that is a path',
      'threats',
      THREATS.replace('town,', 'a/b,'),
      'a threat needs a name that can be part of a file name',
    ],
    [
      'a class missing from the sensitivity table',
      'sensitivity',
      SENSITIVITY.replace(/3,road.*\n/, ''),
      'classes without a row in',
    ],
    ['no column for a threat', 'sensitivity', SENSITIVITY.replace('TOWN', 'village'), "column 'town' missing"],
    [
      'a sensitivity above 1',
      'sensitivity',
      SENSITIVITY.replace('0.2', '2'),
      'town is out of range (found 2, expected 0 to 1)',
    ],
  ])('%s', async (_, name, text, words) => {
    table(name, text);
    expect(await failure(args)).toContain(words);
  });

  test.each([
    ['above 1', 3, 'all: 0 to 3', 'Scale the values'],
    ['below 0', -0.5, 'all: -0.5 to 0', 'Declare the negative value as nodata'],
  ])('threats with values %s', async (_, value, found, fix) => {
    await writeCells(platform, join(dir, 'data/town.tif'), (x) => (x === 3 ? value : 0));
    const message = await failure(args);
    expect(message).toContain('town.tif, row 0, column 3 (');
    expect(message).toContain(found);
    expect(message).toContain(fix);
  });

  test('values of a large raster that no sample meets are found in the run', async () => {
    const grid = { width: 1300, height: 1300 };
    const lone: CellValue = (x, y) => (x === 1003 && y === 907 ? 7 : 0);
    for (const name of ['crop', 'town'])
      await writeCells(platform, join(dir, `data/${name}.tif`), name === 'town' ? lone : () => 0, { grid });
    await writeCells(platform, join(dir, 'data/lulc.tif'), () => 1, { kind: 'classes', grid });
    expect(await failure(args)).toMatch(
      /town\.tif, row 907, column 1003 .*a threat is a share from 0 to 1 \(found 7 there, the first of 1 cell outside; all: 0 to 7/,
    );
  });

  test('cells that are not square, degrees, and rasters elsewhere', async () => {
    const covers = (grid: object) =>
      writeCells(platform, join(dir, 'data/lulc.tif'), () => 1, { kind: 'classes', grid });
    await covers({ cellHeight: 50 });
    expect(await failure(args)).toContain(
      'habitat_quality needs square cells: it counts lengths in cells (found 100 × 50)',
    );
    await covers({
      crs: { epsg: 4326, name: 'WGS 84', kind: 'geographic' },
      west: 117,
      north: 32,
      cellWidth: 0.001,
      cellHeight: 0.001,
    });
    expect(await failure(args)).toContain('land cover must be in a projected CRS with metres');
    await covers({ west: SMALL.west + 1e6 });
    expect(await failure(args)).toContain('the raster does not overlap the grid');
  });

  test('access without its field, and of other values', async () => {
    const given = { ...args, access_vector_path: 'data/access.geojson' };
    const write = (properties: Args) =>
      writeFileSync(join(dir, 'data/access.geojson'), polygonFile([{ ring: rectangle(0, 0, 8, 10), properties }]));
    write({ reach: 1 });
    expect(await failure(given)).toContain("the layer has no field 'access'");
    write({ access: 1.5 });
    expect(await failure(given)).toContain('access is no number from 0 to 1 (found 1.5)');
  });

  test('nothing is left behind', async () => {
    table('threats', '');
    expect(await failure(args)).toContain('the table is empty');
    expect(readdirSync(dir).sort()).toEqual(['args.json', 'data']);
  });
});
