import { describe, expect, test } from 'vitest';
import type { Grid } from '../../src/core/grid.ts';
import { coverage, readPolygons } from '../../src/io/vector/polygons.ts';

const UTM: Grid['crs'] = { epsg: 32650, name: 'WGS 84 / UTM zone 50N', kind: 'projected', metresPerUnit: 1 };
const GRID: Grid = { width: 6, height: 5, west: 0, north: 50, cellWidth: 10, cellHeight: 10, crs: UTM };
const CRS = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::32650' } };
const polygons = (coordinates: unknown, type = 'Polygon', crs: unknown = CRS) =>
  readPolygons('a.geojson', JSON.stringify({ type, coordinates, crs }), UTM);
const rows = (mask: Uint8Array, width = 6) =>
  Array.from({ length: mask.length / width }, (_, y) => [...mask.subarray(y * width, (y + 1) * width)].join(''));
const square = (x0: number, y0: number, x1: number, y1: number) => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
  [x0, y0],
];
const whole = { x: 0, y: 0, width: 6, height: 5 };

describe('coverage', () => {
  test('cells whose centre is inside', () => {
    expect(rows(coverage(polygons([square(4, 12, 26, 36)]), GRID, whole))).toEqual([
      '000000',
      '111000',
      '111000',
      '111000',
      '000000',
    ]);
  });

  test('a hole is left out', () => {
    expect(rows(coverage(polygons([square(0, 0, 60, 50), square(20, 20, 40, 40)]), GRID, whole))).toEqual([
      '111111',
      '110011',
      '110011',
      '111111',
      '111111',
    ]);
  });

  test('several polygons, and a triangle', () => {
    const mask = coverage(
      polygons(
        [
          [square(0, 40, 10, 50)],
          [
            [
              [29, 0],
              [60, 0],
              [60, 31],
              [29, 0],
            ],
          ],
        ],
        'MultiPolygon',
      ),
      GRID,
      whole,
    );
    expect(rows(mask)).toEqual(['100000', '000000', '000001', '000011', '000111']);
  });

  test('a window sees the same cells as the whole', () => {
    const area = polygons([
      [
        [3, 2],
        [57, 8],
        [41, 49],
        [12, 33],
        [3, 2],
      ],
    ]);
    const all = coverage(area, GRID, whole);
    const part = coverage(area, GRID, { x: 2, y: 1, width: 3, height: 4 });
    for (let y = 0; y < 4; y++) for (let x = 0; x < 3; x++) expect(part[y * 3 + x]).toBe(all[(y + 1) * 6 + x + 2]);
    expect(all.some((cell) => cell === 1) && all.some((cell) => cell === 0)).toBe(true);
  });

  test('two polygons that share an edge share no cell and leave none out', () => {
    const left = coverage(polygons([square(0, 0, 25, 50)]), GRID, whole);
    const right = coverage(polygons([square(25, 0, 60, 50)]), GRID, whole);
    for (let i = 0; i < left.length; i++) expect(left[i] + right[i]).toBe(1);
  });
});

describe('coordinates', () => {
  test('degrees are brought to the CRS of the grid', () => {
    const { rings } = polygons(
      [
        [
          [117, 32],
          [117.1, 32],
          [117.1, 32.1],
          [117, 32],
        ],
      ],
      'Polygon',
      null,
    );
    expect(rings[0][0][0]).toBeCloseTo(500000, 3); // 117° E is the central meridian of zone 50
    expect(rings[0][0][1]).toBeCloseTo(3540435.693, 2); // gdaltransform -s_srs EPSG:4326 -t_srs EPSG:32650
  });

  test('a CRS that nobody knows is refused with the way out', () => {
    expect(() =>
      polygons([square(0, 0, 1, 1)], 'Polygon', { properties: { name: 'urn:ogc:def:crs:EPSG::99999' } }),
    ).toThrow(/another CRS than the grid .*EPSG::99999.*ogr2ogr -t_srs EPSG:32650/);
  });
});

describe('bad input', () => {
  test.each([
    ['lines', { type: 'LineString', coordinates: [] }, 'only polygons have an area (found LineString'],
    ['nothing', { type: 'FeatureCollection', features: [], crs: CRS }, 'there is no polygon in it'],
    ['no GeoJSON', [1, 2], 'this is not GeoJSON'],
  ])('%s', (_, json, words) => {
    expect(() => readPolygons('a.geojson', JSON.stringify(json), UTM)).toThrow(words);
  });

  test('no JSON', () => {
    expect(() => readPolygons('a.geojson', '<xml/>', UTM)).toThrow('a.geojson: this is not GeoJSON');
  });
});
