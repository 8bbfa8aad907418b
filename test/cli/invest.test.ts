/** `ecoflux invest` as its users meet it: the built program, exit codes, what stands on stdout and stderr. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/node/platform.ts';
import { type Args, smallCarbon, smallWater, writeArgs } from '../support/invest-files.ts';

const BIN = resolve(import.meta.dirname, '../../bin/ecoflux.mjs');
const platform = nodePlatform({ workers: 2 });
let dir: string;
let carbon: Args;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'ecoflux-invest-cli-'));
  carbon = await smallCarbon(platform, dir);
  writeArgs(dir, carbon, 'carbon.json');
  writeArgs(dir, { args: carbon, model_name: 'natcap.invest.carbon', invest_version: '3.20.1' }, 'set.invest.json');
  await platform.pool.close();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function invest(...args: string[]) {
  const all = ['invest', ...args, '--device', 'cpu'];
  return spawnSync(process.execPath, [BIN, ...all], { encoding: 'utf8', cwd: dir });
}

test('help says what it takes, and where the order changes results', () => {
  const { status, stdout } = invest('--help');
  expect(status).toBe(0);
  for (const words of ['carbon or annual_water_yield', '--workspace <dir>', '--intermediates', '--order <order>'])
    expect(stdout).toContain(words);
  expect(stdout.replace(/\s+/g, ' ')).toContain('where results depend on it (sdr, ndr)');
});

test('carbon: the result as JSON on stdout, the log on stderr', () => {
  const { status, stdout, stderr } = invest(
    'carbon',
    'carbon.json',
    '--workspace',
    'json',
    '--order',
    'free',
    '--json',
  );
  expect(stderr).toContain('data/lulc.tif: on the grid already');
  expect(status).toBe(0);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ model: 'carbon', workspace: 'json' });
  expect(result.rasters['npv_alt.tif'].statistics.min).toBeLessThan(0);
  expect(result.tables['raster_values_summary.csv'][0].label).toBe('Baseline Carbon Storage');
  expect(existsSync(join(dir, 'json/npv_alt.tif'))).toBe(true);
});

test('annual water yield from a folder elsewhere, without a word', async () => {
  const other = nodePlatform({ workers: 1 });
  writeArgs(join(dir), { ...(await smallWater(other, dir)), results_suffix: 'x' }, 'water.json');
  await other.pool.close();
  const { status, stdout, stderr } = invest(
    'annual_water_yield',
    './water.json',
    '--workspace',
    'deep/water',
    '--quiet',
  );
  expect([status, stdout, stderr]).toEqual([0, '', '']);
  expect(readdirSync(join(dir, 'deep/water/output')).sort()).toEqual([
    'per_pixel',
    'watershed_results_wyield_x.csv',
    'watershed_results_wyield_x.gpkg',
  ]);
});

test('a parameter set; the workspace once more only with --overwrite', () => {
  expect(invest('carbon', 'set.invest.json', '--workspace', 'set').status).toBe(0);
  const again = invest('carbon', 'set.invest.json', '--workspace', 'set');
  expect(again.stderr).toMatch(/the output folder is there already.*--workspace.*--overwrite/s);
  expect(again.status).toBe(2);
  expect(invest('carbon', 'set.invest.json', '--workspace', 'set', '--overwrite').status).toBe(0);
});

describe('what is wrong ends with 2 and is said', () => {
  test.each<[string[], string]>([
    [
      ['pollination', 'carbon.json'],
      "there is no InVEST model 'pollination' here (expected carbon or annual_water_yield",
    ],
    [['carbn', 'carbon.json'], "there is no InVEST model 'carbn' here"],
    [['carbon'], "missing required argument 'args'"],
    [['carbon', 'nowhere.json', '--workspace', 'no'], 'nowhere.json: there is no such file'],
    [['carbon', 'carbon.json', '--workspace', 'no', '--order', 'fast'], "--order does not know 'fast'"],
    [['annual_water_yield', 'set.invest.json', '--workspace', 'no'], 'the argument file is for another model'],
    [['carbon', 'carbon.json'], 'there is no workspace to write to'],
  ])('%j', (args, words) => {
    const { status, stderr } = invest(...args);
    expect(stderr).toContain(words);
    expect(status).toBe(2);
    expect(existsSync(join(dir, 'no'))).toBe(false);
  });

  test('every problem on a line of its own, and as JSON', () => {
    writeArgs(dir, { ...carbon, lulc_bas_path: 'gone.tif', discount_rate: 'x' }, 'bad.json');
    const { status, stderr, stdout } = invest('carbon', 'bad.json', '--workspace', 'no', '--json');
    expect(status).toBe(2);
    const lines = stderr.trim().split('\n');
    expect(lines.every((line) => /^Invalid\w+: /.test(line))).toBe(true);
    expect(lines.some((line) => line.includes('bad.json, discount_rate: '))).toBe(true);
    expect(lines.some((line) => line.includes('gone.tif, lulc_bas_path of bad.json: there is no such file'))).toBe(
      true,
    );
    expect(JSON.parse(stdout).error.message).toContain('discount_rate');
  });
});
