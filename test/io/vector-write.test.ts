import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { equalCrs, parseCrs, projectionOf } from '../../src/io/crs/index.ts';
import { memoryTarget } from '../../src/io/output.ts';
import { wktOf } from '../../src/io/vector/crs-wkt.ts';
import { geoJsonText } from '../../src/io/vector/geojson-writer.ts';
import { geoPackageBytes } from '../../src/io/vector/geopackage-writer.ts';
import type { FieldValue, VectorFeature, VectorLayer } from '../../src/io/vector/layer.ts';
import { writeVector } from '../../src/io/vector/write.ts';
import { describeWithGdal, temporaryFolder } from './gdal.ts';
import { type GdalLayer, readFile, readWithGdal, validateWithGdal } from './vector-oracle.ts';

type G = VectorFeature['geometry'];
const FIELDS = [
  { name: 'ws_id', type: 'integer' },
  { name: '名称', type: 'text' },
  { name: 'Mean "x"', type: 'real' },
  { name: 'flag', type: 'boolean' },
  { name: 'fid', type: 'integer' },
  { name: 'WS_ID', type: 'integer' },
] as const;
const VALUES: readonly (readonly FieldValue[])[] = [
  [1, '合肥市 "a", \'b\'', 0.1, true, 5, 1],
  [2 ** 53 - 1, null, -1e-300, false, 4, 2],
  [null, '', null, null, 3, 3],
  [-7, 'é\n', 123456789.12345678, true, 2, 4],
];
const HOLED: G = {
  type: 'Polygon',
  coordinates: [
    [
      [500000, 3540000],
      [500000.1, 3541000],
      [501000, 3541000],
      [501000, 3540000.123456],
      [500000, 3540000],
    ],
    [
      [500100, 3540100],
      [500200, 3540100],
      [500200, 3540200],
      [500100, 3540100],
    ],
  ],
};
const MULTI: G = {
  type: 'MultiPolygon',
  coordinates: [HOLED.coordinates, [HOLED.coordinates[0].map(([x, y]) => [x + 5000, y])]],
};

async function layerOf(crs: string, geometries: readonly G[], more: Partial<VectorLayer> = {}): Promise<VectorLayer> {
  return {
    file: 'a.gpkg',
    name: '区域 "a"',
    crs: await parseCrs(crs),
    fields: FIELDS,
    features: geometries.map((geometry, i) => ({
      fid: 10 - i,
      geometry,
      properties: Object.fromEntries(FIELDS.map(({ name }, k) => [name, VALUES[i % VALUES.length][k]])),
    })),
    ...more,
  };
}

const COLLECTION: G = {
  type: 'GeometryCollection',
  geometries: [HOLED, { type: 'Point', coordinates: [500000, 3540000] }],
};
const SINGLES: readonly (readonly [string, readonly G[], string])[] = [
  ['polygons', [HOLED, undefined, HOLED], 'Polygon'],
  ['polygons and multipolygons', [HOLED, MULTI, undefined, HOLED], 'Multi Polygon'],
  ['points', [{ type: 'Point', coordinates: [1, 2] }], 'Point'],
  ['points with z', [{ type: 'Point', coordinates: [1, 2, 3] }, undefined], 'Point'],
  [
    'multipoints',
    [
      {
        type: 'MultiPoint',
        coordinates: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    'Multi Point',
  ],
  [
    'lines',
    [
      {
        type: 'LineString',
        coordinates: [
          [1, 2],
          [3, 4],
        ],
      },
      {
        type: 'MultiLineString',
        coordinates: [
          [
            [1, 2],
            [3, 4],
          ],
          [
            [5, 6],
            [7, 8],
          ],
        ],
      },
    ],
    'Multi Line String',
  ],
  ['all sorts', [HOLED, COLLECTION, { type: 'Point', coordinates: [1, 2] }], 'Unknown (any)'],
  ['nothing', [undefined], 'Unknown (any)'],
  ['no feature', [], 'Unknown (any)'],
];

/** Single geometries as they stand in a layer of multiple ones. */
const multiple = (geometry: G): G =>
  geometry && !geometry.type.startsWith('Multi') && geometry.type !== 'GeometryCollection'
    ? ({ type: `Multi${geometry.type}`, coordinates: [geometry.coordinates] } as G)
    : geometry;

describeWithGdal('GeoPackages that GDAL reads', () => {
  const folder = temporaryFolder();
  const write = async (file: string, layer: VectorLayer) => {
    writeFileSync(join(folder, file), await geoPackageBytes(layer));
    return layer;
  };

  const written = new Map<string, VectorLayer>();
  let described: readonly GdalLayer[] = [];
  beforeAll(async () => {
    for (const [name, geometries] of SINGLES)
      written.set(name, await write(`${name}.gpkg`, await layerOf('EPSG:32650', geometries)));
    described = readWithGdal(
      folder,
      SINGLES.map(([name]) => ({ file: `${name}.gpkg`, compare: 'EPSG:32650' })),
    );
  });

  test.each(SINGLES)('%s', async (name, _, kind) => {
    const layer = written.get(name)!;
    const oracle = described[SINGLES.findIndex(([each]) => each === name)];
    expect(oracle.kind.replace(/^3D /, '')).toBe(kind);
    const many = kind.startsWith('Multi');
    const sorted = [...layer.features].sort((a, b) => a.fid - b.fid);
    expect(oracle.features.map(({ geometry }) => geometry ?? undefined)).toEqual(
      sorted.map(({ geometry }) => (many ? multiple(geometry) : geometry)),
    );
    expect(oracle.features.map(({ fid }) => fid)).toEqual(sorted.map(({ fid }) => fid));
    expect(oracle.features.map(({ values }) => values)).toEqual(
      sorted.map(({ properties }) => FIELDS.map((field) => properties[field.name])),
    );
    expect(oracle.fields).toEqual([
      ['ws_id', 'Integer64', false],
      ['名称', 'String', false],
      ['Mean "x"', 'Real', false],
      ['flag', 'Integer', true],
      ['fid', 'Integer64', false],
      ['WS_ID_1', 'Integer64', false],
    ]);
    expect([oracle.name, oracle.epsg, oracle.same, oracle.key]).toEqual(['区域 "a"', '32650', true, 'fid_1']);
  });

  test('and that the standard allows', async () => {
    const files = [];
    for (const [name, geometries] of SINGLES) {
      files.push(`valid ${name}.gpkg`);
      const target = memoryTarget();
      await writeVector(target, await layerOf('+proj=moll +lon_0=100 +datum=WGS84', geometries), 'gpkg');
      writeFileSync(join(folder, files.at(-1)!), target.bytes());
    }
    expect(validateWithGdal(folder, files)).toEqual(files.map(() => 'valid'));
  });

  test('and that are read back', async () => {
    const layer = await write('back.gpkg', await layerOf('EPSG:32650', [HOLED, MULTI, undefined]));
    const { layer: back } = await readFile(join(folder, 'back.gpkg'));
    const sorted = [...layer.features].sort((a, b) => a.fid - b.fid);
    expect(back.features.map(({ geometry }) => geometry)).toEqual(sorted.map(({ geometry }) => multiple(geometry)));
    expect(back.features.map(({ fid }) => fid)).toEqual([8, 9, 10]);
    expect(back.features[2].properties).toEqual({ ...layer.features[0].properties, WS_ID: undefined, WS_ID_1: 1 });
  });

  test('the same layer gives the same bytes', async () => {
    const layer = await layerOf('EPSG:32650', [HOLED]);
    expect(await geoPackageBytes(layer)).toEqual(await geoPackageBytes(layer));
    expect(await geoPackageBytes(layer, { changed: new Date() })).not.toEqual(await geoPackageBytes(layer));
  });

  test('features whose numbers are no keys', async () => {
    const { features, ...layer } = await layerOf('EPSG:32650', [HOLED, HOLED]);
    await write('keys.gpkg', { ...layer, features: features.map((feature) => ({ ...feature, fid: 7 })) });
    expect(readWithGdal(folder, [{ file: 'keys.gpkg' }])[0].features.map(({ fid }) => fid)).toEqual([1, 2]);
  });

  const WKT = `PROJCS["mine",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Albers"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",105.0],PARAMETER["Standard_Parallel_1",25.0],PARAMETER["Standard_Parallel_2",47.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`;
  const SYSTEMS = [
    'EPSG:4326',
    'EPSG:4490',
    'EPSG:4547',
    'EPSG:3857',
    'EPSG:2154',
    'EPSG:3035',
    'EPSG:2263',
    'EPSG:3031',
    'EPSG:27700',
    '+proj=utm +zone=50 +datum=WGS84 +units=m',
    '+proj=utm +zone=50 +south +ellps=GRS80',
    '+proj=aea +lat_1=25 +lat_2=47 +lat_0=10 +lon_0=105 +x_0=1 +y_0=2 +datum=WGS84 +units=m',
    '+proj=lcc +lat_1=25 +lat_2=47 +lat_0=30 +lon_0=105 +ellps=krass +towgs84=15.8,-154.4,-82.3 +units=m',
    '+proj=lcc +lat_1=46.5 +lat_0=46.5 +lon_0=3 +k_0=0.9999 +ellps=GRS80 +units=m',
    '+proj=laea +lat_0=30 +lon_0=110 +x_0=1000 +y_0=2000 +ellps=GRS80 +units=m',
    '+proj=merc +lat_ts=30 +lon_0=110 +datum=WGS84',
    '+proj=merc +k=0.9 +lon_0=110 +datum=WGS84',
    '+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +datum=WGS84',
    '+proj=cea +lat_ts=30 +lon_0=110 +x_0=0 +y_0=0 +datum=WGS84',
    '+proj=sinu +lon_0=110 +a=6371007.181 +b=6371007.181',
    '+proj=tmerc +lat_0=31 +lon_0=117 +k=1 +x_0=39500000 +y_0=0 +ellps=GRS80 +to_meter=0.3048',
    '+proj=longlat +ellps=krass +towgs84=1,2,3,0.1,0.2,0.3,4',
    '+proj=moll +lon_0=100 +datum=WGS84',
    '+proj=robin +lon_0=0 +datum=WGS84',
    '+proj=eqc +lat_ts=30 +lon_0=110 +datum=WGS84',
    WKT,
  ];
  /** Of these the definition alone, as software without the table of codes reads it. */
  const BY_DEFINITION = SYSTEMS.slice(0, 9).filter((crs) => !['EPSG:27700', 'EPSG:4547'].includes(crs));
  const oracles = new Map<string, GdalLayer>();
  const layers = new Map<string, VectorLayer>();
  beforeAll(async () => {
    const point: G = { type: 'Point', coordinates: [1, 2] };
    const cases = [];
    for (const [i, crs] of SYSTEMS.entries()) {
      layers.set(`crs${i}.gpkg`, await write(`crs${i}.gpkg`, await layerOf(crs, [point])));
      cases.push({ file: `crs${i}.gpkg`, compare: crs });
    }
    for (const [i, crs] of BY_DEFINITION.entries()) {
      const layer = await layerOf(crs, [point]);
      const { epsg: _, ...system } = layer.crs;
      const definition = await wktOf({ ...system, definition: await projectionOf(layer.crs) });
      await write(`wkt${i}.gpkg`, { ...layer, crs: { ...system, definition } });
      cases.push({ file: `wkt${i}.gpkg`, compare: crs });
    }
    readWithGdal(folder, cases).forEach((oracle, i) => void oracles.set(cases[i].file, oracle));
  });

  test.each(SYSTEMS)('CRS %s', async (crs) => {
    const file = `crs${SYSTEMS.indexOf(crs)}.gpkg`;
    const { epsg, same, proj } = oracles.get(file)!;
    expect([epsg, same || proj]).toEqual([/^EPSG:(.*)/.exec(crs)?.[1] ?? null, true]);
    const { layer: back } = await readFile(join(folder, file));
    expect(await equalCrs(back.crs, layers.get(file)!.crs)).toBe(true);
  });

  test.each(BY_DEFINITION)('definition of %s', (crs) => {
    const { same, proj } = oracles.get(`wkt${BY_DEFINITION.indexOf(crs)}.gpkg`)!;
    expect(same || proj).toBe(true);
  });
});

describeWithGdal('GeoJSON that GDAL reads', () => {
  const folder = temporaryFolder();
  const write = async (file: string, layer: VectorLayer, options = {}) => {
    const target = memoryTarget(file);
    await writeVector(target, layer, 'geojson', options);
    writeFileSync(join(folder, file), target.bytes());
    return JSON.parse(new TextDecoder().decode(target.bytes()));
  };

  test('in degrees, by the rule of the right hand', async () => {
    const layer = await layerOf('EPSG:32650', [HOLED, MULTI, undefined, COLLECTION]);
    const json = await write('degrees.geojson', layer);
    expect(json.crs).toBeUndefined();
    const [oracle] = readWithGdal(folder, [{ file: 'degrees.geojson' }]);
    expect([oracle.epsg, oracle.name]).toEqual(['4326', '区域 "a"']);
    const expected = layer.features.map(({ properties }) => FIELDS.map(({ name }) => properties[name]));
    expect(oracle.features.map(({ values }) => values)).toEqual(expected);
    expect(oracle.features.map(({ fid }) => fid)).toEqual([10, 9, 8, 7]);
    const [outline, hole] = json.features[0].geometry.coordinates;
    // gdaltransform -s_srs EPSG:32650 -t_srs EPSG:4326
    expect(outline[0]).toEqual([117, 31.996069255]);
    const area = (ring: number[][]) =>
      ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);
    expect([Math.sign(area(outline)), Math.sign(area(hole))]).toEqual([1, -1]);
    expect(outline.at(-1)).toEqual(outline[0]);
    expect(json.features.map(({ geometry }: { geometry: G }) => geometry?.type)).toEqual([
      'Polygon',
      'MultiPolygon',
      undefined,
      'GeometryCollection',
    ]);
  });

  test('in the CRS of the layer', async () => {
    const layer = await layerOf('EPSG:32650', [HOLED, undefined]);
    await write('kept.geojson', layer, { keepCrs: true });
    const [oracle] = readWithGdal(folder, [{ file: 'kept.geojson' }]);
    expect([oracle.epsg, oracle.features.length]).toEqual(['32650', 2]);
    expect(oracle.features[0].area).toBeCloseTo(994888.45 + 0, -4);
    const { layer: back } = await readFile(join(folder, 'kept.geojson'));
    expect(back.crs.epsg).toBe(32650);
    const points = (geometry: G) =>
      [...(geometry as typeof HOLED).coordinates].map((ring) => ring.map(String).sort().join());
    expect(points(back.features[0].geometry)).toEqual(points(HOLED));
    expect(back.features.map(({ properties }) => properties)).toEqual(
      layer.features.map(({ properties }) => properties),
    );
    const own = await layerOf('+proj=moll +lon_0=100 +datum=WGS84', [HOLED]);
    await expect(geoJsonText(own, { keepCrs: true })).rejects.toThrow(/only by its EPSG code.*write a GeoPackage/is);
  });

  test('cut at the antimeridian', async () => {
    const ring = [
      [179, -17],
      [181, -17],
      [181, -16],
      [179, -16],
      [179, -17],
    ];
    const json = await write('cut.geojson', await layerOf('EPSG:4326', [{ type: 'Polygon', coordinates: [ring] }]));
    const polygons: number[][][][] = json.features[0].geometry.coordinates;
    const ranges = polygons.map(([outline]) => [
      Math.min(...outline.map(([x]) => x)),
      Math.max(...outline.map(([x]) => x)),
    ]);
    expect(ranges).toEqual([
      [179, 180],
      [-180, -179],
    ]);
  });

  test('places without longitude and latitude', async () => {
    const layer = await layerOf('EPSG:32650', [HOLED, { type: 'Point', coordinates: [1e30, 1e30] }]);
    await expect(geoJsonText(layer)).rejects.toThrow(/a\.gpkg, feature 2: 1e\+30, 1e\+30 has no longitude/);
  });
});
