/** The process `quadrants` on files: over the cells that have both, and of zones by their means. */
import { writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import { runQuadrants } from '../../src/pipeline/quadrants/run-quadrants.ts';
import { gridOf, platform, readCells, readRows, workFolder, writePlane } from '../support/statistics-files.ts';

const at = workFolder('quadrants');
const GRID = gridOf(20, 10, 100);
const run = (more: object = {}) =>
  runQuadrants(
    { supply: at('supply.tif'), demand: at('demand.tif'), out: at('out'), overwrite: true, ...more },
    platform,
    { device: 'cpu' },
  );

beforeAll(async () => {
  const cells = (value: (x: number, y: number) => number) =>
    Float32Array.from({ length: 200 }, (_, i) => value(i % 20, Math.floor(i / 20)));
  await writePlane(
    at('supply.tif'),
    cells((x, y) => (x === 0 && y === 0 ? NODATA : x)),
    GRID,
  );
  // The last line would move the mean of the demand, if it were not left out where there is no supply.
  await writePlane(
    at('demand.tif'),
    cells((x, y) => (x === 0 && y === 0 ? 1e6 : y)),
    GRID,
  );
  await writePlane(
    at('even.tif'),
    cells(() => 3),
    GRID,
  );
  const { west, north } = GRID;
  const box = (x0: number, x1: number) => [
    [
      [west + 100 * x0, north],
      [west + 100 * x1, north],
      [west + 100 * x1, north - 1000],
      [west + 100 * x0, north - 1000],
      [west + 100 * x0, north],
    ],
  ];
  const features = [box(0, 10), box(10, 20)].map((coordinates, i) => ({
    type: 'Feature',
    properties: { name: 'AB'[i] },
    geometry: { type: 'Polygon', coordinates },
  }));
  const crs = { type: 'name', properties: { name: 'EPSG:32650' } };
  writeFileSync(at('zones.geojson'), JSON.stringify({ type: 'FeatureCollection', crs, features }));
});

test('cells above and below the means of the cells that have both', async () => {
  await run();
  const { cells, info } = await readCells(at('out/quadrant.tif'), 'u32');
  expect(info.classNames?.[2]).toBe('low supply, high demand');
  const [supplyMean, demandMean] = [(200 * 9.5) / 199, (200 * 4.5) / 199];
  for (let i = 0; i < 200; i++) {
    const [high, wanted] = [i % 20 >= supplyMean, Math.floor(i / 20) >= demandMean];
    expect(cells[i]).toBe(i === 0 ? NODATA_CODE : high ? (wanted ? 1 : 4) : wanted ? 2 : 3);
  }
  const z = (await readCells(at('out/z_supply.tif'), 'f32')).cells.filter((x) => x !== NODATA);
  expect(z.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 4);
  expect(z.reduce((sum, x) => sum + x * x, 0) / 199).toBeCloseTo(1, 5);
});

test('zones by their means', async () => {
  const { files } = await run({ zones: at('zones.geojson'), id: 'name', demand: at('supply.tif') });
  expect(files).toContain('zones.gpkg');
  const rows = readRows(at('out/zones.csv'));
  expect(
    rows.map(({ name, quadrant, z_supply }) => [name, quadrant, Math.round(1e9 * Number(z_supply)) / 1e9]),
  ).toEqual([
    ['A', '3', -1],
    ['B', '1', 1],
  ]);
});

test('what is wrong is said', async () => {
  await expect(run({ demand: undefined })).rejects.toThrow(/quadrants needs --demand/);
  await expect(run({ demand: at('even.tif') })).rejects.toThrow(/same in every cell has no high and low.*demand = 3/);
});
