/** `validate` and `plan` as a user meets them: what is printed, the JSON document, exit codes. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { edit, freshProjects, replaceRaster } from '../support/project.ts';

const BIN = resolve(import.meta.dirname, '../../bin/ecoflux.mjs');
let dir: string;

freshProjects((project) => {
  dir = project;
});

function ecoflux(command: string, ...more: string[]) {
  const args = [BIN, command, 'project.yaml', '--device', 'cpu', ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: dir });
  return { status, stdout, stderr };
}

test('validate: a table of the layers, warnings with their cure, exit 0', async () => {
  await replaceRaster(dir, 'data/pawc.tif', (x) => 8 + x / 5);
  const { status, stdout } = ecoflux('validate');
  const lines = stdout.split('\n');
  expect(lines[0]).toMatch(/^layer +file +CRS +cell +overlap +nodata +min +mean +max +unit +resampling +read$/);
  expect(lines.find((line) => line.startsWith('et0'))).toMatch(
    /^et0 +data\/et0\.tif +WGS 84 \/ UTM zone 50N +\d+ m +100 % +0 % +\d.* mm\/yr +none +all [\d ]+ cells$/,
  );
  expect(stdout).toMatch(/Warnings:\n {2}pawc \(data\/pawc\.tif\): the values are implausible .*: probably in %/);
  expect(stdout).toContain('Cure: layers: { pawc: { file: data/pawc.tif, unit: "%" } }');
  expect(stdout).toContain('is in order: 36 maps; 1 warning.');
  expect(status).toBe(0);
});

test('validate: errors of rasters and tables together on stderr, exit 2', async () => {
  await replaceRaster(dir, 'data/pawc.tif', () => Number.NaN);
  await replaceRaster(dir, 'data/lulc_2003.tif', (x) => (x < 9 ? 77 : 1), { kind: 'classes' });
  const { status, stdout, stderr } = ecoflux('validate');
  expect(stderr).toMatch(/InvalidInput: pawc \(data\/pawc\.tif\): there is no value in the study area/);
  expect(stderr).toMatch(
    /InvalidInput: lulc \(.*lulc_2003\.tif\): classes without a row in .*carbon\.csv: 77 \(.* km²\)/,
  );
  expect(stdout).toMatch(/cannot be run: 3 errors, 1 warning|cannot be run: 3 errors/);
  expect(status).toBe(2);
});

test('one JSON document, with names that stay', async () => {
  const valid = ecoflux('validate', '--json');
  const document = JSON.parse(valid.stdout);
  expect(Object.keys(document).sort()).toEqual([
    'alignment',
    'device',
    'findings',
    'grid',
    'layers',
    'outputs',
    'resources',
    'valid',
  ]);
  expect(document).toMatchObject({ valid: true, findings: [] });
  expect(document.layers[0]).toMatchObject({ layer: 'lulc', year: 2003, file: 'data/lulc_2003.tif', kind: 'classes' });
  expect(Object.keys(document.layers.at(-1).values)).toEqual(['min', 'mean', 'max', 'q02', 'median', 'q98']);
  expect(document.resources.outputFree).toBeGreaterThan(0);
  edit(dir, 'project.yaml', 'data/pawc.tif', 'data/pwac.tif');
  const broken = ecoflux('validate', '--json');
  expect(broken.status).toBe(2);
  expect(JSON.parse(broken.stdout)).toMatchObject({
    valid: false,
    error: { code: 'InvalidInput' },
    findings: [{ level: 'error', what: 'there is no such file' }],
  });
});

test('plan: the same, with tiles, memory, disk, time and stages', () => {
  const { status, stdout } = ecoflux('plan', '--tile', '32');
  expect(stdout).toMatch(/^layer +file/m);
  expect(stdout).toMatch(/^Tiles: 4 of 32 × 32 cells in \d passes$/m);
  expect(stdout).toMatch(/^Memory: [\d.]+ [kM]B of [\d.]+ [MG]B on the host$/m);
  expect(stdout).toMatch(
    /^Disk: about [\d.]+ MB of output, [\d.]+ MB while it is written \([\d.]+ [GT]B free\), [\d.]+ k?B of scratch files/m,
  );
  expect(stdout).toMatch(/^Time: about \d+ s$/m);
  expect(stdout).toMatch(/^Pass 1: reads 12 fields/m);
  expect(status).toBe(0);
});

test('a budget in which nothing fits ends with 3, a broken project beside it with 2', () => {
  const small = ecoflux('plan', '--memory', '100kB');
  expect(small.status).toBe(3);
  expect(small.stderr).toContain('OutOfCapacity:');
  expect(small.stderr).toContain('raise --memory');
  const table = join(dir, 'data/carbon.csv');
  writeFileSync(table, readFileSync(table, 'utf8').replace(/^1,.*\n/m, ''));
  expect(ecoflux('plan', '--memory', '100kB').status).toBe(2);
});
