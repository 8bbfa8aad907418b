/** What is wrong with the layers and tables of services, and what users are told of it before anything runs. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { preflight } from '../../src/pipeline/preflight/preflight.ts';
import { prepareProject } from '../../src/pipeline/prepare.ts';
import { SAMPLE_SERVICES } from '../../src/pipeline/sample-text.ts';
import { edit, openProject, platform, replaceRaster, sampleWith } from '../support/project.ts';

let original: string;
let dir: string;

sampleWith(SAMPLE_SERVICES, (folder) => {
  original = folder;
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ecoflux-bad-'));
  cpSync(original, dir, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** What stops the project. */
async function failure(): Promise<string> {
  return prepareProject(openProject(dir), platform).then(
    () => expect.unreachable('it should have failed'),
    (error: Error) => error.message,
  );
}

/** What validate finds, as one text. */
async function findings(): Promise<string> {
  const { findings: all } = await preflight(openProject(dir), platform, { device: 'cpu' });
  return all.map((finding) => JSON.stringify(finding)).join('\n');
}

const remove = (file: string, pattern: RegExp) => {
  const path = join(dir, file);
  const text = readFileSync(path, 'utf8');
  expect(text).toMatch(pattern);
  writeFileSync(path, text.replace(pattern, ''));
};

test('the untouched project is in order', async () => {
  expect(await findings()).toBe('');
}, 60_000);

describe('layers', () => {
  test.each([
    ['attractions', 'TC'],
    ['temperature', 'HTR'],
    ['dem', 'SR'],
    ['regions', 'FP'],
    ['gdp', 'BC'],
  ])('%s is missing', async (layer) => {
    remove('project.yaml', new RegExp(`^  ${layer}: .*\\n`, 'm'));
    expect(await failure()).toContain(`layer '${layer}' is missing`);
  });

  test('GDP below zero is doubted; it counts as none', async () => {
    await replaceRaster(dir, 'data/gdp_2013.tif', (x, y) => ((x + y) % 9 === 0 ? -500 : 700), { unit: '10^4 CNY/km2' });
    const told = await findings();
    expect(told).toContain('gdp');
    expect(told).toContain('-500');
  });
});

describe('statistics of food', () => {
  test('no table', async () => {
    remove('project.yaml', /^ {2}food: .*\n/m);
    expect(await failure()).toMatch(
      /project\.yaml, line \d+, column \d+: food_supply needs the table 'food' \(statistics, one row for each region\)/,
    );
  });

  test('a year without its file', async () => {
    rmSync(join(dir, 'data/food_2013.csv'));
    expect(await failure()).toMatch(
      /food_2013\.csv, tables\.food at line \d+, column \d+ of .*: there is no such file/,
    );
  });

  test('a region of the map without a row', async () => {
    remove('data/food_2023.csv', /^7,.*\n/m);
    expect(await failure()).toMatch(/food_2023\.csv.*7 \([\d.]+ km²\)/s);
  });

  test('food below zero', async () => {
    edit(dir, 'data/food_2003.csv', readFileSync(join(dir, 'data/food_2003.csv'), 'utf8').split('\n')[3], '3,Here,-5');
    expect(await failure()).toMatch(/food_2003\.csv, line 4, column food: food is out of range \(found -5/);
  });

  test('a region without cropland: told by run and validate, with the region and what would be lost', async () => {
    const food = readFileSync(join(dir, 'data/food_2003.csv'), 'utf8');
    await replaceRaster(dir, 'data/regions.tif', (x) => (x < 32 ? 1 : 2), { kind: 'classes' });
    await replaceRaster(dir, 'data/ndvi_2003.tif', (x) => (x < 32 ? -0.1 : 0.6));
    const [, , one] = food.split('\n')[1].split(',');
    const message = await failure();
    expect(message).toMatch(/food_2003\.csv: a region has food and no green cropland to put it on in 2003/);
    expect(message).toContain(`found 1 (${one} t/yr)`);
    expect(message).not.toContain('in 2013');
    expect(await findings()).toContain('a region has food and no green cropland to put it on in 2003');
    edit(dir, 'data/food_2003.csv', food.split('\n')[1], '1,Here,0');
    await prepareProject(openProject(dir), platform);
  });
});

describe('habitat', () => {
  test('no table of threats; several years of it', async () => {
    edit(dir, 'project.yaml', 'threats: data/threats.csv', "threats: 'data/threats_{year}.csv'");
    expect(await failure()).toContain("habitat_quality has one table 'threats' for all years");
    remove('project.yaml', /^ {2}threats: .*\n/m);
    const message = await failure();
    expect(message).toMatch(/line \d+, column \d+: habitat_quality needs the table 'threats'/);
    expect(message).toContain('Add tables: { threats: path/of/it.csv }');
    expect(message).not.toContain('there is no model');
  });

  test('a class of the map without a row', async () => {
    remove('data/sensitivity.csv', /^2,.*\n/m);
    expect(await failure()).toMatch(/sensitivity\.csv.*2 \([\d.]+ km²\)/s);
  });

  test('a threat that no column tells of', async () => {
    edit(dir, 'data/threats.csv', 'built_up', 'roads');
    expect(await failure()).toMatch(/sensitivity\.csv.*roads/s);
  });
});

describe('soil and nutrients', () => {
  test('columns that the models need', async () => {
    edit(dir, 'data/biophysical.csv', 'usle_c', 'c_factor');
    edit(dir, 'data/biophysical.csv', 'load_p', 'p_load');
    const message = await failure();
    expect(message).toContain("column 'usle_c' missing");
    expect(message).toContain("column 'load_p' missing");
  });

  test('phosphorus columns are not asked for where no service is about it', async () => {
    remove('project.yaml', /^ {2}PP: [\s\S]*?(?=^ {2}HTR:)/m);
    edit(dir, 'data/biophysical.csv', 'load_p', 'p_load');
    await prepareProject(openProject(dir), platform);
  });
});
