import { describe, expect, test } from 'vitest';
import type { Grid } from '../../src/core/grid.ts';
import { tilesOf, tilingOf } from '../../src/core/tiles.ts';
import { coverage, type PolygonArea, readPolygons } from '../../src/io/vector/polygons.ts';
import { seeded } from './rasters.ts';

const UTM: Grid['crs'] = { epsg: 32650, name: 'WGS 84 / UTM zone 50N', kind: 'projected', metresPerUnit: 1 };
const GRID: Grid = { width: 6, height: 5, west: 0, north: 50, cellWidth: 10, cellHeight: 10, crs: UTM };
const CRS = { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::32650' } };
const polygons = (coordinates: unknown, type = 'Polygon', crs: unknown = CRS) =>
  readPolygons('a.geojson', JSON.stringify({ type, coordinates, crs }), UTM);
const rows = (mask: Uint8Array, width = 6) =>
  Array.from({ length: mask.length / width }, (_, y) => [...mask.subarray(y * width, (y + 1) * width)].join(''));
const text = (mask: Uint8Array) => rows(mask, mask.length).join();
const square = (x0: number, y0: number, x1: number, y1: number) => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
  [x0, y0],
];
const whole = { x: 0, y: 0, width: 6, height: 5 };
const collection = (more: object) =>
  readPolygons('a.geojson', JSON.stringify({ type: 'FeatureCollection', crs: CRS, ...more }), UTM);

/** The cells of a grid, put together from windows. */
function inWindows(area: PolygonArea, grid: Grid, edge: number): Uint8Array {
  const out = new Uint8Array(grid.width * grid.height);
  for (const tile of tilesOf(tilingOf(grid, edge))) {
    const part = coverage(area, grid, tile);
    for (let y = 0; y < tile.height; y++)
      out.set(part.subarray(y * tile.width, (y + 1) * tile.width), (tile.y + y) * grid.width + tile.x);
  }
  return out;
}

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

  test('what polygons or features have in common is covered, once', () => {
    const [a, b] = [[square(0, 10, 40, 50)], [square(20, 0, 60, 30)]];
    const expected = ['111100', '111100', '111111', '111111', '001111'];
    const features = [a, b].map((coordinates) => ({ type: 'Feature', geometry: { type: 'Polygon', coordinates } }));
    for (const area of [polygons([a, b], 'MultiPolygon'), collection({ features })])
      expect(rows(coverage(area, GRID, whole))).toEqual(expected);
  });

  test('a polygon in the hole of another is covered', () => {
    const ring = [square(0, 0, 60, 50), square(10, 10, 50, 40)];
    const mask = coverage(polygons([ring, [square(20, 20, 40, 30)]], 'MultiPolygon'), GRID, whole);
    expect(rows(mask)).toEqual(['111111', '100001', '101101', '100001', '111111']);
  });

  test('a ring may be left open', () => {
    const closed = square(4, 12, 26, 36);
    expect(coverage(polygons([closed.slice(0, -1)]), GRID, whole)).toEqual(coverage(polygons([closed]), GRID, whole));
  });

  // Widths that float64 does not hold exactly, and vertices on centres: every crossing of a side may be rounded either way.
  const wide: Grid = {
    ...GRID,
    width: 61,
    height: 47,
    west: 123456.7,
    north: 3456789.1,
    cellWidth: 0.3,
    cellHeight: 0.7,
  };
  const all = { x: 0, y: 0, width: wide.width, height: wide.height };
  const random = seeded(4);
  const centre = () => {
    const [column, row] = [Math.floor(random() * wide.width), Math.floor(random() * wide.height)];
    return [wide.west + (column + 0.5) * wide.cellWidth, wide.north - (row + 0.5) * wide.cellHeight];
  };

  test('triangles between cell centres are the same in every window', () => {
    for (let n = 0; n < 300; n++) {
      const [a, b, c] = [centre(), centre(), centre()];
      const area = polygons([[a, b, c, a]]);
      const seen = coverage(area, wide, all);
      const edge = 1 + Math.floor(random() * 20);
      expect(text(inWindows(area, wide, edge)), `triangle ${n} in windows of ${edge}`).toBe(text(seen));
    }
  });

  test('triangles on both sides of an edge share no cell and leave none out', () => {
    for (let n = 0; n < 300; n++) {
      const [a, c] = [centre(), centre()];
      // Of the quadrilateral between a, c and two corners far outside, the triangles on either side of the diagonal a c.
      const [left, right] = [
        [a[0] - 100 * (c[1] - a[1]), a[1] + 100 * (c[0] - a[0])],
        [a[0] + 100 * (c[1] - a[1]), a[1] - 100 * (c[0] - a[0])],
      ];
      const together = coverage(polygons([[a, left, c, right, a]]), wide, all);
      const [one, other] = [
        [a, left, c, a],
        [a, c, right, a],
      ].map((ring) => coverage(polygons([ring]), wide, all));
      expect(
        one.map((cell, i) => cell + other[i]),
        `edge ${n}`,
      ).toEqual(together);
    }
  });
});

describe('coordinates', () => {
  test('degrees are brought to the CRS of the grid', () => {
    const area = polygons(
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
    const [east, north] = area.polygons[0][0][0];
    expect(east).toBeCloseTo(500000, 3); // 117° E is the central meridian of zone 50
    expect(north).toBeCloseTo(3540435.693, 2); // gdaltransform -s_srs EPSG:4326 -t_srs EPSG:32650
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

  const feature = (geometry: unknown) => ({ type: 'Feature', geometry });
  const good = feature({ type: 'Polygon', coordinates: [square(0, 0, 60, 50)] });

  test('a feature without a geometry is passed over', () => {
    const all = collection({ features: [feature(null), good, { type: 'Feature' }] });
    expect(coverage(all, GRID, whole)).toEqual(new Uint8Array(30).fill(1));
    expect(() => readPolygons('a.geojson', JSON.stringify({ ...feature(null), crs: CRS }), UTM)).toThrow(
      'a.geojson: there is no polygon in it',
    );
  });

  test.each([
    ['no coordinates', feature({ type: 'Polygon' }), 'the Polygon has no proper coordinates (found undefined'],
    [
      'a ring too few',
      feature({ type: 'Polygon', coordinates: square(0, 0, 1, 1) }),
      'the Polygon has no proper coordinates (found [[0,0],[1,0],',
    ],
    [
      'words',
      feature({ type: 'MultiPolygon', coordinates: [[[['1', '2']]]] }),
      'the MultiPolygon has no proper coordinates (found [[[["1","2"]]]]',
    ],
    ['missing', feature({ type: 'Polygon', coordinates: [[[1, null]]] }), 'the Polygon has no proper coordinates'],
    ['a line', feature({ type: 'LineString', coordinates: [] }), 'only polygons have an area (found LineString'],
    ['no object', null, 'only polygons have an area (found undefined'],
  ])('of a feature: %s', (_, broken, words) => {
    expect(() => collection({ features: [good, broken] })).toThrow(`a.geojson, feature 2: ${words}`);
  });

  test.each([
    ['features', { features: 'none' }],
    ['geometries', { type: 'GeometryCollection' }],
  ])('no list of %s', (_, more) => {
    expect(() => collection(more)).toThrow('a.geojson: this is not GeoJSON (expected a list of ');
  });

  test('a place that the CRS of the grid cannot show', () => {
    expect(() => polygons([square(207, 0, 208, 1)], 'Polygon', null)).toThrow(
      /a\.geojson: a vertex cannot be brought to WGS 84 \/ UTM zone 50N \(found 207, 0 in WGS 84 degrees/,
    );
  });

  test('no JSON', () => {
    expect(() => readPolygons('a.geojson', '<xml/>', UTM)).toThrow('a.geojson: this is not GeoJSON');
  });
});
