/** `ecoflux invest carbon` against what InVEST 3.20 wrote, and what its users get wrong. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import type { Crs } from '../../src/core/grid.ts';
import { toleranceOf } from '../../src/core/model.ts';
import { findAdapters } from '../../src/gpu/provider.ts';
import { openRaster } from '../../src/io/raster.ts';
import { carbon } from '../../src/models/carbon/spec.ts';
import { fileSource } from '../../src/node/files.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { checkWellFormed } from '../report/well-formed.ts';
import { comparePlanes } from '../support/compare.ts';
import { gpuOf } from '../support/devices.ts';
import { describeDrivers } from '../support/drivers.ts';
import { describeWithInvest, investRun, loadPlane } from '../support/invest.ts';
import {
  type Args,
  failureOf,
  freshFolders,
  POOLS,
  type RunWith,
  referenceArgs,
  runModelOf,
  SMALL,
  smallCarbon,
  writeCells,
} from '../support/invest-files.ts';

const platform = nodePlatform({ workers: 2 });
let dir: string;
freshFolders(platform, (folder) => {
  dir = folder;
});

const run = (args: unknown, how: RunWith = {}) => runModelOf(platform, 'carbon', dir, args, how);

const failure = (args: unknown, how: RunWith = {}) => failureOf(run(args, how), dir);

async function infoOf(file: string) {
  const raster = await openRaster(await fileSource(file));
  await raster.close();
  return raster.info;
}

describeWithInvest('carbon as InVEST computes it', (folders) => {
  const compare = async (folder: string, how: RunWith) => {
    const { out } = await run(referenceArgs(folder, 'carbon', dir), { intermediates: true, ...how });
    const { files } = investRun(folder, 'carbon');
    const rasters = Object.keys(files).filter((name) => name.endsWith('.tif'));
    expect(rasters.length).toBe(12);
    for (const name of rasters) {
      const output = basename(name, '.tif');
      const mine = join(out, carbon.outputs[output as 'npv_alt'].intermediate ? 'intermediate_outputs' : '', name);
      const theirs = await loadPlane(join(folder, 'outputs/carbon', name), 'f32');
      const { plane, grid } = await loadPlane(mine, 'f32');
      const result = comparePlanes(plane, theirs.plane, grid.width, toleranceOf(carbon, output));
      expect(result, `${output}: ${result.worst}`).toMatchObject({ nodataDisagreements: 0, off: 0, passed: true });
      expect(result.cells).toBeGreaterThan(5000);
      expect(grid).toMatchObject({ west: theirs.grid.west, north: theirs.grid.north });
      // InVEST's −1, but for what may be negative.
      const signed = output === 'c_change_bas_alt' || output === 'npv_alt';
      expect((await infoOf(mine)).nodata).toBe(signed ? NODATA : -1);
    }
    expectSameSummary(out, folder);
  };

  for (const folder of folders) {
    test(`${basename(folder)} on the CPU`, () => compare(folder, {}));

    describeDrivers(basename(folder), (driver) =>
      test(`on ${driver.name}`, async () => {
        const provider = async () => ({ name: 'dawn' as const, adapters: () => findAdapters(gpuOf(driver)) });
        const log: string[] = [];
        const out = join(dir, 'device');
        const args = referenceArgs(folder, 'carbon', dir);
        await runModelOf({ ...platform, provider }, 'carbon', dir, args, {
          workspace: out,
          options: { device: 'software', log: (line) => log.push(line) },
        });
        expect(log[0]).toMatch(/^Runs on /);
        expect(log[0]).not.toContain('CPU:');
        expectSameSummary(out, folder);
      }),
    );
  }
});

/** The totals of the summary table, to 2e-7 (invest-models.md section 2). */
function expectSameSummary(out: string, folder: string): void {
  const rows = (file: string) =>
    readFileSync(file, 'utf8')
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(','));
  const mine = rows(join(out, 'raster_values_summary.csv'));
  const theirs = rows(join(folder, 'outputs/carbon/raster_values_summary.csv'));
  const words = (table: string[][]) => table.map(([label, , unit, file]) => [label, unit, file]);
  expect(words(mine)).toEqual(words(theirs));
  expect(mine).toHaveLength(5);
  for (const [i, [label, total]] of theirs.entries()) {
    if (i === 0) continue;
    const error = Math.abs(Number(mine[i][1]) / Number(total) - 1);
    expect(error, `${label}: ${mine[i][1]} against ${total}`).toBeLessThan(2e-7);
  }
}

describe('what is written', () => {
  const files = (out: string) => readdirSync(out, { recursive: true, encoding: 'utf8' }).sort();

  test('storage alone: one map, its table, nothing else', async () => {
    const { lulc_bas_path, carbon_pools_path } = await smallCarbon(platform, dir);
    const { out, tables, rasters } = await run({ lulc_bas_path, carbon_pools_path });
    expect(files(out)).toEqual([
      'c_storage_bas.qml',
      'c_storage_bas.tif',
      'raster_values_summary.csv',
      'report.html',
      'run.json',
    ]);
    expect(Object.keys(rasters)).toEqual(['c_storage_bas.tif']);
    // 40, 40 and 39 cells of a hectare each; the last one is nodata.
    expect(tables['raster_values_summary.csv']).toMatchObject([{ total: 40 * 116 + 39 * 30 + 40 * 224 }]);
  });

  test('the suffix goes behind every name, an underscore before it', async () => {
    const args = await smallCarbon(platform, dir);
    for (const [i, results_suffix] of ['2010', '_2010'].entries()) {
      const { out } = await run({ ...args, results_suffix }, { workspace: join(dir, `out${i}`), intermediates: true });
      const names = files(out).filter((name) => name.includes('.') && name !== 'run.json');
      expect(names.filter((name) => !/_2010\.\w+$/.test(name))).toEqual([]);
      expect(names).toContain('intermediate_outputs/c_dead_alt_2010.tif');
      expect(readFileSync(join(out, 'raster_values_summary_2010.csv'), 'utf8')).toContain(',npv_alt_2010.tif');
    }
  });

  test('workspace_dir of the arguments, relative to the file, where no folder is given', async () => {
    const args = await smallCarbon(platform, dir);
    await run({ ...args, workspace_dir: 'here' }, { workspace: undefined });
    expect(existsSync(join(dir, 'here/npv_alt.tif'))).toBe(true);
  });

  test('a workspace that is there is replaced only when asked', async () => {
    const args = await smallCarbon(platform, dir);
    const { out } = await run(args);
    await expect(run(args)).rejects.toThrow(/the output folder is there already.*--workspace/s);
    writeFileSync(join(out, 'stray'), '');
    await run(args, { overwrite: true });
    expect(existsSync(join(out, 'stray'))).toBe(false);
  });

  test('an interrupted run is continued to the same bytes', async () => {
    const args = await smallCarbon(platform, dir);
    const { out } = await run(args);
    const again = join(dir, 'again');
    const stop = new AbortController();
    const first = run(args, {
      workspace: again,
      options: { tile: 4, signal: stop.signal, progress: () => stop.abort(new Error('enough')) },
    });
    await expect(first).rejects.toThrow(/the run was interrupted.*--resume/s);
    expect(existsSync(again)).toBe(false);
    const { log } = await run(args, { workspace: again, options: { resume: true } });
    expect(log).toContainEqual(expect.stringContaining('Continues the run that was interrupted'));
    expect(files(again)).toEqual(files(out));
    for (const name of files(out).filter((file) => file !== 'run.json'))
      expect(readFileSync(join(again, name)).equals(readFileSync(join(out, name))), name).toBe(true);
  });

  test('run.json holds arguments, hashes and what was done to each raster', async () => {
    const { out } = await run(await smallCarbon(platform, dir));
    const json = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
    expect(json.arguments.args.price_per_metric_ton_of_c).toBe(40);
    expect(Object.keys(json.inputs).sort()).toEqual([
      'arguments',
      'carbon_pools_path',
      'lulc_alt_path',
      'lulc_bas_path',
    ]);
    expect(json.inputs.lulc_bas_path.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(json.alignment.lulc_alt_path).toBe('on the grid already');
    expect(json.versions.ecoflux).toBeDefined();
  });

  test('the page shows totals and arguments, and escapes them', async () => {
    const args = await smallCarbon(platform, dir);
    await writeCells(platform, join(dir, 'a&b.tif'), () => 2, { kind: 'classes' });
    const { out } = await run({ ...args, lulc_alt_path: 'a&b.tif' });
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    expect(checkWellFormed(page, true).elements.get('tr')).toBeGreaterThan(10);
    expect(page).toContain('Baseline Carbon Storage');
    expect(page).toContain('a&amp;b.tif');
  });
});

describe('forms of the argument file', () => {
  const summary = (out: string) => readFileSync(join(out, 'raster_values_summary.csv'), 'utf8');

  test('a parameter set, with model_name or model_id', async () => {
    const args = await smallCarbon(platform, dir);
    const plain = summary((await run(args)).out);
    const forms = [
      { args, model_name: 'natcap.invest.carbon', invest_version: '3.14.0' },
      { args, model_id: 'carbon', invest_version: '3.20.1' },
    ];
    for (const [i, form] of forms.entries())
      expect(summary((await run(form, { workspace: join(dir, `set${i}`) })).out)).toBe(plain);
  });

  test('numbers and booleans as text, null and empty text as nothing', async () => {
    const args = await smallCarbon(platform, dir);
    const plain = summary((await run(args)).out);
    const texts = Object.fromEntries(
      Object.entries(args).map(([name, value]) => [name, value === true ? 'True' : ` ${value} `]),
    );
    const { out, log } = await run(
      { ...texts, calc_sequestration: 1, n_workers: '-1', results_suffix: '' },
      { workspace: join(dir, 'texts') },
    );
    expect(summary(out)).toBe(plain);
    expect(log.some((line) => line.includes('n_workers'))).toBe(false);
  });

  test('paths that were written on Windows', async () => {
    const args = await smallCarbon(platform, dir);
    const windows = Object.entries(args).map(([name, value]) => [name, String(value).replaceAll('/', '\\')]);
    expect(Object.fromEntries(windows).lulc_bas_path).toContain('\\');
    await run(Object.fromEntries(windows));
  });

  test('what does not apply is not looked at, and said so', async () => {
    const args = await smallCarbon(platform, dir);
    const { log, rasters } = await run({
      ...args,
      calc_sequestration: 'false',
      do_valuation: false,
      lulc_alt_path: 'nowhere.tif',
      discount_rate: 'much',
    });
    expect(Object.keys(rasters)).toEqual(['c_storage_bas.tif']);
    expect(log).toContainEqual(expect.stringContaining('lulc_alt_path is not used, because calc_sequestration is not'));
    expect(log).toContainEqual(expect.stringContaining('discount_rate is not used, because do_valuation is not'));
  });

  test('unknown arguments are named', async () => {
    const { log } = await run({ ...(await smallCarbon(platform, dir)), discount_rte: 3, do_redd: false });
    expect(log).toContainEqual(
      expect.stringContaining("there is no argument 'discount_rte'; it is not looked at (did you mean discount_rate?)"),
    );
    expect(log).toContainEqual(expect.stringContaining("there is no argument 'do_redd'"));
  });

  test.each([
    ['[1, 2]', 'this is no argument file (found a list'],
    ['{"args": 3}', 'the member args is no object (found 3'],
    ['{"lulc_bas_path": "a\\tif",\n  oops}', /line 2, column 3: this is not JSON/],
    ['', /this is not JSON/],
    ['{"args": {}, "model_name": "natcap.invest.sdr.sdr"}', 'for another model (found natcap.invest.sdr.sdr'],
  ])('%s', async (text, words) => {
    expect(await failure(text)).toMatch(words);
  });

  test('an archive is refused with what to do', async () => {
    writeFileSync(join(dir, 'a.invest.tar.gz'), Buffer.from([0x1f, 0x8b, 8, 0]));
    const { investModel } = await import('../../src/pipeline/invest/models.ts');
    const { runInvest } = await import('../../src/pipeline/invest/run-invest.ts');
    const request = { invest: investModel('carbon'), file: join(dir, 'a.invest.tar.gz'), workspace: join(dir, 'out') };
    await expect(runInvest(request, platform, {})).rejects.toThrow(/archives are not read.*unpack it/is);
  });
});

describe('what is wrong', () => {
  let args: Args;
  beforeEach(async () => {
    args = await smallCarbon(platform, dir);
  });
  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(args).filter(([name]) => !names.includes(name)));

  test('everything is said at once, each with its argument', async () => {
    const message = await failure({
      ...without('lulc_bas_path', 'price_per_metric_ton_of_c'),
      lulc_alt_path: 'nowhere.tif',
      carbon_pools_path: 'data/nothing.csv',
      lulc_bas_year: 2000.5,
      discount_rate: 'seven',
      do_valuation: 1,
    });
    const lines = message.split('\n');
    for (const words of [
      /args\.json, lulc_bas_path: the argument lulc_bas_path is missing or empty \(expected a raster of class codes: baseline/,
      /args\.json, price_per_metric_ton_of_c: .*missing.*required because do_valuation is true/,
      /args\.json, lulc_bas_year: .*out of range \(found 2000\.5, expected a whole number\)/,
      /args\.json, discount_rate: .*is not a number \(found "seven"/,
      /nowhere\.tif, lulc_alt_path of .*args\.json: there is no such file/,
      /nothing\.csv, carbon_pools_path of .*args\.json: there is no such file/,
    ])
      expect(lines.filter((line) => words.test(line))).toHaveLength(1);
    expect(lines).toHaveLength(6);
  });

  test.each<[string, Args, RegExp]>([
    [
      'sequestration without a map',
      { lulc_alt_path: '' },
      /lulc_alt_path is missing.*because calc_sequestration is true/,
    ],
    ['valuation without sequestration', { calc_sequestration: false }, /do_valuation needs calc_sequestration/],
    ['no year', { lulc_alt_year: null }, /lulc_alt_year is missing or empty/],
    [
      'years the wrong way round',
      { lulc_alt_year: 1999 },
      /lulc_alt_year must be later than lulc_bas_year \(found 2000 and 1999\)/,
    ],
    ['the same year', { lulc_alt_year: '2000' }, /must be later/],
    ['a boolean that is none', { do_valuation: 'maybe' }, /do_valuation is neither true nor false \(found "maybe"/],
    ['a number that is none', { rate_change: true }, /rate_change is not a number \(found true/],
    ['hexadecimal', { lulc_bas_year: '0x7d0' }, /lulc_bas_year is not a number/],
    [
      'no discount at all',
      { discount_rate: -100 },
      /discount_rate is out of range \(found -100, expected -99 to 1000\)/,
    ],
    ['a suffix that is a path', { results_suffix: '../x' }, /results_suffix cannot be part of a file name/],
    [
      'what only later versions of InVEST take',
      { target_pixelsize: '[30, -30]' },
      /target_pixelsize asks for another cell size of the results, which is not in this version/,
    ],
    ['a path that is a number', { lulc_bas_path: 3 }, /lulc_bas_path is no path \(found 3/],
  ])('%s', async (_, change, words) => {
    expect(await failure({ ...args, ...change })).toMatch(words);
  });

  test('names of InVEST before 3.15', async () => {
    const message = await failure({ ...without('lulc_bas_path'), lulc_cur_path: 'data/lulc.tif' });
    expect(message).toMatch(/lulc_bas_path is missing.*Rename lulc_cur_path, as it was called before InVEST 3\.15/s);
  });

  test('an argument that is there is not taken for one that is missing', async () => {
    const message = await failure(without('lulc_alt_path'));
    expect(message).toContain('Add "lulc_alt_path": …, or make calc_sequestration false');
    expect(message).not.toContain('Rename');
    expect(await failure({ ...without('lulc_alt_path'), lulc_alt_pth: 'data/lulc.tif' })).toContain(
      "Rename 'lulc_alt_pth', or add lulc_alt_path",
    );
  });

  test('no workspace', async () => {
    expect(await failure(args, { workspace: undefined })).toMatch(/workspace_dir: there is no workspace to write to/);
  });

  test('float land cover', async () => {
    const change = { calc_sequestration: false, do_valuation: false };
    const summary = async (name: string) =>
      readFileSync(
        join((await run({ ...args, ...change }, { workspace: join(dir, name) })).out, 'raster_values_summary.csv'),
        'utf8',
      );
    const code = (x: number) => 1 + (x % 3);
    await writeCells(platform, join(dir, 'data/lulc.tif'), code, { kind: 'classes' });
    const whole = await summary('whole');
    // InVEST takes them too: many programs write whole numbers as floats.
    await writeCells(platform, join(dir, 'data/lulc.tif'), code);
    expect(await summary('floats')).toBe(whole);
    await writeCells(platform, join(dir, 'data/lulc.tif'), (x) => (x === 5 ? 2.5 : 1));
    expect(await failure(args)).toMatch(/lulc\.tif.*should hold class codes \(found 2\.5/);
  });

  test('land cover in degrees', async () => {
    const geographic = { crs: { epsg: 4326, name: 'WGS 84', kind: 'geographic' as const }, west: 117, north: 31 };
    const small = { cellWidth: 0.001, cellHeight: 0.001 };
    await writeCells(platform, join(dir, 'data/lulc.tif'), () => 1, {
      kind: 'classes',
      grid: { ...geographic, ...small },
    });
    const message = await failure(args);
    expect(message).toMatch(/lulc_bas_path of .*: land cover must be in a projected CRS with metres \(found WGS 84/);
    expect(message).toMatch(/gdalwarp -r near -t_srs EPSG:32650 \S*lulc\.tif out\.tif$/);
    expect(message.split('\n')).toHaveLength(1); // one that has to be reprojected is no measure for the other
  });

  test.each<[string, Crs, RegExp]>([
    [
      'feet',
      { epsg: 2227, name: 'NAD83 / California zone 3 (ftUS)', kind: 'projected', metresPerUnit: 1200 / 3937 },
      /in units of 0\.3048/,
    ],
    ['no CRS', { name: 'none', kind: 'unknown' }, /no known CRS .*gdal_edit\.py -a_srs/],
  ])('land cover in %s', async (_, crs, words) => {
    for (const name of ['lulc', 'lulc_alt'])
      await writeCells(platform, join(dir, `data/${name}.tif`), () => 1, { kind: 'classes', grid: { crs } });
    const lines = (await failure(args)).split('\n');
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(words);
  });

  test.each<[string, object, RegExp]>([
    [
      'other cells',
      { cellWidth: 50, cellHeight: 50 },
      /lulc_alt\.tif, lulc_alt_path of .*: the raster has cells of another size/,
    ],
    ['other dimensions', { width: 11 }, /lulc_alt_path of .*: the raster has another number of rows or columns/],
    ['another place', { west: SMALL.west + 100 }, /lulc_alt_path of .*: the raster has another place or CRS/],
  ])('an alternate map with %s', async (_, grid, words) => {
    await writeCells(platform, join(dir, 'data/lulc_alt.tif'), () => 1, { kind: 'classes', grid });
    const message = await failure(args);
    expect(message).toMatch(words);
    const { west, north, width, height, cellWidth, cellHeight } = SMALL;
    const [east, south] = [west + width * cellWidth, north - height * cellHeight];
    expect(message).toContain(`-te ${west} ${south} ${east} ${north} -ts ${width} ${height} `);
  });

  test('classes without a row, with their area', async () => {
    writeFileSync(join(dir, 'data/pools.csv'), POOLS.replace(/^3.*\n/m, ''));
    const message = await failure(args);
    // 39 and 40 + 20 cells of a hectare.
    expect(message).toMatch(/lulc\.tif, lulc_bas_path of .*: classes without a row in .*pools\.csv: 3 \(0\.39 km²\)/);
    expect(message).toMatch(
      /lulc_alt\.tif, lulc_alt_path of .*: classes without a row in .*pools\.csv: 3 \(0\.59 km²\)/,
    );
    expect(message).toContain('Add rows for them');
  });

  test('a table with a gap and without a column', async () => {
    writeFileSync(join(dir, 'data/pools.csv'), POOLS.replace('50,20', '50,'));
    expect(await failure(args)).toMatch(
      /pools\.csv, line 3, column c_below \(carbon_pools_path of .*args\.json\): a number is missing/,
    );
    writeFileSync(join(dir, 'data/pools.csv'), POOLS.replace('c_dead', 'dead'));
    expect(await failure(args)).toMatch(/pools\.csv, line 1 \(carbon_pools_path of .*: column 'c_dead' missing/);
  });

  test('nodata everywhere', async () => {
    await writeCells(platform, join(dir, 'data/lulc.tif'), () => 0xffffffff, { kind: 'classes' });
    expect(await failure(args)).toMatch(/lulc\.tif, lulc_bas_path of .*: there is no valid cell in the raster/);
  });

  test('models that are not there', async () => {
    const { investModel } = await import('../../src/pipeline/invest/models.ts');
    expect(() => investModel('pollination')).toThrow("there is no InVEST model 'pollination' here");
    expect(() => investModel('carbn')).toThrow(/no InVEST model 'carbn' here.*Write carbon/);
  });
});
