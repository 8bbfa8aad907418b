/** User-defined systems: GeoTIFF keys read as a proj4 definition. */
import type { GeoKeys } from '../../core/grid.ts';
import { DEGREE, KEY, keyValues, linearUnit, PROJECTED, USER_DEFINED } from '../tiff/geo-keys.ts';
import { DEGREES_PER_UNIT, epsgDefinition, tidied } from './epsg.ts';
import { doublesOf } from './geo-key-list.ts';
import { METHODS } from './geo-key-methods.ts';
import { formatProj, parseProj } from './proj-string.ts';

/** undefined where the keys describe nothing that proj4 knows. */
export async function geoKeyDefinition(keys: GeoKeys): Promise<string | undefined> {
  const values = keyValues(keys);
  const number = (...ids: readonly number[]) => {
    const found = ids.map((id) => values.get(id)).find((value) => typeof value === 'number');
    return found as number | undefined;
  };
  const coded = (id: number) => {
    const code = number(id);
    return code !== undefined && code > 0 && code < USER_DEFINED ? code : undefined;
  };
  const projected = coded(KEY.projectedType);
  if (projected !== undefined) return epsgDefinition(projected);

  const { toProj4 } = await import('geotiff-geokeys-to-proj4');
  type Known = Parameters<typeof toProj4>[0];
  const isProjected = number(KEY.modelType) === PROJECTED;
  const conversion = isProjected ? coded(KEY.projection) : undefined;
  const geographic: Record<string, number | number[] | undefined> = {
    GeographicTypeGeoKey: number(KEY.geographicType),
    GeogGeodeticDatumGeoKey: coded(KEY.datum),
    GeogPrimeMeridianGeoKey: coded(KEY.primeMeridian),
    GeogEllipsoidGeoKey: coded(KEY.ellipsoid),
    GeogSemiMajorAxisGeoKey: number(KEY.semiMajorAxis),
    GeogSemiMinorAxisGeoKey: number(KEY.semiMinorAxis),
    GeogInvFlatteningGeoKey: number(KEY.inverseFlattening),
  };
  for (const name of Object.keys(geographic)) if (geographic[name] === undefined) delete geographic[name];
  const base = toProj4(geographic as unknown as Known);
  if (Object.keys(base.errors).length > 0) return undefined;
  const parameters = new Map(tidied(parseProj(base.proj4)));
  if (parameters.get('b') === 'NaN') parameters.delete('b');
  const degrees = degreesOf(number(KEY.angularUnits), number(KEY.angularUnitSize));
  if (degrees === undefined) return undefined;
  const meridian = number(KEY.primeMeridianLongitude);
  if (meridian !== undefined) parameters.set('pm', String(meridian * degrees));
  const shift = doublesOf(keys, KEY.toWgs84);
  if (shift.length > 0) parameters.set('towgs84', shift.join(','));
  if (!isProjected) {
    if (degrees !== 1) parameters.set(DEGREES_PER_UNIT, String(degrees));
    return formatProj(parameters);
  }

  const metres = linearUnit(number(KEY.linearUnits), number(KEY.linearUnitSize));
  if (metres === undefined) return undefined;
  parameters.delete('proj');
  if (conversion !== undefined) {
    const { proj4, errors } = toProj4({ ProjectionGeoKey: conversion } as Known);
    if (Object.keys(errors).length > 0) return undefined;
    const method = [...tidied(parseProj(proj4))].filter(([name]) => !FIGURE.has(name));
    const all = new Map([...method, ...parameters]);
    if (metres !== 1) all.set('to_meter', String(metres));
    return formatProj(all);
  }
  const method = METHODS.find(({ code }) => code === number(KEY.method));
  if (!method) return undefined;
  const out = new Map<string, string>([['proj', method.proj]]);
  for (const [name, ids] of Object.entries(method.keys)) {
    const value = number(...ids);
    if (value === undefined) continue;
    const angle = /^(lat|lon)_/.test(name);
    const length = /^[xy]_0$/.test(name);
    out.set(name, String(angle ? value * degrees : length ? value * metres : value));
  }
  if (method.code === POLAR) {
    const latitude = Number(out.get('lat_ts') ?? 90);
    out.set('lat_0', latitude < 0 ? '-90' : '90');
    if (Math.abs(latitude) === 90) out.delete('lat_ts');
    else out.delete('k_0');
  }
  if (method.proj === 'lcc' && !out.has('lat_1')) out.set('lat_1', out.get('lat_0') ?? '0');
  if (metres !== 1) out.set('to_meter', String(metres));
  return formatProj(new Map([...out, ...parameters]));
}

export const POLAR = 15;
/** Parameters of the figure of the earth, which come from the geographic keys. */
const FIGURE = new Set(['ellps', 'a', 'b', 'pm', 'towgs84', 'datum', 'no_defs', 'to_meter', 'units']);
/** Radians, degrees (also those of a system whose maps write minutes and seconds), minutes, seconds, grads. */
const DEGREES: Readonly<Record<number, number>> = {
  9101: 180 / Math.PI,
  9102: 1,
  9103: 1 / 60,
  9104: 1 / 3600,
  9105: 0.9,
  9106: 0.9,
  9107: 1,
  9108: 1,
  9110: 1,
  9122: 1,
};

/** Undefined for a unit that is not known. */
function degreesOf(unit: number | undefined, size: number | undefined): number | undefined {
  if (unit === USER_DEFINED && size !== undefined) return (size * 180) / Math.PI;
  return DEGREES[unit ?? DEGREE];
}
