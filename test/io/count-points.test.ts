/** Points on a grid: cell for cell what GDAL adds up, the same in every window; what is no point is refused. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { memorySource } from '../../src/io/byte-source.ts';
import { countPoints, pointPlane } from '../../src/io/vector/count-points.ts';
import { isVector, readVector } from '../../src/io/vector/read.ts';
import { randomNumbers } from '../support/rasters.ts';
import { describeWithGdal, temporaryFolder } from './gdal.ts';

const CRS = { kind: 'projected', name: 'WGS 84 / UTM zone 50N', epsg: 32650, metresPerUnit: 1 } as const;
const GRID = { width: 7, height: 5, west: 400_000, north: 3_500_000, cellWidth: 30, cellHeight: 30, crs: CRS };
const WHOLE = { x: 0, y: 0, width: GRID.width, height: GRID.height };

type Place = readonly [x: number, y: number];

/** x, y in columns and rows of the grid. */
const at = (x: number, y: number): Place => [GRID.west + x * GRID.cellWidth, GRID.north - y * GRID.cellHeight];
const point = (coordinates: Place, properties: object = {}) => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Point', coordinates },
});

const collection = (features: readonly object[]) =>
  JSON.stringify({
    type: 'FeatureCollection',
    crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::32650' } },
    features,
  });

function layerOf(features: readonly object[]) {
  const bytes = new TextEncoder().encode(collection(features));
  return readVector('points.geojson', { openSource: async (name) => memorySource(name, bytes) });
}

test('each point counts in its cell; borders belong to the cell south or east of them; the rest is outside', async () => {
  const features = [at(0, 0), at(0.5, 0.5), at(1, 0.5), at(6.99, 4.99), at(7, 2), at(3, 5), at(-0.01, 1)].map((place) =>
    point(place),
  );
  const parts = { type: 'MultiPoint', coordinates: [at(2.5, 3.5), at(2.6, 3.4), at(3.5, 3.5)] };
  const empty = { type: 'Feature', properties: {}, geometry: null };
  const counted = await countPoints(
    await layerOf([...features, { type: 'Feature', properties: {}, geometry: parts }, empty]),
    GRID,
  );
  expect([...counted.cells]).toEqual([0, 1, 23, 24, 34]);
  expect([...counted.values]).toEqual([2, 1, 2, 1, 1]);
  expect([counted.points, counted.outside]).toEqual([7, 3]);
});

test('a field is summed', async () => {
  const layer = await layerOf([point(at(1, 1), { n: 2.5 }), point(at(1.5, 1.5), { n: 3 }), point(at(0, 0), { n: -1 })]);
  const { cells, values } = await countPoints(layer, GRID, { field: 'n' });
  expect([...cells]).toEqual([0, 8]);
  expect([...values]).toEqual([-1, 5.5]);
});

test('windows are parts of the whole, and nodata beyond the grid', async () => {
  const layer = await layerOf([point(at(1, 1)), point(at(6.5, 4.5)), point(at(3.5, 2.5))]);
  const counted = await countPoints(layer, GRID);
  const whole = pointPlane(counted, GRID, WHOLE);
  expect(whole.reduce((sum, each) => sum + each)).toBe(3);
  for (const window of [
    { x: 2, y: 1, width: 3, height: 3 },
    { x: -2, y: -1, width: 4, height: 4 },
    { x: 5, y: 3, width: 6, height: 6 },
    { x: 9, y: 0, width: 2, height: 2 },
  ]) {
    const plane = pointPlane(counted, GRID, window, 2);
    for (let i = 0; i < plane.length; i++) {
      const [x, y] = [window.x + (i % window.width), window.y + Math.floor(i / window.width)];
      const inside = x >= 0 && y >= 0 && x < GRID.width && y < GRID.height;
      expect(plane[i], `${x}, ${y}`).toBe(inside ? 2 * whole[y * GRID.width + x] : NODATA);
    }
  }
});

describe('refused', () => {
  test.each([
    ['a line', { type: 'LineString', coordinates: [at(0, 0), at(1, 1)] }, {}, /feature 2.*only points.*LineString/s],
    ['no weight', { type: 'Point', coordinates: at(1, 1) }, {}, /feature 2.*'n' is no number.*nothing/s],
  ])('%s', async (_, geometry, properties, message) => {
    const layer = await layerOf([point(at(2, 2), { n: 1 }), { type: 'Feature', properties, geometry }]);
    await expect(countPoints(layer, GRID, { field: 'n' })).rejects.toThrow(message);
  });

  test('a field of words', async () => {
    const layer = await layerOf([point(at(2, 2), { n: 'many' })]);
    await expect(countPoints(layer, GRID, { field: 'n' })).rejects.toThrow(/feature 1.*'n' is no number.*many/s);
  });

  test('a field that is not there', async () => {
    const layer = await layerOf([point(at(2, 2), { visitors: 1 })]);
    await expect(countPoints(layer, GRID, { field: 'visitor' })).rejects.toThrow(/no field 'visitor'.*visitors/s);
  });
});

test('vector files are told from rasters by their beginning', () => {
  const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
  expect(isVector(bytes(collection([])))).toBe(true);
  expect(isVector(bytes('SQLite format 3\0....'))).toBe(true);
  expect(isVector(bytes('II*\0\x08\0\0\0'))).toBe(false);
  expect(isVector(bytes('II+\0\x08\0\0\0'))).toBe(false);
  expect(isVector(bytes('MM\0*'))).toBe(false);
  expect(isVector(new Uint8Array())).toBe(false);
});

describeWithGdal('as GDAL adds points up', () => {
  const folder = temporaryFolder();
  test('anywhere and on borders, with weights', async () => {
    const random = randomNumbers(5);
    const features = Array.from({ length: 400 }, (_, i) => {
      const [x, y] = [random() * 8 - 0.5, random() * 6 - 0.5];
      const place = i % 3 === 0 ? at(Math.round(x), Math.round(y)) : at(x, y);
      return point(place, { n: Math.round(random() * 100) });
    });
    const [vector, raster] = [join(folder, 'points.geojson'), join(folder, 'points.raw')];
    writeFileSync(vector, collection(features));
    const extent = [...at(0, GRID.height), ...at(GRID.width, 0)].map(String);
    const args = ['-q', '-add', '-a', 'n', '-te', ...extent, '-tr', '30', '30', '-ot', 'Float32', '-of', 'ENVI'];
    const run = spawnSync('gdal_rasterize', [...args, vector, raster], { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    const { buffer, byteOffset } = readFileSync(raster);
    const expected = new Float32Array(buffer.slice(byteOffset, byteOffset + 4 * GRID.width * GRID.height));
    const counted = await countPoints(await layerOf(features), GRID, { field: 'n' });
    expect(counted.outside).toBeGreaterThan(20);
    expect(pointPlane(counted, GRID, WHOLE)).toEqual(expected);
  });
});
