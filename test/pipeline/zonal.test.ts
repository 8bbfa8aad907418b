/** The process `zonal` on files: tables and vectors that agree, zones in another CRS, and what is said where something is wrong. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import type { Grid } from '../../src/core/grid.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { TASKS } from '../../src/engine/all-tasks.ts';
import { parseCrs, transformBetween } from '../../src/io/crs/index.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import { readVector } from '../../src/io/vector/read.ts';
import { fileSource, fileTarget } from '../../src/node/files.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { runZonal, type ZonalRunRequest } from '../../src/pipeline/zonal/run-zonal.ts';
import { describeWithGdal } from '../io/gdal.ts';

const platform = { ...nodePlatform(), pool: inlinePool(TASKS, { openSource: fileSource }) };
const CRS = { epsg: 32650, name: 'WGS 84 / UTM zone 50N', kind: 'projected', metresPerUnit: 1 } as const;
const GRID: Grid = { width: 80, height: 60, west: 500_000, north: 3_500_000, cellWidth: 30, cellHeight: 30, crs: CRS };
/** Corners in columns and rows. */
type Box = readonly [west: number, north: number, east: number, south: number];
const ZONES: Readonly<Record<string, Box | undefined>> = {
  A: [10, 10, 30, 20],
  B: [20.2, 5.2, 50.3, 40.4],
  empty: [0, 0, 3, 3],
  far: [500, 500, 510, 510],
  'no, "shape"': undefined,
  small: [60.6, 30.6, 60.8, 30.8],
};

let work: string;
const at = (name: string) => join(work, name);
let log: string[];
const run = (request: Partial<ZonalRunRequest>, out = 'out') => {
  log = [];
  const files = { values: at('values.tif'), zones: at('zones.geojson') };
  return runZonal({ ...files, out: at(out), overwrite: true, ...request }, platform, { log: (line) => log.push(line) });
};
const csv = (out = 'out') =>
  readFileSync(at(`${out}/statistics.csv`), 'utf8')
    .trimEnd()
    .split('\n');
/** Columns and rows to coordinates, the corners of a box closed. */
const ring = ([west, north, east, south]: Box): [number, number][] =>
  [
    [west, north],
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ].map(([x, y]) => [GRID.west + 30 * x, GRID.north - 30 * y]);

function geoJson(name: string, project = (x: number, y: number): [number, number] => [x, y], crs?: string): void {
  const features = Object.entries(ZONES).map(([code, box], i) => {
    const geometry = box ? { type: 'Polygon', coordinates: [ring(box).map(([x, y]) => project(x, y))] } : null;
    return { type: 'Feature', properties: { Code: code, people: 10 * i, mean: 'taken' }, geometry };
  });
  const member = crs ? { crs: { type: 'name', properties: { name: crs } } } : {};
  writeFileSync(at(name), JSON.stringify({ type: 'FeatureCollection', ...member, features }));
}

function raster(name: string, value: (x: number, y: number) => number, more: object = {}) {
  const cells = Float32Array.from({ length: 80 * 60 }, (_, i) => value(i % 80, Math.floor(i / 80)));
  const description = {
    grid: GRID,
    sampleType: 'f32',
    nodata: NODATA,
    kind: 'quantity',
    overviews: false,
    ...more,
  } as const;
  return writeRaster(fileTarget(at(name)), description, cells, { pool: platform.pool });
}

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'ecoflux-zonal-'));
  await raster('values.tif', (x, y) => (x < 4 && y < 4 ? NODATA : x + 100 * y));
  await raster('codes.tif', (x, y) => (y < 50 ? Math.floor(x / 20) : NODATA));
  const degrees = { epsg: 4326, name: 'WGS 84', kind: 'geographic' } as const;
  const grid = { ...GRID, west: 117, north: 31.6, cellWidth: 3e-4, cellHeight: 3e-4, crs: degrees };
  await raster('degrees.tif', (x) => x, { grid });
  geoJson('zones.geojson', undefined, 'urn:ogc:def:crs:EPSG::32650');
  const { forward } = await transformBetween(CRS, await parseCrs('EPSG:4326'));
  geoJson('degrees.geojson', (x, y) => forward(x, y)!);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('tables and vectors', () => {
  test('statistics by hand, with what is empty left empty and said', async () => {
    const { warnings, zones, files } = await run({ id: 'code', quantiles: ['0.25'] });
    expect(files).toEqual(['statistics.csv', 'statistics.gpkg', 'statistics.geojson']);
    expect(zones).toBe(6);
    const [head, a, , empty, far, none, small] = csv();
    expect(head).toBe('Code,count,nodata,area,sum,zonal_mean,std,min,max,median,quantile_0.25');
    // x from 10 to 29, y from 10 to 19: Σ = 200 · (19.5 + 1450); variances (20² − 1)/12 + 100² (10² − 1)/12;
    // rank 0.25 · 199 lies between 1219 and 1220.
    const std = Math.sqrt(399 / 12 + (1e4 * 99) / 12);
    expect(a).toBe(`A,200,0,180000,293900,1469.5,${std},1010,1929,1469.5,1219.75`);
    expect(empty).toBe('empty,0,9,,,,,,,,');
    expect(far).toBe('far,0,0,,,,,,,,');
    expect(none).toBe('"no, ""shape""",0,0,,,,,,,,');
    expect(small).toBe('small,1,0,900,3060,3060,0,3060,3060,3060,3060');
    expect(warnings.map((text) => text.replaceAll(`${work}/`, ''))).toEqual([
      'zones.geojson: no polygon in Code no, "shape"',
      'zones.geojson: outside of values.tif, and so without statistics: Code far',
      'zones.geojson: no valid cell of values.tif in Code empty',
    ]);
    expect(log).toEqual(expect.arrayContaining([...warnings]));
    expect(JSON.parse(readFileSync(at('out/run.json'), 'utf8'))).toMatchObject({
      process: 'zonal',
      parameters: { quantiles: [0.25], id: 'Code', all_touched: false },
      warnings,
      outputs: files,
    });
  });

  test('GeoPackage and GeoJSON carry the same numbers beside what the zones had', async () => {
    await run({ id: 'Code' });
    const [head, ...rows] = csv();
    const names = head.split(',').slice(1);
    for (const format of ['gpkg', 'geojson']) {
      const layer = await readVector(at(`out/statistics.${format}`), platform);
      expect(layer.fields.map(({ name }) => name)).toEqual(['Code', 'people', 'mean', ...names]);
      expect(layer.crs.epsg).toBe(format === 'gpkg' ? 32650 : 4326);
      for (const [i, { properties, geometry }] of layer.features.entries()) {
        expect(properties.people).toBe(10 * i);
        const numbers = names.map((name) => properties[name] ?? '').join(',');
        expect(rows[i].endsWith(`,${numbers}`)).toBe(true);
        expect(geometry === undefined).toBe(i === 4);
      }
    }
  });

  test('zones in degrees are brought to the raster', async () => {
    await run({ id: 'Code' });
    const expected = csv();
    await run({ id: 'Code', zones: at('degrees.geojson') });
    // All boxes lie on cell borders or well between centres; A's and the empty one's edges are off by a millimetre.
    expect(csv()).toEqual(expected);
  });

  test('all that is touched', async () => {
    await run({ id: 'Code', allTouched: true, statistics: ['count'] });
    expect(csv()).toEqual(['Code,count', 'A,200', 'B,1116', 'empty,0', 'far,0', '"no, ""shape""",0', 'small,1']);
  });

  test('classes: majority and shares', async () => {
    await run({ id: 'Code', values: at('codes.tif'), statistics: ['majority', 'shares'] });
    const lines = csv();
    expect(lines[0]).toBe('Code,majority,share_0,share_1,share_2,share_3');
    expect(lines[1]).toBe('A,0,0.5,0.5,0,0');
    expect(lines[2]).toBe(`B,1,0,${20 / 30},${10 / 30},0`);
    expect(lines[4]).toBe('far,,,,,');
  });

  test('a raster of zones', async () => {
    const { files } = await run({ zones: at('codes.tif'), statistics: ['count', 'nodata', 'min', 'max'] });
    expect(files).toEqual(['statistics.csv']);
    expect(csv()).toEqual([
      'zone,count,nodata,min,max',
      '0,984,16,4,4919',
      '1,1000,0,20,4939',
      '2,1000,0,40,4959',
      '3,1000,0,60,4979',
    ]);
  });

  test('degrees have no areas: left out by themselves, refused when asked for', async () => {
    const zones = {
      type: 'Polygon',
      coordinates: [
        [
          [117, 31.59],
          [117.01, 31.59],
          [117.01, 31.6],
          [117, 31.59],
        ],
      ],
    };
    writeFileSync(at('triangle.geojson'), JSON.stringify(zones));
    const request = { values: at('degrees.tif'), zones: at('triangle.geojson') };
    await run(request);
    expect(csv()[0]).toBe('fid,count,nodata,sum,mean,std,min,max,median');
    expect(log.some((line) => /degrees.tif: areas are left out: the CRS \(WGS 84\) is not in metres/.test(line))).toBe(
      true,
    );
    await expect(run({ ...request, statistics: ['area'] })).rejects.toThrow(/areas of zones need a projected CRS/);
  });
});

describe('bad input', () => {
  const wrong: readonly (readonly [string, Partial<ZonalRunRequest>, RegExp])[] = [
    ['no files', { values: undefined, zones: undefined }, /zonal needs --values RASTER.*\n.*zonal needs --zones FILE/],
    [
      'no such column',
      { id: 'cod' },
      /there is no column 'cod' \(found the columns Code, people, mean\)\. Write --id Code/,
    ],
    ['no such statistic', { statistics: ['men'] }, /--statistics does not know 'men'.*[Ww]rite mean/],
    ['a quantile of 2', { quantiles: ['2'] }, /--quantiles are numbers from 0 to 1 \(found '2'\)/],
    ['no such band', { band: 2 }, /values.tif: there is no band 2/],
    ['a table as zones', { zones: 'table.csv' }, /table/],
    ['an id of a raster', { zones: 'codes.tif', id: 'x' }, /--id is for zones that are polygons/],
    ['another grid', { zones: 'degrees.tif' }, /the raster of zones is on another grid than the values/],
    ['a raster without CRS', { values: 'nowhere.tif' }, /nowhere\.tif: the coordinate reference system is missing/],
    ['zones elsewhere', { values: 'degrees.tif', zones: 'far.geojson' }, /no zone lies on the raster/],
    ['no codes', { statistics: ['majority'], values: 'halves.tif' }, /need a raster of class codes \(found [\d.]+5/],
  ];

  beforeAll(async () => {
    writeFileSync(at('table.csv'), 'a,b\n1,2\n');
    const far = {
      type: 'Polygon',
      coordinates: [
        [
          [10, 10],
          [11, 10],
          [11, 11],
          [10, 10],
        ],
      ],
    };
    writeFileSync(at('far.geojson'), JSON.stringify(far));
    await raster('halves.tif', (x) => x + 0.5);
    await raster('nowhere.tif', (x) => x, { grid: { ...GRID, crs: { name: 'none', kind: 'unknown' } } });
  });

  test.each(wrong)('%s', async (_, request, message) => {
    const files = Object.fromEntries(
      (['values', 'zones'] as const).flatMap((name) => (request[name] ? [[name, at(request[name])]] : [])),
    );
    await expect(run({ ...request, ...files }, 'refused')).rejects.toThrow(message);
    expect(existsSync(at('refused')) || existsSync(at('refused.partial'))).toBe(false);
  });

  test('zones of the same name are each a zone, and named', async () => {
    const text = readFileSync(at('zones.geojson'), 'utf8').replace('"Code":"B"', '"Code":"A"');
    writeFileSync(at('twice.geojson'), text);
    const { warnings } = await run({ zones: at('twice.geojson'), id: 'Code' });
    expect(warnings[0]).toMatch(/twice.geojson: several zones have the same Code: A; each is a zone of its own/);
    expect(csv().filter((line) => line.startsWith('A,')).length).toBe(2);
  });

  test('secrets of an address are in no message and no file', async () => {
    const address = 'https://host/zones.geojson?token=SECRET';
    const local = (path: string) => (path === address ? at('zones.geojson') : path);
    const remote = {
      ...platform,
      openSource: (path: string) => platform.openSource(local(path)),
      fingerprint: (path: string) => platform.fingerprint(local(path)),
    };
    const said: string[] = [];
    const files = { values: at('values.tif'), zones: address, out: at('secret'), overwrite: true };
    await runZonal(files, remote, { log: (line) => said.push(line) });
    expect(said.join('\n')).toMatch(/https:\/\/host\/zones\.geojson: outside of/);
    expect(said.join('\n') + readFileSync(at('secret/run.json'), 'utf8')).not.toMatch(/SECRET/);
  });

  test('a folder that is there is not replaced unasked', async () => {
    await run({}, 'kept');
    await expect(run({ overwrite: false }, 'kept')).rejects.toThrow(/the output folder is there already/);
  });
});

describeWithGdal('as GDAL reads it', () => {
  test('ogrinfo', async () => {
    await run({ id: 'Code' });
    const text = execFileSync('ogrinfo', ['-al', at('out/statistics.gpkg')], { encoding: 'utf8' });
    expect(text).toMatch(/Feature Count: 6/);
    expect(text).toMatch(/WGS 84 \/ UTM zone 50N/);
    expect(text).toMatch(
      /Code \(String\) = A\n {2}people \(Integer64\) = 0\n {2}mean \(String\) = taken\n {2}count \(Integer64\) = 200/,
    );
    expect(text).toMatch(/sum \(Real\) = 293900\n/);
    expect(text).toMatch(/Code \(String\) = far[\s\S]*?sum \(Real\) = \(null\)/);
  });
});
