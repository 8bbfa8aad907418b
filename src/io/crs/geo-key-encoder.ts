/** User-defined systems written as GeoTIFF keys, so that GDAL and QGIS read the same system again. */
import type { GeoKeys } from '../../core/grid.ts';
import { DEGREE, GEOGRAPHIC, KEY, METRES, PIXEL_IS_AREA, PROJECTED, USER_DEFINED } from '../tiff/geo-keys.ts';
import { POLAR } from './geo-key-definition.ts';
import { type KeyEntry, layOutKeys } from './geo-key-list.ts';
import { METHODS } from './geo-key-methods.ts';
import { degreesPerUnit, isGeographic, projectionName, type System, shiftOf } from './systems.ts';

/** undefined for a projection that has no keys, or has them with parameters that they cannot hold. */
export function encodeGeoKeys(system: System, name: string): GeoKeys | undefined {
  if (system.axis !== 'enu') return undefined;
  const geographic = isGeographic(system);
  const entries: KeyEntry[] = [
    [KEY.modelType, { code: geographic ? GEOGRAPHIC : PROJECTED }],
    [KEY.rasterType, { code: PIXEL_IS_AREA }],
    [KEY.citation, plain(name)],
    ...figureOf(system),
  ];
  const degrees = degreesPerUnit(system);
  if (degrees === 1) entries.push([KEY.angularUnits, { code: DEGREE }]);
  else entries.push([KEY.angularUnits, { code: USER_DEFINED }], [KEY.angularUnitSize, [(degrees * Math.PI) / 180]]);
  if (geographic) return layOutKeys(entries);

  const found = parametersOf(system);
  const method = found && METHODS.find(({ code }) => code === found.code);
  if (!method || degrees !== 1) return undefined;
  const metres = system.to_meter ?? 1;
  entries.push([KEY.projectedType, { code: USER_DEFINED }], [KEY.projection, { code: USER_DEFINED }]);
  entries.push([KEY.method, { code: method.code }]);
  for (const [parameter, [key]] of Object.entries(method.keys)) {
    const value = found.parameters[parameter];
    if (value !== undefined) entries.push([key, [/^[xy]_0$/.test(parameter) ? value / metres : value]]);
  }
  const unit = Object.keys(METRES).find((code) => Math.abs(METRES[Number(code)] / metres - 1) < 1e-9);
  if (unit) entries.push([KEY.linearUnits, { code: Number(unit) }]);
  else entries.push([KEY.linearUnits, { code: USER_DEFINED }], [KEY.linearUnitSize, [metres]]);
  return layOutKeys(entries);
}

/** Ellipsoid, datum and prime meridian: by code where that says the same, else by their numbers. */
function figureOf(system: System): KeyEntry[] {
  const shift = shiftOf(system);
  const { from_greenwich: meridian = 0 } = system;
  const code = /^(wgs_?84|wgs_?1984|d_wgs_1984|epsg_4326|epsg_6326)$/i.test(String(system.datumCode))
    ? WGS84
    : /^(nad_?83|(d_)?north_american(_datum)?_1983|epsg_4269)$/i.test(String(system.datumCode))
      ? NAD83
      : undefined;
  if (code !== undefined && shift.length === 0 && meridian === 0) return [[KEY.geographicType, { code }]];
  const entries: KeyEntry[] = [
    [KEY.geographicType, { code: USER_DEFINED }],
    [KEY.geographicCitation, 'user-defined geographic system'],
    [KEY.datum, { code: USER_DEFINED }],
    [KEY.ellipsoid, { code: USER_DEFINED }],
    [KEY.semiMajorAxis, [system.a]],
  ];
  if (system.a === system.b) entries.push([KEY.semiMinorAxis, [system.b]]);
  else entries.push([KEY.inverseFlattening, [round(system.a / (system.a - system.b))]]);
  if (meridian !== 0)
    entries.push([KEY.primeMeridian, { code: USER_DEFINED }], [KEY.primeMeridianLongitude, [degreesOf(meridian)]]);
  if (shift.length > 0) {
    const [dx, dy, dz, rx = 0, ry = 0, rz = 0, scale = 1] = shift;
    const seconds = [rx, ry, rz].map((angle) => round(degreesOf(angle) * 3600));
    entries.push([KEY.toWgs84, [dx, dy, dz, ...seconds, Number(((scale - 1) * 1e6).toFixed(6))]]);
  }
  return entries;
}

const WGS84 = 4326;
const NAD83 = 4269;

/** Parameters of proj, degrees and metres, and the method that holds all of them. */
function parametersOf(system: System): { code: number; parameters: Record<string, number> } | undefined {
  const angle = (value: number | undefined) => degreesOf(value ?? 0);
  const { x0: x_0 = 0, y0: y_0 = 0, k0 = 1 } = system;
  const lat_0 = angle(system.lat0);
  const lon_0 = angle(system.long0);
  const lat_1 = angle(system.lat1);
  const lat_2 = angle(system.lat2);
  const lat_ts = angle(system.lat_ts);
  const origin = { lat_0, lon_0, x_0, y_0 };
  switch (projectionName(system)) {
    case 'utm':
    case 'tmerc':
      return { code: 1, parameters: { ...origin, k_0: k0 } };
    case 'merc':
      // On a sphere proj4 takes the web's Mercator and others alike; true scale is in k0 by now.
      return lat_ts !== 0
        ? { code: 7, parameters: { lon_0, lat_ts, x_0, y_0 } }
        : { code: 7, parameters: { ...origin, k_0: k0 } };
    case 'lcc':
      if (lat_1 === lat_2 && lat_1 === lat_0) return { code: 9, parameters: { ...origin, k_0: k0 } };
      return k0 === 1 ? { code: 8, parameters: { ...origin, lat_1, lat_2 } } : undefined;
    case 'aea':
      return { code: 11, parameters: { ...origin, lat_1, lat_2 } };
    case 'laea':
      return { code: 10, parameters: origin };
    case 'stere':
      if (Math.abs(lat_0) < 90) return { code: 14, parameters: { ...origin, k_0: k0 } };
      return { code: POLAR, parameters: { lon_0, x_0, y_0, lat_ts: lat_ts || lat_0, k_0: lat_ts ? 1 : k0 } };
    case 'sterea':
      return { code: 16, parameters: { ...origin, k_0: k0 } };
    case 'eqc':
      return { code: 17, parameters: { ...origin, lat_ts } };
    case 'sinu':
      return { code: 24, parameters: { lon_0, x_0, y_0 } };
    case 'cea':
      return { code: 28, parameters: { lon_0, lat_ts, x_0, y_0 } };
    default:
      return undefined;
  }
}

/** Degrees as they were written before they became radians. */
function degreesOf(radians: number): number {
  return round((radians * 180) / Math.PI);
}

function round(value: number): number {
  return Number(value.toPrecision(14));
}

/** Keys are ASCII, and a bar ends a text. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').replaceAll('|', '/') || 'user-defined system';
}
