/** Grids whose cells have another area on the ground than their sides say. */
import { expect, test } from 'vitest';
import type { Grid } from '../../src/core/grid.ts';
import { parseCrs, transformBetween } from '../../src/io/crs/index.ts';
import { areaFinding } from '../../src/pipeline/cell-areas.ts';

/** 100 km around a place. */
async function gridAt(crs: string, longitude: number, latitude: number): Promise<Grid> {
  const system = await parseCrs(crs);
  const [x, y] = (await transformBetween(await parseCrs('EPSG:4326'), system)).forward(longitude, latitude)!;
  return { width: 100, height: 100, cellWidth: 1000, cellHeight: 1000, west: x - 5e4, north: y + 5e4, crs: system };
}

test.each([
  ['UTM in its zone', 'EPSG:32650', 117, 32],
  ['UTM at the edge of its zone', 'EPSG:32650', 119.4, 32],
  ['Gauss-Krüger', 'EPSG:4547', 114, 32],
  ['Albers', '+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +ellps=WGS84 +units=m', 117, 32],
  ['Mercator at the equator', 'EPSG:3857', 117, 0],
  ['across the antimeridian', 'EPSG:32701', 179.9, -17],
])('%s keeps areas', async (_, crs, longitude, latitude) => {
  expect(await areaFinding(await gridAt(crs, longitude, latitude))).toBeUndefined();
});

test('Mercator is told of, by how much, and with the zone to take', async () => {
  const finding = await areaFinding(await gridAt('EPSG:3857', 117, 32));
  // 1 / cos²(latitude) at the northern edge, 38 km further on the ground, by less than 1 % for the ellipsoid.
  expect(finding).toMatchObject({ level: 'warning', found: expect.stringMatching(/3857|Mercator/) });
  const percent = Number(/up to (\d+) % larger/.exec(finding!.what)![1]);
  expect(Math.abs(percent / 100 + 1 - 1 / Math.cos((32.38 * Math.PI) / 180) ** 2)).toBeLessThan(0.015);
  expect(finding!.fix).toMatch(/EPSG:32650/);
});

test('far from the meridian of a zone', async () => {
  expect((await areaFinding(await gridAt('EPSG:32648', 117, 32)))?.what).toMatch(/up to \d % larger/);
});

test('degrees and unknown systems have no areas to compare', async () => {
  const grid = await gridAt('EPSG:32650', 117, 32);
  expect(await areaFinding({ ...grid, crs: { name: 'none', kind: 'unknown' } })).toBeUndefined();
  expect(await areaFinding({ ...grid, crs: await parseCrs('EPSG:4326') })).toBeUndefined();
});
