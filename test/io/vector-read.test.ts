import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { memorySource } from '../../src/io/byte-source.ts';
import { equalCrs, parseCrs, transformBetween } from '../../src/io/crs/index.ts';
import { withoutEmpty } from '../../src/io/vector/geometry.ts';
import type { Polygon } from '../../src/io/vector/layer.ts';
import { polygonsOf } from '../../src/io/vector/polygons-of.ts';
import { readVector } from '../../src/io/vector/read.ts';
import { areaOf } from '../../src/io/vector/rings.ts';
import { describeWithInvest } from '../support/invest.ts';
import { describeWithGdal, temporaryFolder } from './gdal.ts';
import {
  type FileToMake,
  type GdalLayer,
  type LayerToMake,
  makeWithGdal,
  readFile,
  readWithGdal,
} from './vector-oracle.ts';

const HOLED = 'POLYGON ((0 0,10.1 0,10.1 10,0 10,0 0),(2 2,2 4,4 4,4 2,2 2),(6 6,6 8,8 8,6 6))';
const MULTI = `MULTIPOLYGON (((20 0,30 0,30 10,20 10,20 0),(22 2,22 8,28 8,28 2,22 2)),((24 4,26 4,26 6,24 4)),((40 40,41 40,41 41,40 40)))`;
const ZONES: LayerToMake = {
  name: 'zones',
  crs: 'EPSG:32650',
  fields: [
    ['ws_id', 'integer'],
    ['big', 'integer64'],
    ['Area', 'real'],
    ['name', 'text'],
    ['day', 'date'],
  ],
  features: [
    [HOLED, 1, 12, 1.5, '合肥市 Überlingen', '2020/02/29'],
    [MULTI, -2, null, -1e-3, null, null],
    ['POLYGON EMPTY', 3, 7, null, 'leer', null],
    [null, null, 0, 2, 'O\'Neil, "x"', null],
    [
      'POLYGON ((500000.123456789 3540000.25,500010 3540000,500005 3540010,500000.123456789 3540000.25))',
      5,
      9,
      0.1,
      'é',
      null,
    ],
  ],
};
const MIXED: LayerToMake = {
  name: 'mixed',
  crs: 'EPSG:4326',
  fields: [['flag', 'boolean']],
  features: [
    ['POINT Z (117 32 8.5)', true],
    ['LINESTRING (117 32,118 33)', false],
    ['MULTIPOINT ((1 2),(3 4))', null],
    ['MULTILINESTRING ((1 2,3 4),(5 6,7 8))', true],
    ['POLYGON Z ((0 0 1,1 0 2,1 1 3,0 0 1))', true],
    ['GEOMETRYCOLLECTION (POLYGON ((0 0,1 0,1 1,0 0)),POINT (5 5))', false],
    ['POINT EMPTY', null],
  ],
};
const solid = (name: string, geometry: string, wkt: string): LayerToMake => ({
  ...MIXED,
  name,
  geometry,
  features: [
    [wkt, true],
    [null, false],
  ],
});

const shp = (file: string, layer: LayerToMake, options: string[] = ['ENCODING=UTF-8']): FileToMake => ({
  file,
  driver: 'ESRI Shapefile',
  layers: [{ ...layer, options }],
});
const FILES: readonly FileToMake[] = [
  { file: 'zones.gpkg', driver: 'GPKG', layers: [ZONES] },
  { file: 'zones.geojson', driver: 'GeoJSON', layers: [{ ...ZONES, options: ['COORDINATE_PRECISION=15'] }] },
  {
    file: 'zones.geojsonl',
    driver: 'GeoJSONSeq',
    layers: [{ ...ZONES, crs: 'EPSG:4326', features: ZONES.features.slice(0, 4) }],
  },
  {
    file: 'zones.geojsons',
    driver: 'GeoJSONSeq',
    layers: [{ ...ZONES, crs: 'EPSG:4326', features: ZONES.features.slice(0, 4), options: ['RS=YES'] }],
  },
  { file: 'zones.fgb', driver: 'FlatGeobuf', layers: [{ ...ZONES, options: ['SPATIAL_INDEX=NO'] }] },
  {
    file: 'indexed.fgb',
    driver: 'FlatGeobuf',
    layers: [{ ...ZONES, features: ZONES.features.filter(([wkt]) => wkt) }],
  },
  shp('zones.shp', { ...ZONES, geometry: 'wkbPolygon' }),
  shp('zones.shz', { ...ZONES, geometry: 'wkbPolygon' }),
  { file: 'mixed.gpkg', driver: 'GPKG', layers: [MIXED] },
  { file: 'mixed.geojson', driver: 'GeoJSON', layers: [MIXED] },
  { file: 'mixed.fgb', driver: 'FlatGeobuf', layers: [{ ...MIXED, options: ['SPATIAL_INDEX=NO'] }] },
  shp('points.shp', solid('points', 'wkbPoint25D', 'POINT Z (1 2 3)')),
  shp('lines.shp', solid('lines', 'wkbLineString', 'MULTILINESTRING ((1 2,3 4),(5 6,7 8))')),
  shp('multipoints.shp', solid('multipoints', 'wkbMultiPoint', 'MULTIPOINT ((1 2),(3 4))')),
  shp(
    'deep.shp',
    solid('deep', 'wkbPolygon25D', 'POLYGON Z ((0 0 1,0 1 2,1 1 3,0 0 1),(0.1 0.2 1,0.3 0.5 2,0.1 0.5 2,0.1 0.2 1))'),
  ),
  shp('measured.shp', solid('measured', 'wkbPolygonM', 'POLYGON M ((0 0 1,0 1 2,1 1 3,0 0 1))')),
  {
    file: 'envelopes.gpkg',
    driver: 'GPKG',
    layers: [
      {
        ...MIXED,
        geometry: 'wkbUnknown',
        features: [
          ['POLYGON ZM ((0 0 1 5,1 0 2 5,1 1 3 5,0 0 1 5))', true],
          ['POINT M (1 2 3)', false],
        ],
      },
    ],
  },
];
const named = (file: string) => FILES.find((each) => each.file === file)!;

/** Dates as GDAL's text of them has slashes, and as files have hyphens. */
const plain = (value: unknown) =>
  typeof value === 'string' ? value.replaceAll('/', '-').replace(/(\d) (\d\d:)/, '$1T$2') : value;

describeWithGdal('files that GDAL wrote', () => {
  const folder = temporaryFolder();
  const oracles = new Map<string, GdalLayer>();
  beforeAll(() => {
    makeWithGdal(folder, FILES);
    readWithGdal(folder, FILES).forEach((oracle, i) => void oracles.set(FILES[i].file, oracle));
  });

  test.each(FILES.map(({ file }) => file))('%s: geometries, attributes and CRS as GDAL reads them', async (file) => {
    const oracle = oracles.get(file)!;
    const { layer } = await readFile(join(folder, file));
    // GDAL's FlatGeobuf driver leaves out features without a geometry.
    const made = named(file).layers[0].features.filter(
      ([wkt]) => !file.endsWith('.fgb') || !/EMPTY|null/.test(`${wkt}`),
    );
    expect(layer.features.length).toBe(made.length);
    expect(layer.features.map(({ geometry }) => geometry)).toEqual(
      oracle.features.map(({ geometry }) => (geometry ? withoutEmpty(geometry) : undefined)),
    );
    expect(layer.fields.map(({ name }) => name)).toEqual(oracle.fields.map(([name]) => name));
    const values = layer.features.map(({ properties }) => layer.fields.map(({ name }) => properties[name]));
    const isFlag = (k: number) => layer.fields[k].type === 'boolean';
    expect(values).toEqual(
      oracle.features.map((feature) =>
        feature.values.map((value, k) => (isFlag(k) && typeof value === 'string' ? value === 'T' : plain(value))),
      ),
    );
    const kinds: Record<string, string> = { Integer: 'integer', Integer64: 'integer', Real: 'real' };
    expect(layer.fields.map(({ type }) => type)).toEqual(
      oracle.fields.map(([, type, boolean], k) => (boolean || isFlag(k) ? 'boolean' : (kinds[type] ?? 'text'))),
    );
    expect(`${layer.crs.epsg ?? oracle.epsg}`).toBe(oracle.epsg);
    expect(layer.crs.kind).toBe(oracle.epsg === '4326' ? 'geographic' : 'projected');
  });
});

/** A copy of a shapefile under another name, some of its files left out or changed. */
function shapefile(
  folder: string,
  name: string,
  change: Readonly<Record<string, ((bytes: Buffer) => Uint8Array) | null>>,
): string {
  for (const end of ['shp', 'shx', 'dbf', 'prj', 'cpg']) {
    const edit = change[end];
    if (edit === null) continue;
    const bytes = readFileSync(join(folder, `zones.${end}`));
    writeFileSync(join(folder, `${name}.${end}`), edit ? edit(bytes) : bytes);
  }
  return join(folder, `${name}.shp`);
}

/** An archive of files of the folder; `names`: under which names. Python writes what a zip program would. */
function zip(
  folder: string,
  archive: string,
  names: Readonly<Record<string, string>>,
  method = 'ZIP_DEFLATED',
): string {
  const script = `import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.${method}) as out:
    for name, file in json.loads(sys.argv[2]).items(): out.write(file, name)`;
  const files = Object.fromEntries(Object.entries(names).map(([name, file]) => [name, join(folder, file)]));
  execFileSync('/usr/bin/python3', ['-c', script, join(folder, archive), JSON.stringify(files)]);
  return join(folder, archive);
}

const all = (stem: string, as = stem) =>
  Object.fromEntries(['shp', 'shx', 'dbf', 'prj', 'cpg'].map((end) => [`${as}.${end}`, `${stem}.${end}`]));

const written = (value: number, at: number) => (bytes: Buffer) => {
  bytes.writeInt32LE(value, at);
  return bytes;
};

describeWithGdal('shapefiles', () => {
  const folder = temporaryFolder();
  const texts = (encoding: string, ...names: (string | null)[]): FileToMake =>
    shp(
      `${encoding}.shp`,
      {
        ...ZONES,
        geometry: 'wkbPolygon',
        fields: [['名称'.slice(0, encoding === 'ISO-8859-1' ? 0 : 2) || 'name', 'text']],
        features: names.map((name) => [HOLED, name]),
      },
      [`ENCODING=${encoding}`],
    );
  beforeAll(() =>
    makeWithGdal(folder, [
      named('zones.shp'),
      named('lines.shp'),
      texts('GB18030', '合肥市', '巢湖', null),
      texts('CP936', '合肥市', '巢湖', null),
      texts('UTF-8', '合肥市', '巢湖', null),
      texts('ISO-8859-1', 'Überlingen', 'façade', null),
      shp('custom.shp', {
        ...ZONES,
        geometry: 'wkbPolygon',
        crs: '+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84',
      }),
      shp('numbers.shp', {
        ...ZONES,
        geometry: 'wkbPolygon',
        fields: [
          ['id', 'integer64'],
          ['n', 'integer64'],
        ],
        features: [
          [HOLED, '340102199003071234', 4],
          [HOLED, '7', 9007199254740991],
        ],
      }),
    ]),
  );

  test.each(['GB18030', 'CP936', 'UTF-8', 'ISO-8859-1'])('text in %s', async (encoding) => {
    const [oracle] = readWithGdal(folder, [{ file: `${encoding}.shp` }]);
    const { layer, warnings } = await readFile(join(folder, `${encoding}.shp`));
    const [{ name }] = layer.fields;
    expect(layer.features.map(({ properties }) => properties[name])).toEqual(
      encoding === 'ISO-8859-1' ? ['Überlingen', 'façade', null] : ['合肥市', '巢湖', null],
    );
    expect([[name], layer.features.map(({ properties }) => properties[name])]).toEqual([
      oracle.fields.map(([each]) => each),
      oracle.features.map(({ values }) => values[0]),
    ]);
    expect(warnings).toEqual([]);
  });

  test('GBK that only the language driver states, and GBK that nothing states', async () => {
    const driver = (value: number) => (bytes: Buffer) => {
      const dbf = Buffer.from(readFileSync(join(folder, 'GB18030.dbf')));
      expect(bytes.length).toBeGreaterThan(0);
      dbf[29] = value;
      return dbf;
    };
    const others = Object.fromEntries(
      ['shp', 'shx', 'prj'].map((end) => [end, () => readFileSync(join(folder, `GB18030.${end}`))]),
    );
    const { layer } = await readFile(shapefile(folder, 'driver', { ...others, dbf: driver(0x4d), cpg: null }));
    expect(layer.features.map(({ properties }) => properties.名称)).toEqual(['合肥市', '巢湖', null]);
    const silent = shapefile(folder, 'silent', { ...others, dbf: driver(0), cpg: null });
    await expect(readFile(silent)).rejects.toThrow(/nothing says in which encoding.*\.cpg.*GBK/s);
    const odd = shapefile(folder, 'odd', { cpg: () => Buffer.from('klingon') });
    await expect(readFile(odd)).rejects.toThrow(/\.cpg file names an encoding that is not known.*klingon/s);
  });

  test('integers too large for numbers are read as text, and it is said', async () => {
    const { layer, warnings } = await readFile(join(folder, 'numbers.shp'));
    expect(layer.features.map(({ properties }) => properties)).toEqual([
      { id: '340102199003071234', n: 4 },
      { id: '7', n: 9007199254740991 },
    ]);
    expect(layer.fields.map(({ type }) => type)).toEqual(['text', 'integer']);
    expect(warnings.join()).toMatch(/'id' are too large for numbers/);
  });

  test('a CRS without a code is that of the .prj', async () => {
    const { layer } = await readFile(join(folder, 'custom.shp'));
    expect(layer.crs.epsg).toBeUndefined();
    expect(layer.crs.kind).toBe('projected');
    const { forward } = await transformBetween({ epsg: 4326, name: 'WGS 84', kind: 'geographic' }, layer.crs);
    const [x, y] = forward(117, 32)!;
    // gdaltransform -s_srs EPSG:4326 -t_srs "+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84"
    expect(x).toBeCloseTo(1114107.954, 2);
    expect(y).toBeCloseTo(3463848.715, 2);
  });

  test('names in capitals', async () => {
    for (const end of ['shp', 'shx', 'dbf', 'prj'])
      copyFileSync(join(folder, `zones.${end}`), join(folder, `LOUD.${end.toUpperCase()}`));
    expect((await readFile(join(folder, 'LOUD.SHP'))).layer.features).toHaveLength(5);
  });

  test('deleted records are left out', async () => {
    const dbf = (bytes: Buffer) => {
      bytes[bytes.readUInt16LE(8) + bytes.readUInt16LE(10)] = 0x2a;
      return bytes;
    };
    const { layer } = await readFile(shapefile(folder, 'deleted', { dbf }));
    expect(layer.features.map(({ fid }) => fid)).toEqual([1, 3, 4, 5]);
  });

  test.each([
    ['without .dbf', { dbf: null }, /zones-bad.*the \.dbf file, which holds the attributes, is missing.*all files/s],
    ['without .shx', { shx: null }, /the \.shx file, which holds the index, is missing/],
    [
      'without .prj',
      { prj: null },
      /the CRS of the layer is unknown: there is no \.prj file beside it.*ogr2ogr -a_srs EPSG:<code>/s,
    ],
    ['empty .prj', { prj: () => Buffer.from(' \n') }, /its \.prj file is empty/],
    [
      'a .prj of nonsense',
      { prj: () => Buffer.from('LOCAL_CS["here"]') },
      /zones-bad.*unknown coordinate reference system/s,
    ],
    ['truncated .shp', { shp: (b: Buffer) => b.subarray(0, 300) }, /ends before its data does.*300 bytes of/s],
    ['truncated .shx', { shx: (b: Buffer) => b.subarray(0, 108) }, /\.shx file is cut short/],
    ['truncated .dbf', { dbf: (b: Buffer) => b.subarray(0, b.length - 50) }, /\.dbf file is cut short/],
    [
      'a .dbf with an integer of two bytes',
      {
        dbf: (b: Buffer) => {
          b[32 + 11] = 'I'.charCodeAt(0);
          b[32 + 16] = 2;
          return b;
        },
      },
      /\.dbf file is cut short or damaged.*of 2 bytes/s,
    ],
    [
      'the .dbf of another',
      { dbf: () => readFileSync(join(folder, 'lines.dbf')) },
      /do not belong together.*5 shapes and 2 rows/s,
    ],
    [
      'a damaged record',
      { shp: written(2 ** 30, 100 + 8 + 40) },
      /feature 1.*the record is damaged.*a count of 1073741824/s,
    ],
    [
      'parts out of order',
      { shp: written(2 ** 20, 100 + 8 + 44) },
      /feature 1.*the record is damaged.*parts out of order/s,
    ],
    ['a multipatch', { shp: written(31, 100 + 8) }, /feature 1.*shapes of type multipatch are not read/s],
  ] as const)('%s', async (_, change, words) => {
    await expect(readFile(shapefile(folder, `zones-bad-${_.replace(/\W/g, '')}`, change))).rejects.toThrow(words);
  });

  test('a part of it named instead', async () => {
    await expect(readFile(join(folder, 'zones.dbf'))).rejects.toThrow(/a part of a shapefile.*name the \.shp file/is);
    await expect(readFile(join(folder, 'zones.shx'))).rejects.toThrow(/a part of a shapefile/);
  });

  test.each(['ZIP_DEFLATED', 'ZIP_STORED'])('zipped: %s', async (method) => {
    const plain = (await readFile(join(folder, 'zones.shp'))).layer;
    const path = zip(
      folder,
      `${method}.zip`,
      { ...all('zones', 'data/区域'), '__MACOSX/._x.shp': 'zones.prj' },
      method,
    );
    const { layer } = await readFile(path);
    expect({ ...layer, file: '', name: '' }).toEqual({ ...plain, file: '', name: '' });
    expect([layer.name, layer.file]).toEqual(['区域', `${path}/data/区域.shp`]);
  });

  test('several in an archive', async () => {
    const path = zip(folder, 'two.zip', { ...all('zones'), ...all('lines') });
    await expect(readFile(path)).rejects.toThrow(/holds several layers.*zones, lines.*Name the one/s);
    expect((await readFile(path, { layer: 'lines' })).layer.features[0].geometry?.type).toBe('MultiLineString');
    await expect(readFile(path, { layer: 'roads' })).rejects.toThrow(/no layer 'roads'.*zones, lines/s);
  });

  test('archives that cannot be read', async () => {
    const path = zip(folder, 'good.zip', all('zones'));
    const bytes = readFileSync(path);
    const damaged = (name: string, edit: (bytes: Buffer) => Uint8Array) => {
      const file = join(folder, name);
      writeFileSync(file, edit(Buffer.from(bytes)));
      return readFile(file);
    };
    await expect(damaged('short.zip', (b) => b.subarray(0, b.length - 400))).rejects.toThrow(
      /zip archive is damaged.*cut short/s,
    );
    await expect(damaged('flipped.zip', (b) => b.fill(0x55, 60, 90))).rejects.toThrow(
      /zip archive is damaged.*zones\.shp/s,
    );
    await expect(readFile(zip(folder, 'nothing.zip', { 'readme.txt': 'zones.prj' }))).rejects.toThrow(
      /no vector file in the zip.*readme\.txt/s,
    );
    await expect(readFile(zip(folder, 'parts.zip', { 'a.shp': 'zones.shp', 'a.shx': 'zones.shx' }))).rejects.toThrow(
      /the \.dbf file/,
    );
  });
});

describeWithGdal('GeoPackages and FlatGeobuf', () => {
  const folder = temporaryFolder();
  const LAEA = '+proj=laea +lat_0=30 +lon_0=110 +x_0=1000 +y_0=2000 +ellps=GRS80 +units=m';
  beforeAll(() =>
    makeWithGdal(folder, [
      { file: 'two.gpkg', driver: 'GPKG', layers: [ZONES, { ...MIXED, name: '另一个 "layer"' }] },
      { file: 'zones.gpkg', driver: 'GPKG', layers: [ZONES] },
      { file: 'custom.gpkg', driver: 'GPKG', layers: [{ ...ZONES, crs: LAEA }] },
      { file: 'nowhere.gpkg', driver: 'GPKG', layers: [{ ...ZONES, crs: undefined }] },
      {
        file: 'curved.gpkg',
        driver: 'GPKG',
        layers: [{ ...MIXED, features: [['CURVEPOLYGON (CIRCULARSTRING (0 0,1 1,2 0,1 -1,0 0))', true]] }],
      },
      { file: 'plain.sqlite', driver: 'SQLite', layers: [MIXED] },
      { file: 'zones.fgb', driver: 'FlatGeobuf', layers: [ZONES] },
      { file: 'custom.fgb', driver: 'FlatGeobuf', layers: [{ ...ZONES, crs: LAEA }] },
      { file: 'nowhere.fgb', driver: 'FlatGeobuf', layers: [{ ...ZONES, crs: undefined }] },
      {
        file: 'big.fgb',
        driver: 'FlatGeobuf',
        layers: [
          {
            ...MIXED,
            fields: [['id', 'integer64']],
            features: [
              ['POINT (1 2)', '340102199003071234'],
              ['POINT (1 2)', '5'],
            ],
          },
        ],
      },
      {
        file: 'big.gpkg',
        driver: 'GPKG',
        layers: [
          {
            ...MIXED,
            fields: [['id', 'integer64']],
            features: [
              ['POINT (1 2)', '340102199003071234'],
              ['POINT (1 2)', '5'],
            ],
          },
        ],
      },
      {
        file: 'big.geojson',
        driver: 'GeoJSON',
        layers: [
          {
            ...MIXED,
            fields: [['id', 'integer64']],
            features: [
              ['POINT (1 2)', '340102199003071234'],
              ['POINT (1 2)', '5'],
            ],
          },
        ],
      },
    ]),
  );
  const at = (file: string) => join(folder, file);
  const changed = (file: string, as: string, edit: (bytes: Buffer) => Uint8Array) => {
    writeFileSync(at(as), edit(readFileSync(at(file))));
    return at(as);
  };

  test('several layers', async () => {
    await expect(readFile(at('two.gpkg'))).rejects.toThrow(/several layers.*zones, 另一个 "layer"/s);
    const { layer } = await readFile(at('two.gpkg'), { layer: '另一个 "layer"' });
    expect([layer.name, layer.crs.epsg, layer.features.length]).toEqual(['另一个 "layer"', 4326, 7]);
    await expect(readFile(at('two.gpkg'), { layer: 'Zones' })).rejects.toThrow(/no layer 'Zones'/);
  });

  test('features are numbered as the file numbers them', async () => {
    const { layer } = await readFile(at('zones.gpkg'));
    expect(layer.features.map(({ fid }) => fid)).toEqual(
      readWithGdal(folder, [{ file: 'zones.gpkg' }])[0].features.map(({ fid }) => fid),
    );
  });

  test.each(['custom.gpkg', 'custom.fgb'])('%s: a CRS of its own', async (file) => {
    const { layer } = await readFile(at(file));
    expect(layer.crs.epsg).toBeUndefined();
    expect(await equalCrs(layer.crs, await parseCrs(LAEA))).toBe(true);
  });

  test.each(['big.gpkg', 'big.fgb', 'big.geojson'])('%s: 64-bit integers keep their digits', async (file) => {
    const { layer, warnings } = await readFile(at(file));
    expect(layer.features.map(({ properties }) => properties.id)).toEqual(['340102199003071234', '5']);
    expect(layer.fields).toEqual([{ name: 'id', type: 'text' }]);
    expect(warnings.join()).toMatch(/column 'id' are too large/);
  });

  test('one that another program has open', async () => {
    const open = (bytes: Buffer) => {
      bytes[18] = bytes[19] = 2; // write-ahead log, as QGIS leaves it
      return bytes;
    };
    expect((await readFile(changed('zones.gpkg', 'open.gpkg', open))).layer.features).toHaveLength(5);
    writeFileSync(at('open.gpkg-wal'), 'changes');
    await expect(readFile(at('open.gpkg'))).rejects.toThrow(/not yet written to it.*close the program/is);
  });

  test.each([
    ['nowhere.gpkg', /the CRS of the layer is unknown: the GeoPackage has no definition/],
    ['nowhere.fgb', /the CRS of the layer is unknown: its header names none/],
    ['curved.gpkg', /curved\.gpkg, feature 1: geometries of type CurvePolygon are not read.*CONVERT_TO_LINEAR/s],
    ['plain.sqlite', /an SQLite database, but no GeoPackage/],
  ])('%s', async (file, words) => {
    await expect(readFile(at(file))).rejects.toThrow(words);
  });

  test.each([
    ['gpkg cut short', 'zones.gpkg', (b: Buffer) => b.subarray(0, b.length - 4096), /ends before its data does/],
    ['gpkg of which little is left', 'zones.gpkg', (b: Buffer) => b.subarray(0, 60), /ends before its data does/],
    ['gpkg overwritten', 'zones.gpkg', (b: Buffer) => b.fill(0x5a, 100, 9000), /the GeoPackage is damaged/],
    ['gpkg with a broken geometry', 'zones.gpkg', (b: Buffer) => broken(b), /feature 1: the geometry is damaged/],
    ['fgb cut short', 'zones.fgb', (b: Buffer) => b.subarray(0, b.length - 30), /cut short or damaged/],
    ['fgb cut in its header', 'zones.fgb', (b: Buffer) => b.subarray(0, 40), /cut short or damaged/],
    ['fgb without its last feature', 'zones.fgb', withoutLast, /cut short or damaged.*2 features of 3/s],
  ])('%s', async (name, from, edit, words) => {
    await expect(readFile(changed(from, name, edit))).rejects.toThrow(words);
  });
});

/** The number of rings of the first polygon made enormous. */
function broken(bytes: Buffer): Buffer {
  const at = bytes.indexOf(Buffer.from([0x47, 0x50, 0, 3]));
  // There are several pages with geometries; each begins with this header, an envelope of 32 bytes and the beginning of a polygon.
  for (let i = at; i >= 0; i = bytes.indexOf(Buffer.from([0x47, 0x50, 0, 3]), i + 1))
    bytes.writeUInt32LE(2 ** 31, i + 8 + 32 + 5);
  return bytes;
}

/** Features follow one another, each after its length. */
function withoutLast(bytes: Buffer): Buffer {
  const view = Buffer.from(bytes);
  for (let at = view.length - 8; at > 0; at--)
    if (at + 4 + view.readUInt32LE(at) === view.length && view.readUInt32LE(at) > 100) return view.subarray(0, at);
  throw new Error('no last feature');
}

describe('GeoJSON', () => {
  const read = async (content: string | Uint8Array, file = 'a.geojson') => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const warnings: string[] = [];
    const layer = await readVector(file, {
      openSource: async (name) => memorySource(name, bytes),
      warn: (text) => warnings.push(text),
    });
    return { layer, warnings };
  };
  const feature = (properties: unknown, more: object = {}) => ({
    type: 'Feature',
    properties,
    geometry: null,
    ...more,
  });
  const collection = (...features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', features });

  test('a byte order mark, spaces before, a bare geometry', async () => {
    const { layer } = await read(`\ufeff\n ${JSON.stringify({ type: 'Point', coordinates: [1, 2] })}`);
    expect(layer.features).toEqual([{ fid: 1, geometry: { type: 'Point', coordinates: [1, 2] }, properties: {} }]);
    expect([layer.name, layer.crs.epsg, layer.fields]).toEqual(['a', 4326, []]);
  });

  test('columns take the type that all their values have', async () => {
    const { layer } = await read(
      collection(
        feature({ n: 1, x: 1, t: 'a', b: true, m: 1, o: { a: [1] }, ID: 1, id: 2 }),
        feature({ n: 2, x: 0.5, t: null, b: false, m: 'x', o: null, __proto__: 1 }),
        feature(null),
      ),
    );
    expect(Object.fromEntries(layer.fields.map(({ name, type }) => [name, type]))).toEqual({
      n: 'integer',
      x: 'real',
      t: 'text',
      b: 'boolean',
      m: 'text',
      o: 'text',
      ID: 'integer',
      id: 'integer',
    });
    expect(layer.features[0].properties).toEqual({ n: 1, x: 1, t: 'a', b: true, m: '1', o: '{"a":[1]}', ID: 1, id: 2 });
    expect(layer.features[2].properties).toEqual({
      n: null,
      x: null,
      t: null,
      b: null,
      m: null,
      o: null,
      ID: null,
      id: null,
    });
  });

  test('large integers keep their digits, those within text are left alone', async () => {
    const { layer } = await read(
      '{"type":"Feature","geometry":null,"properties":{"id":110101199003078888,"t":"n: 110101199003078888 \\" 110101199003078888","x":0.1234567890123456}}',
    );
    expect(layer.features[0].properties).toEqual({
      id: '110101199003078888',
      t: 'n: 110101199003078888 " 110101199003078888',
      x: 0.1234567890123456,
    });
  });

  test('numbers of features', async () => {
    expect(
      (await read(collection(feature({}, { id: 7 }), feature({}, { id: 3 })))).layer.features.map(({ fid }) => fid),
    ).toEqual([7, 3]);
    expect(
      (await read(collection(feature({}, { id: 7 }), feature({}, { id: 'x' })))).layer.features.map(({ fid }) => fid),
    ).toEqual([1, 2]);
  });

  test.each([
    ['urn:ogc:def:crs:EPSG::32650', 32650],
    ['EPSG:3857', 3857],
    ['urn:ogc:def:crs:OGC:1.3:CRS84', 4326],
  ])('crs %s', async (name, epsg) => {
    const { layer } = await read(
      JSON.stringify({ type: 'Point', coordinates: [500000, 3e6], crs: { type: 'name', properties: { name } } }),
    );
    expect(layer.crs.epsg).toBe(epsg);
  });

  const point = { type: 'Point', coordinates: [1, 2] };
  test.each<[string, string | Uint8Array, RegExp]>([
    ['no JSON', '{"type": "Feature"', /a\.geojson: this is not GeoJSON.*ogr2ogr/s],
    ['another JSON', '{"a": 1}', /this is not GeoJSON.*an object with a type/s],
    ['a list', '[1]', /this is not GeoJSON/],
    ['TopoJSON', '{"type": "Topology"}', /this is TopoJSON/],
    ['not UTF-8', new Uint8Array([0x7b, 0x22, 0xba, 0xcf, 0x22, 0x7d]), /the text is not UTF-8/],
    [
      'an unknown CRS',
      JSON.stringify({ ...point, crs: { properties: { name: 'EPSG:999999' } } }),
      /a\.geojson: unknown coordinate reference system.*999999/s,
    ],
    [
      'a linked CRS',
      JSON.stringify({ ...point, crs: { type: 'link', properties: { href: 'http://x' } } }),
      /the CRS is a link/,
    ],
    [
      'metres without crs',
      collection(feature({}, { geometry: { type: 'Point', coordinates: [500000, 3500000] } })),
      /feature 1: without a crs member coordinates are degrees.*500000, 3500000/s,
    ],
    [
      'no number',
      collection(
        feature({}, { geometry: point }),
        feature(
          {},
          {
            geometry: {
              type: 'Polygon',
              coordinates: [
                [
                  [0, 0],
                  [1, null],
                  [1, 1],
                  [0, 0],
                ],
              ],
            },
          },
        ),
      ),
      /feature 2: the Polygon has no proper coordinates \(found \[\[\[0,0\],\[1,null/,
    ],
    [
      'a ring too few',
      collection(
        feature(
          {},
          {
            geometry: {
              type: 'Polygon',
              coordinates: [
                [0, 0],
                [1, 1],
              ],
            },
          },
        ),
      ),
      /the Polygon has no proper coordinates/,
    ],
    [
      'no geometry',
      collection(feature({}, { geometry: { type: 'Circle' } })),
      /feature 1: this is no geometry of GeoJSON \(found Circle/,
    ],
    ['no feature', collection({ type: 'Point' }), /feature 1: this is not a feature/],
    ['no features', '{"type":"FeatureCollection"}', /expected a list of features/],
    ['an empty file', '', /the file is empty/],
    ['a damaged line', `${JSON.stringify(feature({ a: 1 }))}\n{"type":`, /line 2: this line is not a feature/],
  ])('%s', async (_, content, words) => {
    await expect(read(content)).rejects.toThrow(words);
  });

  test.each([
    ['a.kml', '<?xml version="1.0"?><kml/>', /a\.kml: this is KML, GML.*ogr2ogr out\.gpkg a\.kml/s],
    ['a.tif', 'II*\0', /this is a raster.*Give a file with polygons/],
    ['a.csv', 'a,b\n1,2', /this is a table/],
    ['a.xyz', 'hello', /this is no vector file.*expected GeoJSON, GeoPackage/s],
  ])('%s is not read', async (file, content, words) => {
    await expect(read(content, file)).rejects.toThrow(words);
  });
});

test('a file that does not fit into memory', async () => {
  const source = { name: 'a.gpkg', size: 2 ** 30, fetch: () => Promise.reject(new Error('read all the same')) };
  await expect(readVector('a.gpkg', { openSource: async () => source })).rejects.toThrow(
    /too large.*1024 MiB.*at most 512 MiB/s,
  );
});

describeWithGdal('polygons of files', () => {
  const folder = temporaryFolder();

  test('areas, and vertices in another CRS, as GDAL has them', async () => {
    makeWithGdal(folder, [named('zones.gpkg')]);
    execFileSync('ogr2ogr', ['-t_srs', 'EPSG:32651', join(folder, 'there.gpkg'), join(folder, 'zones.gpkg')]);
    const [here, there] = readWithGdal(folder, [{ file: 'zones.gpkg' }, { file: 'there.gpkg' }]);
    const { layer } = await readFile(join(folder, 'zones.gpkg'));
    const total = (polygons: readonly Polygon[]) => polygons.reduce((sum, polygon) => sum + areaOf(polygon), 0);
    const own = await polygonsOf(layer, layer.crs);
    expect(own.map(({ polygons }) => total(polygons))).toEqual(
      here.features.map(({ area }) => expect.closeTo(area ?? 0, 9)),
    );
    const other = await polygonsOf(layer, await parseCrs('EPSG:32651'), { tolerance: Number.POSITIVE_INFINITY });
    const last = other.at(-1)!.polygons[0][0];
    const expected = (there.features.at(-1)!.geometry as { coordinates: number[][][] }).coordinates[0];
    last.forEach(([x, y], i) => {
      expect(Math.hypot(x - expected[i][0], y - expected[i][1]), `vertex ${i}`).toBeLessThan(1e-4);
    });
    expect(last).toHaveLength(4);
  });
});

describeWithInvest('watersheds of the reference cases', (folders) => {
  test.each(folders.map((folder) => join(folder, 'inputs/watersheds')))(
    '%s: the same in both formats',
    async (stem) => {
      const [{ layer: a }, { layer: b }] = await Promise.all(['.gpkg', '.geojson'].map((end) => readFile(stem + end)));
      expect(a.features.length).toBeGreaterThan(1);
      expect(a.features.map(({ geometry }) => geometry)).toEqual(b.features.map(({ geometry }) => geometry));
      expect(a.features.map(({ properties }) => properties)).toEqual(b.features.map(({ properties }) => properties));
      expect([a.crs.epsg, b.crs.epsg]).toEqual([32650, 32650]);
      expect(a.fields).toEqual([{ name: 'ws_id', type: 'integer' }]);
    },
  );
});
