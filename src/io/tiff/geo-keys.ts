/** Coordinate reference systems as GeoTIFF keys: EPSG codes by number, anything else kept as the raw keys it came with. */
import { EcofluxError } from '../../core/errors.ts';
import type { Crs, GeoKeys } from '../../core/grid.ts';

export const KEY = {
  modelType: 1024,
  rasterType: 1025,
  citation: 1026,
  geographicType: 2048,
  geographicCitation: 2049,
  datum: 2050,
  primeMeridian: 2051,
  angularUnits: 2054,
  angularUnitSize: 2055,
  ellipsoid: 2056,
  semiMajorAxis: 2057,
  semiMinorAxis: 2058,
  inverseFlattening: 2059,
  primeMeridianLongitude: 2061,
  toWgs84: 2062,
  projectedType: 3072,
  projectedCitation: 3073,
  projection: 3074,
  method: 3075,
  linearUnits: 3076,
  linearUnitSize: 3077,
} as const;

export const PROJECTED = 1;
export const GEOGRAPHIC = 2;
export const PIXEL_IS_AREA = 1;
const PIXEL_IS_POINT = 2;
export const USER_DEFINED = 32767;
export const DEGREE = 9102;

/** Metres of the linear units of EPSG that maps use. */
export const METRES: Readonly<Record<number, number>> = {
  9001: 1,
  9002: 0.3048,
  9003: 1200 / 3937,
  9036: 1000,
  9093: 1609.344,
};

export const NO_CRS: Crs = { name: 'no coordinate reference system', kind: 'unknown' };

export function crsFromGeoKeys(keys: GeoKeys): Crs {
  const values = keyValues(keys);
  const number = (key: number) => values.get(key) as number | undefined;
  const text = (key: number) => values.get(key) as string | undefined;
  const kind =
    number(KEY.modelType) === PROJECTED ? 'projected' : number(KEY.modelType) === GEOGRAPHIC ? 'geographic' : 'unknown';
  const code =
    kind === 'projected' ? number(KEY.projectedType) : kind === 'geographic' ? number(KEY.geographicType) : undefined;
  const epsg = code !== undefined && code > 0 && code < USER_DEFINED ? code : undefined;
  const citations = [KEY.citation, kind === 'projected' ? KEY.projectedCitation : KEY.geographicCitation].map(text);
  const citation = citations
    .find((words) => words)
    ?.split('|')[0]
    .trim();
  const name = citation || (epsg ? `EPSG:${epsg}` : kind === 'unknown' ? NO_CRS.name : `user-defined ${kind} system`);
  const metresPerUnit =
    kind === 'projected' ? linearUnit(number(KEY.linearUnits), number(KEY.linearUnitSize)) : undefined;
  return {
    ...(epsg !== undefined && { epsg }),
    name,
    kind,
    ...(metresPerUnit !== undefined && { metresPerUnit }),
    ...(epsg === undefined && { geoKeys: keys }),
  };
}

/** True where a tiepoint names the centre of a cell, not its corner. */
export function pixelIsPoint(keys: GeoKeys): boolean {
  return keyValues(keys).get(KEY.rasterType) === PIXEL_IS_POINT;
}

/**
 * Keys to write for a system: from its code, else the raw ones (made to say that cells are areas); undefined when nothing is known.
 * Throws Unsupported for a system that is known by a text only, one whose projection has no keys.
 */
export function geoKeysOf(crs: Crs): GeoKeys | undefined {
  if (crs.epsg === undefined) {
    if (crs.geoKeys) return withPixelIsArea(crs.geoKeys);
    if (crs.definition === undefined) return undefined;
    throw new EcofluxError('Unsupported', 'this coordinate reference system cannot be written into a GeoTIFF', {
      found: crs.name,
      fix: 'give its EPSG code, or use another projection for the grid',
    });
  }
  const ascii = `${crs.name}|`;
  const geographic = crs.kind === 'geographic';
  const entries = [
    [KEY.modelType, 0, 1, geographic ? GEOGRAPHIC : PROJECTED],
    [KEY.rasterType, 0, 1, PIXEL_IS_AREA],
    [KEY.citation, 34737, ascii.length, 0],
  ];
  if (geographic) {
    entries.push([KEY.geographicType, 0, 1, crs.epsg], [KEY.angularUnits, 0, 1, DEGREE]);
  } else {
    entries.push([KEY.projectedType, 0, 1, crs.epsg]);
    const unit = Object.keys(METRES).find((key) => METRES[Number(key)] === crs.metresPerUnit);
    if (unit) entries.push([KEY.linearUnits, 0, 1, Number(unit)]);
  }
  return { directory: [1, 1, 0, entries.length, ...entries.flat()], doubles: [], ascii };
}

/** The unit of an EPSG code without a unit key is taken as metres: so it is for all but the foot zones of the United States. */
export function linearUnit(unit: number | undefined, size: number | undefined): number | undefined {
  return unit === USER_DEFINED ? size : unit === undefined ? 1 : METRES[unit];
}

export function keyValues({ directory, doubles, ascii }: GeoKeys): Map<number, number | string> {
  const values = new Map<number, number | string>();
  for (let at = 4; at + 3 < directory.length; at += 4) {
    const [key, place, count, value] = directory.slice(at, at + 4);
    if (place === 0) values.set(key, value);
    else if (place === 34736) values.set(key, doubles[value]);
    else if (place === 34737) values.set(key, ascii.slice(value, value + count).replace(/[|\0]+$/, ''));
  }
  return values;
}

function withPixelIsArea(keys: GeoKeys): GeoKeys {
  const directory = [...keys.directory];
  for (let at = 4; at + 3 < directory.length; at += 4)
    if (directory[at] === KEY.rasterType) directory[at + 3] = PIXEL_IS_AREA;
  return { ...keys, directory };
}
