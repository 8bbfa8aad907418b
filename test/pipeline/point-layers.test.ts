/** Layers of a project that are files of points: the same maps as from a raster of their counts, in any CRS and format, and clear refusals. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bounds } from '../../src/core/grid.ts';
import { parseCsv } from '../../src/io/class-table.ts';
import { parseCrs, transformBetween } from '../../src/io/crs/index.ts';
import { layerKey } from '../../src/pipeline/layers.ts';
import { preflight } from '../../src/pipeline/preflight/preflight.ts';
import { prepareProject } from '../../src/pipeline/prepare.ts';
import { gridReader } from '../../src/pipeline/readers.ts';
import { runProject } from '../../src/pipeline/run-project.ts';
import { edit, GRID, openProject, platform, readPlane, sampleWith } from '../support/project.ts';

let original: string;
let dir: string;

sampleWith(['TC'], (folder) => {
  original = folder;
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ecoflux-points-'));
  cpSync(original, dir, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const WRITTEN = '{ file: data/attractions.geojson, field: weight }';
const layer = (value: string) => edit(dir, 'project.yaml', `attractions: ${WRITTEN}`, `attractions: ${value}`);

interface Sight {
  readonly properties: { readonly weight: number };
  readonly geometry: { readonly coordinates: readonly [number, number] };
}

const features = (): Sight[] => JSON.parse(readFileSync(join(dir, 'data/attractions.geojson'), 'utf8')).features;

async function attractions(): Promise<Float32Array> {
  const { layers, grid } = await prepareProject(openProject(dir), platform);
  const bound = layers.get(layerKey('attractions', 2003, { kind: 'count', unit: '1' }))!;
  const window = { x: 0, y: 0, width: grid.width, height: grid.height };
  return (await gridReader(bound, platform.pool, undefined).read(window)) as Float32Array;
}

async function failure(): Promise<string> {
  return prepareProject(openProject(dir), platform).then(
    () => expect.unreachable('it should have failed'),
    (error: Error) => error.message,
  );
}

async function run(out: string): Promise<Float32Array> {
  await runProject(openProject(dir), platform, { out: join(dir, out), device: 'cpu' });
  return readPlane(join(dir, out, '2003/TC/supply.tif'));
}

test('points make the same maps as the raster of their weights, and the run says what it counted', async () => {
  const ofPoints = await run('points');
  const facts = JSON.parse(readFileSync(join(dir, 'points/run.json'), 'utf8'));
  const input = facts.inputs.find((each: { layer: string }) => each.layer === 'attractions');
  expect(input.alignment).toMatch(/^'weight' of \d+ points summed by cell$/);
  expect(input.sha256).toMatch(/^[0-9a-f]{64}$/);
  layer('data/attractions.tif');
  expect(ofPoints).toEqual(await run('raster'));
  expect(new Set(ofPoints).size).toBeGreaterThan(100);
}, 120_000);

test('validate reads them and finds nothing', async () => {
  const { findings, layers } = await preflight(openProject(dir), platform, { device: 'cpu' });
  expect(findings).toEqual([]);
  const weights = features().map(({ properties }) => properties.weight);
  const check = layers.find((each) => each.layer === 'attractions')!;
  expect(check.values!.max).toBeGreaterThanOrEqual(Math.max(...weights));
}, 60_000);

test('points in longitude and latitude fall into the same cells; without a field they are counted', async () => {
  layer('data/lonlat.geojson');
  const { forward } = await transformBetween(GRID.crs, await parseCrs('OGC:CRS84'));
  const points = features().map(({ geometry }) => forward(...(geometry.coordinates as [number, number]))!);
  const far = [0, 0];
  const coordinates = [...points, far].map((place) => ({
    type: 'Feature',
    properties: {},
    geometry: { type: 'Point', coordinates: place },
  }));
  writeFileSync(join(dir, 'data/lonlat.geojson'), JSON.stringify({ type: 'FeatureCollection', features: coordinates }));
  const { west, north } = bounds(GRID);
  const expected = new Float32Array(GRID.width * GRID.height);
  for (const { geometry } of features()) {
    const [x, y] = geometry.coordinates;
    const [column, row] = [(x - west) / GRID.cellWidth, (north - y) / GRID.cellHeight].map(Math.floor);
    expected[row * GRID.width + column]++;
  }
  expect(await attractions()).toEqual(expected);
  const { log } = await prepareProject(openProject(dir), platform);
  expect(log.find((line) => line.startsWith('attractions:'))).toContain(
    `${points.length} points counted by cell; 1 outside of the grid left out`,
  );
}, 60_000);

describe('refused, with the place in the project file', () => {
  test.each([
    ['polygons', 'data/counties.geojson', /only points are counted.*olygon/s],
    ['a field that is not there', '{ file: data/attractions.geojson, field: wieght }', /no field 'wieght'.*weight/s],
    ['a field of words', '{ file: data/attractions.geojson, field: name }', /'name' is no number/],
    ['options of rasters', '{ file: data/attractions.geojson, nodata: 0 }', /'nodata' is for rasters/],
    ['a field of a raster', '{ file: data/attractions.tif, field: weight }', /'field' is for points/],
    ['a unit of something else', '{ file: data/attractions.geojson, unit: mm }', /is in 'mm', which is no attractions/],
  ])('%s', async (_, value, message) => {
    layer(value);
    const found = await failure();
    expect(found).toMatch(message);
    expect(found).toMatch(/project\.yaml|data\//);
  });

  test('points of another place', async () => {
    layer('data/far.geojson');
    const far = { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [0, 0] } };
    writeFileSync(join(dir, 'data/far.geojson'), JSON.stringify(far));
    expect(await failure()).toMatch(/no point lies on the grid.*1 points? outside/s);
  });

  test('points where values of an area are wanted, or a density', async () => {
    edit(dir, 'project.yaml', 'data/access.tif', 'data/attractions.geojson');
    expect(await failure()).toMatch(/layer 'access' is a file of points, and counts are no/);
    edit(dir, 'project.yaml', '"data/population_{year}.tif"', 'data/attractions.geojson');
    expect(await failure()).toMatch(/layer 'population' is a file of points.*say what each point counts/s);
  });

  test('a grid like points', async () => {
    edit(dir, 'project.yaml', 'like: data/lulc_2003.tif', 'like: attractions');
    expect(await failure()).toMatch(/layer 'attractions' holds points, which have no cells/);
  });
});

test('points of people are a density where one is wanted', async () => {
  edit(
    dir,
    'project.yaml',
    '{ file: "data/population_{year}.tif", unit: people/km2 }',
    '{ file: data/attractions.geojson, field: weight, unit: people }',
  );
  await runProject(openProject(dir), platform, { out: join(dir, 'out'), device: 'cpu' });
  const path = join(dir, 'out/tables/totals.csv');
  expect(parseCsv(path, readFileSync(path)).rows.length).toBeGreaterThan(0);
  // Demand is one for each person, scaled by the largest.
  const weights = await attractions();
  const largest = weights.reduce((a, b) => Math.max(a, b));
  const demand = await readPlane(join(dir, 'out/2003/TC/demand.tif'));
  for (let i = 0; i < demand.length; i++) if (demand[i] >= 0) expect(demand[i]).toBeCloseTo(weights[i] / largest, 5);
}, 60_000);
