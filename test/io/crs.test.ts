/** Coordinate reference systems: what is understood, what is equal, where places lie, and what GDAL reads of the keys that are written. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Crs } from '../../src/core/grid.ts';
import { equalCrs, equalGrids, parseCrs, projectionOf, transformBetween } from '../../src/io/crs/index.ts';
import { memoryTarget } from '../../src/io/output.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import { geoKeysOf } from '../../src/io/tiff/geo-keys.ts';
import { describeWithGdal, temporaryFolder } from './gdal.ts';
import { gridOf, inline, openBytes } from './rasters.ts';

const UTM_WKT =
  'PROJCS["WGS_1984_UTM_Zone_50N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",117.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]';

describe('parseCrs', () => {
  it.each([
    ['EPSG:32650', 32650, 'projected', 1],
    ['32650', 32650, 'projected', 1],
    ['epsg:2263', 2263, 'projected', 1200 / 3937],
    ['urn:ogc:def:crs:EPSG::4326', 4326, 'geographic', undefined],
    ['urn:ogc:def:crs:EPSG:9.8.1:3857', 3857, 'projected', 1],
    ['http://www.opengis.net/def/crs/EPSG/0/4490', 4490, 'geographic', undefined],
    ['urn:ogc:def:crs:OGC:1.3:CRS84', 4326, 'geographic', undefined],
    ['OGC:CRS84', 4326, 'geographic', undefined],
    ['+init=epsg:5070', 5070, 'projected', 1],
    [`${UTM_WKT.slice(0, -1)},AUTHORITY["EPSG","32650"]]`, 32650, 'projected', 1],
    [
      'GEOGCRS["WGS 84",DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563]],CS[ellipsoidal,2],AXIS["latitude",north],AXIS["longitude",east],ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",4326]]',
      4326,
      'geographic',
      undefined,
    ],
  ] as const)('%s', async (text, epsg, kind, metresPerUnit) => {
    const crs = await parseCrs(text);
    expect(crs).toMatchObject({ epsg, kind });
    expect(crs.metresPerUnit).toBe(metresPerUnit);
  });

  it('texts without a code keep their definition, and have keys where GeoTIFF can hold them', async () => {
    for (const text of [UTM_WKT, '+proj=utm +zone=50 +datum=WGS84 +units=m']) {
      const crs = await parseCrs(text);
      expect(crs).toMatchObject({ kind: 'projected', metresPerUnit: 1, definition: text });
      expect(crs.epsg).toBeUndefined();
      expect(crs.geoKeys).toBeDefined();
    }
    const moll = await parseCrs('+proj=moll +lon_0=0 +datum=WGS84');
    expect(moll.geoKeys).toBeUndefined();
    expect(() => geoKeysOf(moll)).toThrow(/cannot be written into a GeoTIFF \(found \+proj=moll/);
  });

  it.each([
    ['', /the coordinate reference system is missing/],
    ['EPSG:99999', /unknown coordinate reference system \(found EPSG:99999/],
    [
      'WGS 84',
      /unknown coordinate reference system \(found WGS 84, expected an EPSG code, an OGC URN, WKT or a proj string/,
    ],
    ['+proj=nonsense +lat_0=3', /this coordinate reference system cannot be used \(found \+proj=nonsense/],
    ['PROJCS["open",GEOGCS["x"', /brackets that do not match/],
    ['LOCAL_CS["site",UNIT["metre",1]]', /unknown coordinate reference system \(found LOCAL_CS/],
  ])('%s is refused', async (text, message) => {
    await expect(parseCrs(text)).rejects.toThrow(message);
    await expect(parseCrs(text)).rejects.toMatchObject({ code: 'InvalidInput' });
  });

  it('a system that is not known has no projection', async () => {
    await expect(projectionOf({ name: 'no coordinate reference system', kind: 'unknown' })).rejects.toThrow(
      /is missing .*gdal_edit/,
    );
  });
});

describe('equalCrs', () => {
  it.each([
    ['EPSG:32650', UTM_WKT, true],
    ['EPSG:32650', '+proj=tmerc +lat_0=0 +lon_0=117 +k=0.9996 +x_0=500000 +y_0=0 +ellps=WGS84', true],
    ['EPSG:26918', 'EPSG:32618', true], // NAD 83 and WGS 84: a tenth of a millimetre in shape, no shift known
    ['EPSG:32650', 'EPSG:32651', false],
    ['EPSG:4326', '+proj=longlat +datum=WGS84', true],
    ['EPSG:4326', 'EPSG:4807', false],
    ['EPSG:3857', 'EPSG:3395', false],
    [
      'EPSG:2263',
      '+proj=lcc +lat_0=40.1666666666667 +lon_0=-74 +lat_1=41.0333333333333 +lat_2=40.6666666666667 +x_0=300000 +y_0=0 +datum=NAD83 +units=m',
      false,
    ],
    ['+proj=utm +zone=31 +ellps=intl', '+proj=utm +zone=31 +ellps=intl +towgs84=-87,-98,-121', false],
  ])('%s and %s', async (a, b, expected) => {
    expect(await equalCrs(await parseCrs(a), await parseCrs(b))).toBe(expected);
    expect(await equalCrs(await parseCrs(b), await parseCrs(a))).toBe(expected);
  });
});

describe('a system that proj4 cannot express', () => {
  // User-defined projected systems on WGS 84, of methods for Alaska and Madagascar.
  const keys = [1024, 0, 1, 1, 2048, 0, 1, 4326, 3072, 0, 1, 32767, 3074, 0, 1, 32767, 3076, 0, 1, 9001, 3075, 0, 1];
  const geoKeys = (method: number) => ({ directory: [1, 1, 0, 6, ...keys, method], doubles: [], ascii: '' });
  const crs = (method: number): Crs => ({
    name: 'drawn',
    kind: 'projected',
    metresPerUnit: 1,
    geoKeys: geoKeys(method),
  });

  it('is itself, and nothing is known of others', async () => {
    await expect(projectionOf(crs(2))).rejects.toThrow('unknown coordinate reference system');
    expect(await equalCrs(crs(2), { ...crs(2), name: 'called otherwise' })).toBe(true);
    await expect(equalCrs(crs(2), crs(5))).rejects.toThrow('unknown coordinate reference system');
  });

  it.each([
    ['lengths in fathoms', 3076, 9014],
    ['angles in turns', 2054, 9999],
  ])('%s are not taken for metres and degrees', async (_, key, unit) => {
    const mercator = (id: number, value: number) => {
      const units = keys.slice(0, 16).concat(2054, 0, 1, 9102, 3076, 0, 1, 9001, 3075, 0, 1, 7);
      units[units.findIndex((each, at) => at % 4 === 0 && each === id) + 3] = value;
      return { ...crs(7), geoKeys: { directory: [1, 1, 0, 7, ...units], doubles: [], ascii: '' } };
    };
    expect(await projectionOf(mercator(3076, 9001))).toContain('+proj=merc');
    await expect(projectionOf(mercator(key, unit))).rejects.toThrow('unknown coordinate reference system');
  });
});

describe('equalGrids', () => {
  const cells = { width: 20, height: 10, west: 500000, north: 4000000, cellWidth: 30, cellHeight: 30 };
  const grid = async (crs: string) => ({ ...cells, crs: await parseCrs(crs) });
  const bare = { ...cells, crs: { name: 'no CRS', kind: 'unknown' } as const };
  const TMERC = '+proj=tmerc +lat_0=0 +lon_0=117 +k=0.9996 +x_0=500000 +y_0=0 +ellps=WGS84';

  it('by what the systems mean, to a thousandth of a cell', async () => {
    const utm = await grid('EPSG:32650');
    expect(await equalGrids(utm, await grid(TMERC))).toBe(true);
    expect(await equalGrids(utm, { ...(await grid(TMERC)), west: 500000.02 })).toBe(true);
    expect(await equalGrids(utm, { ...(await grid(TMERC)), west: 500000.04 })).toBe(false);
    expect(await equalGrids(utm, await grid('EPSG:32651'))).toBe(false);
  });

  it('without systems there is only the place', async () => {
    expect(await equalGrids(bare, { ...bare, crs: { ...bare.crs, name: 'local' } })).toBe(true);
    expect(await equalGrids(bare, await grid('EPSG:32650'))).toBe(false);
    expect(await equalGrids(await grid('EPSG:32650'), bare)).toBe(false);
  });
});

/** Longitude and latitude (or other coordinates) of the first system in the second, as PROJ gives them. */
function gdaltransform(from: string, to: string, x: number, y: number): [number, number] {
  const run = spawnSync('gdaltransform', ['-s_srs', from, '-t_srs', to, '-output_xy'], {
    input: `${x} ${y}\n`,
    encoding: 'utf8',
  });
  const [a, b] = run.stdout.trim().split(/\s+/).map(Number);
  return [a, b];
}

describeWithGdal('against PROJ', () => {
  const folder = temporaryFolder();
  it.each([
    ['EPSG:4326', 'EPSG:32650', 118.3, 36.2, 1e-6],
    ['EPSG:4326', ALBERS(), 101, 33, 1e-6],
    ['EPSG:4269', 'EPSG:2263', -73.9, 40.7, 1e-5],
    ['EPSG:4326', 'EPSG:3031', 40, -75, 1e-6],
    ['EPSG:4326', 'EPSG:3413', -30, 78, 1e-6],
    ['EPSG:4326', 'EPSG:3857', 12, -33, 1e-6],
    ['EPSG:4258', 'EPSG:3035', 15, 48, 1e-6],
    ['EPSG:4807', 'EPSG:27572', 1.5, 52, 1e-4],
    ['EPSG:4171', 'EPSG:2154', 2, 47, 1e-5],
    ['EPSG:4326', 'EPSG:6933', 70, 20, 1e-6],
    ['EPSG:4490', 'EPSG:4547', 114.6, 30.3, 1e-6],
    ['EPSG:4148', 'EPSG:2046', 15.4, -29, 1e-5],
    // Corrected, and shifted between datums.
    ['EPSG:4269', 'EPSG:26819', -94, 47.5, 1e-5],
    ['EPSG:4326', 'EPSG:3408', 20, 60, 1e-5],
    ['EPSG:4326', 'EPSG:27700', -1.5, 52, 0.01],
    ['EPSG:4326', 'EPSG:28992', 5.2, 52.1, 0.01],
    ['EPSG:4326', 'EPSG:21781', 7.5, 47, 0.01],
    ['EPSG:4326', 'EPSG:26715', -89, 40, 0.01],
    ['EPSG:4326', 'EPSG:2326', 114.1, 22.3, 0.01],
  ] as const)('%s to %s', async (from, to, x, y, tolerance) => {
    const transform = await transformBetween(await parseCrs(from), await parseCrs(to));
    const expected = gdaltransform(from, to, x, y);
    const image = transform.forward(x, y)!;
    expect(Math.hypot(image[0] - expected[0], image[1] - expected[1])).toBeLessThan(tolerance);
    const back = transform.inverse(...image)!;
    expect(Math.hypot(back[0] - x, back[1] - y)).toBeLessThan(1e-7);
  });

  function ALBERS() {
    return '+proj=aea +lat_1=25 +lat_2=47 +lat_0=30 +lon_0=105 +x_0=0 +y_0=0 +datum=WGS84';
  }

  it.each([
    '+proj=utm +zone=50 +datum=WGS84 +units=m +no_defs',
    '+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +units=m +no_defs',
    '+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 +units=m +no_defs',
    '+proj=lcc +lat_1=46.8 +lat_0=46.8 +lon_0=2.5 +k_0=0.99987742 +x_0=600000 +y_0=2200000 +ellps=clrk80ign +units=m +no_defs',
    '+proj=lcc +lat_0=40.1666666666667 +lon_0=-74 +lat_1=41.0333333333333 +lat_2=40.6666666666667 +x_0=300000 +y_0=0 +datum=NAD83 +units=us-ft +no_defs',
    '+proj=aea +lat_0=30 +lon_0=105 +lat_1=25 +lat_2=47 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
    '+proj=laea +lat_0=45 +lon_0=100 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m +no_defs',
    '+proj=merc +lon_0=100 +k=0.997 +x_0=3900000 +y_0=900000 +ellps=bessel +units=m +no_defs',
    '+proj=merc +lat_ts=20 +lon_0=100 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
    '+proj=stere +lat_0=-90 +lat_ts=-71 +lon_0=10 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
    '+proj=stere +lat_0=90 +lon_0=-45 +k=0.994 +x_0=2000000 +y_0=2000000 +datum=WGS84 +units=m +no_defs',
    '+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 +y_0=463000 +ellps=bessel +units=m +no_defs',
    '+proj=cea +lat_ts=30 +lon_0=10 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
    '+proj=eqc +lat_ts=40 +lat_0=0 +lon_0=10 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
    '+proj=sinu +lon_0=20 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
    '+proj=longlat +ellps=krass +no_defs',
    '+proj=longlat +datum=WGS84 +no_defs',
    '+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=600000 +y_0=0 +a=6378140 +b=6356755.288157528 +units=m +no_defs',
  ])('%s, written into a file, is the same to GDAL and to us', async (definition) => {
    const crs = await parseCrs(definition);
    const target = memoryTarget('crs.tif');
    const geographic = crs.kind === 'geographic';
    const grid = gridOf(4, 4, geographic ? { crs, west: 10, north: 50, cellWidth: 0.1, cellHeight: 0.1 } : { crs });
    await writeRaster(target, { grid, sampleType: 'f32', nodata: -1, kind: 'quantity' }, new Float32Array(16), {
      pool: inline,
    });
    const path = join(folder, `crs-${definition.length}-${crs.kind}.tif`);
    writeFileSync(path, target.bytes());
    const { info } = await openBytes(target.bytes());
    expect(await equalCrs(info.grid.crs, crs)).toBe(true);
    const read = spawnSync('gdalsrsinfo', ['-o', 'wkt2', path], { encoding: 'utf8' }).stdout.trim();
    // Places of the earth, through GDAL's reading of the file and through PROJ's of the definition.
    const places = geographic
      ? [[10.2, 49.7]]
      : [
          [500000, 4000000],
          [700000, 3500000],
        ];
    for (const [x, y] of places) {
      const lonlat = `${definition.match(/\+(ellps|datum|a)=\S+( \+b=\S+)?/)![0]} +proj=longlat +no_defs`;
      const [a, b] = [gdaltransform(read, lonlat, x, y), gdaltransform(definition, lonlat, x, y)];
      expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeLessThan(1e-8);
    }
  });
});

it('user-defined keys without a text are read as they stand', async () => {
  const { definition: _, ...keysOnly } = await parseCrs(
    '+proj=aea +lat_0=30 +lon_0=105 +lat_1=25 +lat_2=47 +datum=WGS84',
  );
  const crs: Crs = keysOnly;
  expect(await projectionOf(crs)).toMatch(/\+proj=aea .*\+lat_1=25 .*\+lat_2=47/);
});
