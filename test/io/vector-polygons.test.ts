import type { Geometry } from 'geojson';
import { describe, expect, test } from 'vitest';
import type { Crs } from '../../src/core/grid.ts';
import { memorySource } from '../../src/io/byte-source.ts';
import { parseCrs, transformBetween } from '../../src/io/crs/index.ts';
import { readArea } from '../../src/io/vector/area.ts';
import type { Polygon, Position, Ring, VectorLayer } from '../../src/io/vector/layer.ts';
import { type PolygonsOptions, polygonsOf } from '../../src/io/vector/polygons-of.ts';
import { crossesItself } from '../../src/io/vector/ring-crossings.ts';
import { areaOf, signedArea } from '../../src/io/vector/rings.ts';
import { seeded } from './rasters.ts';

type Geometries = readonly (Geometry | undefined)[];
const layerOf = async (crs: string, geometries: Geometries): Promise<VectorLayer> => ({
  file: 'a.gpkg',
  name: 'a',
  crs: await parseCrs(crs),
  fields: [{ name: 'id', type: 'integer' }],
  features: geometries.map((geometry, i) => ({ fid: i + 1, geometry, properties: { id: 70 + i } })),
});
const polygon = (...coordinates: number[][][]): Geometry => ({ type: 'Polygon', coordinates });
const box = (west: number, south: number, east: number, north: number) => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];

/** Polygons by feature, and warnings. */
async function brought(from: string, to: string, geometries: Geometries, options: PolygonsOptions = {}) {
  const warnings: string[] = [];
  const layer = await layerOf(from, geometries);
  const found = await polygonsOf(layer, await parseCrs(to), { warn: (text) => warnings.push(text), ...options });
  return { polygons: found.map((feature) => feature.polygons), warnings };
}
const areas = (polygons: readonly Polygon[]) => polygons.reduce((sum, each) => sum + areaOf(each), 0);
const extent = (polygons: readonly Polygon[]) => {
  const all = polygons.flat(2);
  const [xs, ys] = [0, 1].map((axis) => all.map((position) => position[axis]));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
};
const UTM = 'EPSG:32650';

describe('checks', () => {
  test('polygons out of every kind of geometry, nothing where there is none', async () => {
    const one = polygon(box(0, 0, 10, 10), box(2, 2, 4, 4));
    const { polygons, warnings } = await brought(UTM, UTM, [
      one,
      { type: 'MultiPolygon', coordinates: [[box(0, 0, 1, 1)], [box(5, 5, 7, 7)]] },
      {
        type: 'GeometryCollection',
        geometries: [one, { type: 'GeometryCollection', geometries: [polygon(box(0, 0, 3, 3))] }],
      },
      undefined,
    ]);
    expect(polygons.map(areas)).toEqual([96, 5, 105, 0]);
    expect(polygons.map(({ length }) => length)).toEqual([1, 2, 2, 0]);
    expect(warnings).toEqual([]);
  });

  test('open rings are closed', async () => {
    const { polygons } = await brought(UTM, UTM, [polygon(box(0, 0, 10, 10).slice(0, -1))]);
    expect(polygons[0][0][0]).toEqual(box(0, 0, 10, 10));
  });

  test('rings without area are left out, holes of a lost outline with it, and it is said once for all', async () => {
    const flat = [
      [0, 0],
      [5, 5],
      [10, 10],
      [0, 0],
    ];
    const { polygons, warnings } = await brought(UTM, UTM, [
      polygon(flat, box(0, 0, 1, 1)),
      polygon(box(0, 0, 10, 10), flat, box(1, 1, 2, 2)),
      polygon(box(3, 3, 3, 9)),
      polygon([[1, 1]]),
    ]);
    expect(polygons.map(areas)).toEqual([0, 99, 0, 0]);
    expect(warnings).toEqual([
      'a.gpkg: polygons without area are left out (feature 1, feature 3, feature 4)',
      'a.gpkg: holes without area are left out (feature 2)',
    ]);
  });

  test('an outline that crosses itself stays, with a warning', async () => {
    const bow = [
      [0, 0],
      [10, 10],
      [10, 0],
      [0, 10],
      [0, 0],
    ];
    const { polygons, warnings } = await brought(UTM, UTM, [polygon(bow)]);
    expect(polygons[0][0][0]).toEqual(bow);
    expect(warnings.join()).toMatch(/cross themselves.*even-odd rule.*feature 1/);
    expect(signedArea(bow as unknown as Ring)).toBe(0);
  });

  test.each<[string, Geometry, RegExp]>([
    [
      'points',
      { type: 'Point', coordinates: [1, 2] },
      /a\.gpkg, feature 2 \(id 71\): only polygons have an area \(found Point/,
    ],
    [
      'lines in a collection',
      { type: 'GeometryCollection', geometries: [polygon(box(0, 0, 1, 1)), { type: 'LineString', coordinates: [] }] },
      /feature 2 \(id 71\): only polygons have an area \(found LineString/,
    ],
    [
      'no number',
      polygon(box(0, 0, 1, 1), [
        [0, 0],
        [1, Number.NaN],
        [1, 1],
      ]),
      /feature 2 \(id 71\), ring 2, vertex 2: a coordinate is not a finite number \(found 1, NaN/,
    ],
    [
      'infinity',
      { type: 'MultiPolygon', coordinates: [[box(0, 0, 1, 1)], [box(0, 0, 1, Number.POSITIVE_INFINITY)]] },
      /feature 2 \(id 71\), polygon 2, ring 1, vertex 3: a coordinate/,
    ],
  ])('%s', async (_, geometry, words) => {
    await expect(brought(UTM, UTM, [polygon(box(0, 0, 1, 1)), geometry], { idField: 'id' })).rejects.toThrow(words);
  });
});

describe('areas', () => {
  test('by hand', () => {
    expect(areaOf([box(0, 0, 10, 10), [...box(2, 2, 4, 5)].reverse()] as never)).toBe(94);
    expect(areaOf([])).toBe(0);
  });

  test('digits survive large coordinates', () => {
    const [x, y] = [5e6, 4e7];
    expect(areaOf([box(x, y, x + 0.5, y + 0.25)] as never)).toBe(0.125);
  });
});

/** The farthest that points on the edges of a ring lie from the outline it became. */
async function departure(from: string, to: string, ring: readonly number[][], found: Ring): Promise<number> {
  const { forward } = await transformBetween(await parseCrs(from), await parseCrs(to));
  const away = ([px, py]: readonly number[], [ax, ay]: Position, [bx, by]: Position) => {
    const t = Math.max(
      0,
      Math.min(1, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)),
    );
    return Math.hypot(px - ax - t * (bx - ax), py - ay - t * (by - ay));
  };
  let most = 0;
  for (let i = 1; i < ring.length; i++)
    for (let t = 0; t <= 1; t += 1 / 64) {
      const place = forward(
        ring[i - 1][0] + t * (ring[i][0] - ring[i - 1][0]),
        ring[i - 1][1] + t * (ring[i][1] - ring[i - 1][1]),
      )!;
      let least = Number.POSITIVE_INFINITY;
      for (let k = 1; k < found.length; k++) least = Math.min(least, away(place, found[k - 1], found[k]));
      most = Math.max(most, least);
    }
  return most;
}

describe('reprojection', () => {
  const province = box(115, 30, 119, 34);

  test('vertices are where proj4 has them', async () => {
    const { polygons } = await brought('EPSG:4326', UTM, [
      polygon([
        [117, 32],
        [117.1, 32],
        [117.1, 32.1],
        [117, 32],
      ]),
    ]);
    const [east, north] = polygons[0][0][0][0];
    expect(east).toBeCloseTo(500000, 3);
    expect(north).toBeCloseTo(3540435.693, 2); // gdaltransform -s_srs EPSG:4326 -t_srs EPSG:32650
  });

  test.each([
    ['EPSG:4326', UTM, province, 0.1],
    ['EPSG:4326', '+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +x_0=0 +y_0=0 +datum=WGS84', province, 0.1],
    ['EPSG:4326', 'EPSG:2263', box(-74.2, 40.5, -73.7, 40.9), 0.1 / 0.3048],
    [UTM, 'EPSG:4326', box(300000, 3300000, 700000, 3700000), 1e-6],
    [UTM, 'EPSG:32651', box(300000, 3300000, 700000, 3700000), 0.1],
  ])('edges from %s to %s stay on the ground', async (from, to, ring, tolerance) => {
    const straight = await brought(from, to, [polygon(ring)], { tolerance: Number.POSITIVE_INFINITY });
    const bent = await brought(from, to, [polygon(ring)]);
    expect(await departure(from, to, ring, straight.polygons[0][0][0])).toBeGreaterThan(10 * tolerance);
    expect(await departure(from, to, ring, bent.polygons[0][0][0])).toBeLessThanOrEqual(tolerance);
    expect(bent.polygons[0][0][0].length).toBeLessThan(10_000);
  });

  test('a closer tolerance is kept too', async () => {
    const { polygons } = await brought('EPSG:4326', UTM, [polygon(province)], { tolerance: 1e-3 });
    expect(await departure('EPSG:4326', UTM, province, polygons[0][0][0])).toBeLessThanOrEqual(1e-3);
  });

  test('neighbours get the same vertices on the edge that they share', async () => {
    const { polygons } = await brought('EPSG:4326', UTM, [
      polygon([
        [115, 30],
        [119.3, 31.7],
        [118, 34.1],
        [115, 30],
      ]),
      polygon([
        [119.3, 31.7],
        [115, 30],
        [118, 29],
        [119.3, 31.7],
      ]),
    ]);
    const [one, other] = polygons.map(([[ring]]) => ring.map(String));
    const count = one.slice(1).filter((position) => other.includes(position)).length;
    const shared = one.slice(0, count);
    expect(count).toBeGreaterThan(20);
    expect(other.slice(0, count)).toEqual([...shared].reverse());
  });

  test('rings are closed exactly', async () => {
    for (const [from, to] of [
      ['EPSG:4326', UTM],
      [UTM, 'EPSG:4490'],
      ['EPSG:4326', 'EPSG:4490'],
    ]) {
      const ring = from === UTM ? box(400000, 3400000, 500000, 3500000) : province;
      const [[[found]]] = (await brought(from, to, [polygon(ring)])).polygons;
      expect(found.at(-1)).toEqual(found[0]);
    }
  });

  test('the same system by another name changes nothing', async () => {
    const { polygons } = await brought('+proj=utm +zone=50 +datum=WGS84', UTM, [polygon(box(0.1, 0.2, 10.3, 10.4))]);
    expect(polygons[0][0][0]).toEqual(box(0.1, 0.2, 10.3, 10.4));
  });

  test('places that the CRS does not show', async () => {
    const far = polygon(box(0, 0, 1, 1), [
      [0.1, 0.1],
      [0.2, 0.1],
      [207, 0],
    ]);
    await expect(brought('EPSG:4326', UTM, [polygon(province), far])).rejects.toThrow(
      /a\.gpkg, feature 2, ring 2, vertex 3: the polygon cannot be brought to WGS 84 \/ UTM zone 50N.*found 207, 0 in WGS 84.*check the coordinates/is,
    );
    await expect(brought('EPSG:4326', 'EPSG:3857', [polygon(box(0, 80, 10, 90))])).rejects.toThrow(
      /feature 1, ring 1, vertex 3: .*found 10, 90 in WGS 84/s,
    );
  });

  test('a layer without a known CRS', async () => {
    const layer = await layerOf(UTM, [polygon(province)]);
    const unknown: Crs = { name: 'nowhere', kind: 'unknown' };
    await expect(polygonsOf({ ...layer, crs: unknown }, await parseCrs(UTM))).rejects.toThrow(
      /a\.gpkg: the coordinate reference system is missing/,
    );
  });
});

describe('the antimeridian', () => {
  const west = box(179, -17, 180, -16);
  const east = box(-180, -17, -179, -16);
  const ways: readonly (readonly [string, Geometry])[] = [
    ['cut in two', { type: 'MultiPolygon', coordinates: [[west], [east]] }],
    [
      'from 179 to -179',
      polygon([
        [179, -17],
        [-179, -17],
        [-179, -16],
        [179, -16],
        [179, -17],
      ]),
    ],
    [
      'from -179 to 179',
      polygon([
        [-179, -17],
        [-179, -16],
        [179, -16],
        [179, -17],
        [-179, -17],
      ]),
    ],
    ['from 179 to 181', polygon(box(179, -17, 181, -16))],
    ['from -181 to -179', polygon(box(-181, -17, -179, -16))],
  ];

  test.each(ways)('%s: on projected grids', async (_, geometry) => {
    // Both halves by themselves, which nothing can go wrong with.
    for (const to of [
      'EPSG:32760',
      'EPSG:32701',
      'EPSG:3857',
      'EPSG:3832',
      '+proj=laea +lat_0=-90 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84',
      '+proj=aea +lat_1=-10 +lat_2=-30 +lon_0=-170 +x_0=0 +y_0=0 +datum=WGS84',
    ]) {
      const halves = (await brought('EPSG:4326', to, [polygon(west), polygon(east)])).polygons;
      const { polygons } = await brought('EPSG:4326', to, [geometry]);
      const expected = areas(halves[0]) + areas(halves[1]);
      expect(expected).toBeGreaterThan(2e10);
      expect(Math.abs(areas(polygons[0]) / expected - 1), to).toBeLessThan(1e-6);
      extent(polygons[0]).forEach((side, i) => {
        expect(side, `${to} side ${i}`).toBeCloseTo(extent(halves.flat())[i], 0);
      });
    }
  });

  test.each(ways)('%s: on grids in degrees', async (_, geometry) => {
    const around = async (meridian: number | undefined) =>
      extent((await brought('EPSG:4326', 'EPSG:4326', [geometry], { meridian })).polygons[0]);
    expect(await around(180)).toEqual([179, -17, 181, -16]);
    expect(await around(-180)).toEqual([-181, -17, -179, -16]);
    expect(await around(170)).toEqual([179, -17, 181, -16]);
    expect(await around(0)).toEqual([-180, -17, 180, -16]);
    for (const meridian of [0, 180, -180, 170]) {
      const { polygons } = await brought('EPSG:4326', 'EPSG:4326', [geometry], { meridian });
      expect(areas(polygons[0])).toBeCloseTo(2, 9);
      const { polygons: shifted } = await brought(
        'EPSG:4326',
        '+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3',
        [geometry],
        { meridian },
      );
      expect(areas(shifted[0])).toBeCloseTo(2, 2);
    }
  });

  test('jumps are said, and only those', async () => {
    const texts = await Promise.all(
      ways.map(async ([, geometry]) => (await brought('EPSG:4326', 'EPSG:32760', [geometry])).warnings.join()),
    );
    expect(texts.map((text) => /the short way, across the antimeridian \(feature 1\)/.test(text))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  test('holes go with their outline', async () => {
    const outline = [
      [178, -18],
      [-178, -18],
      [-178, -15],
      [178, -15],
      [178, -18],
    ];
    const holes = [
      box(179, -17, 179.5, -16),
      box(-179.5, -17, -179, -16),
      [
        [179.8, -17],
        [-179.8, -17],
        [-179.8, -16],
        [179.8, -16],
        [179.8, -17],
      ],
    ];
    for (const meridian of [0, 180]) {
      const { polygons } = await brought('EPSG:4326', 'EPSG:4326', [polygon(outline, ...holes)], { meridian });
      expect(areas(polygons[0])).toBeCloseTo(12 - 0.5 - 0.5 - 0.4, 9);
    }
  });

  test('from a projection to degrees', async () => {
    const inUtm = (await brought('EPSG:4326', 'EPSG:32760', [polygon(box(179, -17, 181, -16))])).polygons[0][0][0];
    const ring = polygon(inUtm as unknown as number[][]);
    for (const [meridian, sides] of [
      [180, [179, 181]],
      [0, [-180, 180]],
    ] as const) {
      const { polygons } = await brought('EPSG:32760', 'EPSG:4326', [ring], { meridian });
      const [left, , right] = extent(polygons[0]);
      expect(left).toBeCloseTo(sides[0], 5);
      expect(right).toBeCloseTo(sides[1], 5);
      expect(areas(polygons[0])).toBeCloseTo(2, 4);
    }
  });

  test('degrees from 0 to 360 on a grid from -180 to 180, and the other way round', async () => {
    expect(
      extent((await brought('EPSG:4326', 'EPSG:4326', [polygon(box(190, 0, 200, 1))], { meridian: 0 })).polygons[0]),
    ).toEqual([-170, 0, -160, 1]);
    expect(
      extent((await brought('EPSG:4326', 'EPSG:4326', [polygon(box(-20, 0, -10, 1))], { meridian: 180 })).polygons[0]),
    ).toEqual([340, 0, 350, 1]);
    expect(extent((await brought('EPSG:4326', 'EPSG:4326', [polygon(box(190, 0, 200, 1))])).polygons[0])).toEqual([
      190, 0, 200, 1,
    ]);
  });

  test('the whole world stays whole', async () => {
    const { polygons, warnings } = await brought('EPSG:4326', 'EPSG:4326', [polygon(box(-180, -90, 180, 90))], {
      meridian: 0,
    });
    expect(areas(polygons[0])).toBe(64800);
    expect(
      areas(
        (await brought('EPSG:4326', 'EPSG:4326', [polygon(box(-180, -90, 180, 90))], { meridian: 100 })).polygons[0],
      ),
    ).toBe(64800);
    expect(warnings).toEqual([]);
  });

  test('a ring around a pole', async () => {
    const ring = [
      [0, -70],
      [90, -70],
      [180, -70],
      [-90, -70],
      [0, -70],
    ];
    for (const meridian of [0, 50, 180]) {
      const { polygons } = await brought('EPSG:4326', 'EPSG:4326', [polygon(ring)], { meridian });
      expect(areas(polygons[0])).toBeCloseTo(360 * 20, 6);
    }
    const polar = (
      await brought('EPSG:4326', '+proj=laea +lat_0=-90 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84', [polygon(ring)])
    ).polygons[0];
    // A cap of the ellipsoid to 70° S: 2π times the difference of its authalic q, halved, a².
    const e = 0.0818191908426215;
    const q = (s: number) => (1 - e * e) * (s / (1 - e * e * s * s) - Math.log((1 - e * s) / (1 + e * s)) / (2 * e));
    const cap = Math.PI * 6378137 ** 2 * (q(1) - q(Math.sin((70 * Math.PI) / 180)));
    expect(Math.abs(areas(polar) / cap - 1)).toBeLessThan(1e-6);
    const circle = (
      await brought(
        '+proj=laea +lat_0=-90 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84',
        'EPSG:4326',
        [polygon(polar[0][0] as unknown as number[][])],
        { meridian: 0 },
      )
    ).polygons[0];
    expect(areas(circle)).toBeGreaterThan(0);
    await expect(brought('EPSG:4326', 'EPSG:4326', [polygon(ring, box(0, -80, 1, -79))])).rejects.toThrow(
      /feature 1: .*runs round a pole and has holes/,
    );
  });
});

describe('crossings', () => {
  /** Every edge against every other. */
  function slowly(ring: Ring): boolean {
    const side = ([ax, ay]: Position, [bx, by]: Position, [px, py]: Position) =>
      Math.sign((bx - ax) * (py - ay) - (px - ax) * (by - ay));
    const edges = ring.slice(1).map((end, i) => [ring[i], end] as const);
    return edges.some(([a, b], i) =>
      edges.slice(0, i).some(([c, d]) => side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0),
    );
  }

  test('the same as comparing every edge with every other', () => {
    const random = seeded(11);
    const seen = [0, 0];
    for (let n = 0; n < 400; n++) {
      const count = 4 + Math.floor(random() * 40);
      // Stars about a centre, whose vertices now and then go astray.
      const astray = random() < 0.5 ? 0 : 1.2 / count;
      const ring = Array.from({ length: count }, (_, i) => {
        const angle = (2 * Math.PI * (random() < astray ? random() * count : i)) / count;
        const radius = 5 + 90 * random();
        return [1e5 + radius * Math.cos(angle), 30 * radius * Math.sin(angle)] as const;
      });
      const closed = [...ring, ring[0]];
      const expected = slowly(closed);
      seen[Number(expected)]++;
      expect(crossesItself([closed]), `ring ${n}`).toBe(expected);
    }
    expect(Math.min(...seen)).toBeGreaterThan(50);
  });

  test('holes that touch their outline or share its edge do not cross it; those that leave it do', () => {
    const outline = box(0, 0, 10, 10) as unknown as Ring;
    const hole = (...ring: number[][]) => crossesItself([outline, ring as unknown as Ring]);
    expect(hole([0, 5], [5, 7], [5, 3], [0, 5])).toBe(false);
    expect(hole([0, 2], [0, 5], [5, 3], [0, 2])).toBe(false);
    expect(hole(...box(8, 8, 12, 9))).toBe(true);
  });

  test('a comb of many long edges is quick', () => {
    const teeth = 20_000;
    const ring = Array.from({ length: teeth }, (_, i) => [i % 2 ? 1000 : 0.5, i] as const);
    const comb = [...ring, [0, teeth] as const, [0, -1] as const, ring[0]];
    const start = performance.now();
    expect(crossesItself([comb])).toBe(false);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('the area of a project', () => {
  const read = async (json: object, crs = UTM) => {
    const openSource = async (name: string) => memorySource(name, new TextEncoder().encode(JSON.stringify(json)));
    return readArea('a.geojson', { openSource, crs: await parseCrs(crs) });
  };

  test('all polygons of the layer', async () => {
    const feature = (geometry: Geometry | null) => ({ type: 'Feature', properties: null, geometry });
    const area = await read({
      type: 'FeatureCollection',
      crs: { type: 'name', properties: { name: 'EPSG:32650' } },
      features: [
        feature(polygon(box(0, 0, 1, 1))),
        feature(null),
        feature({ type: 'MultiPolygon', coordinates: [[box(2, 2, 4, 4)], [box(5, 5, 6, 6)]] }),
      ],
    });
    expect(area.polygons.map(areaOf)).toEqual([1, 4, 1]);
  });

  test('none', async () => {
    await expect(read({ type: 'FeatureCollection', features: [] })).rejects.toThrow(
      'a.geojson: there is no polygon in it',
    );
  });
});
