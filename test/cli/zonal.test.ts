/** `ecoflux zonal` and what `ecoflux processes` says of it, by the built program. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Grid } from '../../src/core/grid.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import { ioTasks } from '../../src/io/tasks.ts';
import { fileTarget } from '../../src/node/files.ts';

const BIN = resolve(import.meta.dirname, '../../bin/ecoflux.mjs');
const CRS = { epsg: 32650, name: 'WGS 84 / UTM zone 50N', kind: 'projected', metresPerUnit: 1 } as const;
const GRID: Grid = { width: 40, height: 30, west: 500_000, north: 3_500_000, cellWidth: 10, cellHeight: 10, crs: CRS };
let work: string;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'ecoflux-cli-zonal-'));
  const cells = Float32Array.from({ length: 40 * 30 }, (_, i) => i % 40);
  const description = { grid: GRID, sampleType: 'f32', nodata: -1, kind: 'quantity' } as const;
  await writeRaster(fileTarget(join(work, 'values.tif')), description, cells, { pool: inlinePool(ioTasks) });
  const ring = [
    [0, 0],
    [0, 29],
    [100.5, 29],
    [100.5, 0],
    [0, 0],
  ].map(([x, y]) => [500_000 + x, 3_500_000 - y]);
  const zone = { type: 'Feature', properties: { code: 7 }, geometry: { type: 'Polygon', coordinates: [ring] } };
  const crs = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::32650' } };
  writeFileSync(join(work, 'zones.geojson'), JSON.stringify({ type: 'FeatureCollection', crs, features: [zone] }));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

function ecoflux(...args: string[]) {
  return spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8', cwd: work });
}

test('a table of the statistics asked for, options with _ or -', () => {
  const files = ['--values', 'values.tif', '--zones', 'zones.geojson', '--id', 'code', '--out', 'out'];
  const run = ecoflux('zonal', ...files, '--statistics', 'mean, max,count', '--quantiles', '0.5', '--json');
  expect(run.stderr).not.toMatch(/Error|Bug/);
  expect(run.status).toBe(0);
  expect(JSON.parse(run.stdout)).toMatchObject({ out: 'out', zones: 1, cells: 30, warnings: [] });
  const table = () => readFileSync(join(work, 'out/statistics.csv'), 'utf8');
  expect(table()).toBe('code,mean,max,count,quantile_0.5\n7,4.5,9,30,4.5\n');
  expect(readdirSync(join(work, 'out')).sort()).toEqual([
    'run.json',
    'statistics.csv',
    'statistics.geojson',
    'statistics.gpkg',
  ]);
  for (const option of ['--all_touched', '--all-touched']) {
    expect(ecoflux('zonal', ...files, '--overwrite', '--statistics=max,count', option).status).toBe(0);
    expect(table()).toBe('code,max,count\n7,10,33\n');
  }
});

test('what is wrong is said, with exit code 2, and nothing is written', () => {
  const run = ecoflux('zonal', '--values', 'values.tif', '--zones', 'zones.geojson', '--id', 'name', '--out', 'none');
  expect(run.status).toBe(2);
  expect(run.stderr).toMatch(/InvalidInput: zones.geojson: there is no column 'name' \(found the columns code\)/);
  const bare = ecoflux('zonal', '--out', 'none');
  expect(bare.status).toBe(2);
  expect(bare.stderr).toMatch(/zonal needs --values .*\n.*zonal needs --zones/);
  expect(existsSync(join(work, 'none'))).toBe(false);
});

test('is listed and described', () => {
  expect(ecoflux('processes').stdout).toMatch(/\nzonal +Statistics of a raster in each zone/);
  const { stdout, status } = ecoflux('processes', 'zonal');
  expect(status).toBe(0);
  for (const text of ['median', 'population', 'values', 'zones', 'all_touched', 'statistics.gpkg'])
    expect(stdout).toContain(text);
  expect(JSON.parse(ecoflux('processes', 'zonal', '--json').stdout)).toMatchObject({ id: 'zonal' });
});
