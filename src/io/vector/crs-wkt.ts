/** A coordinate reference system as WKT 1 (OGC 01-009), which GeoPackages hold: as it came, or made from its proj4 parameters. */
import type { Crs } from '../../core/grid.ts';
import { projectionOf } from '../crs/index.ts';
import { isGeographic, projectionName, type System, shiftOf, systemOf } from '../crs/systems.ts';
import { looksLikeWkt } from '../crs/wkt.ts';

/** @throws EcofluxError InvalidInput where the system is missing or unknown */
export async function wktOf(crs: Crs): Promise<string> {
  const definition = await projectionOf(crs);
  if (looksLikeWkt(definition)) return definition;
  const system = await systemOf(definition);
  const authority = crs.epsg === undefined ? [] : [node('AUTHORITY', text('EPSG'), text(`${crs.epsg}`))];
  if (isGeographic(system)) return geographic(system, crs.name, authority);
  const metres = system.to_meter ?? 1;
  const unit = node('UNIT', text(metres === 1 ? 'metre' : `${metres} metres`), number(metres));
  const method = system.axis === 'enu' && !/nadgrids/.test(definition) ? methodOf(system) : undefined;
  const { x0 = 0, y0 = 0 } = system;
  const place = { false_easting: x0 / metres, false_northing: y0 / metres };
  const parameters = Object.entries({ ...method?.parameters, ...place }).map(([name, value]) =>
    node('PARAMETER', text(name), number(value)),
  );
  return node(
    'PROJCS',
    text(crs.name),
    geographic(system, 'unknown', []),
    node('PROJECTION', text(method?.name ?? 'custom_proj4')),
    ...(method ? parameters : []),
    unit,
    // What WKT 1 has no name for, GDAL reads from here.
    ...(method ? [] : [node('EXTENSION', text('PROJ4'), text(definition))]),
    ...authority,
  );
}

function node(keyword: string, ...values: readonly string[]): string {
  return `${keyword}[${values.join(',')}]`;
}

function text(value: string): string {
  return `"${value.replaceAll('"', "'")}"`;
}

/** Fifteen digits: those beyond are what the way to radians and back left. */
function number(value: number): string {
  return `${Number(value.toPrecision(15))}`;
}

function degrees(radians: number | undefined): number {
  return Number((((radians ?? 0) * 180) / Math.PI).toPrecision(14));
}

function geographic(system: System, name: string, authority: readonly string[]): string {
  const { a, b } = system;
  const [dx, dy, dz, rx, ry, rz, scale] = shiftOf(system);
  const turn = rx === undefined ? [] : [...[rx, ry, rz].map((angle) => degrees(angle) * 3600), (scale - 1) * 1e6];
  const shift = dx === undefined ? [] : [dx, dy, dz, ...turn];
  // Tables give its ellipsoid without its name.
  const known = shift.length === 0 && a === 6378137 && Math.abs(a / (a - b) - 298.257223563) < 1e-8;
  const spheroid = node(
    'SPHEROID',
    text(known ? 'WGS 84' : 'unknown'),
    number(a),
    number(a === b ? 0 : Number((a / (a - b)).toPrecision(12))),
  );
  return node(
    'GEOGCS',
    text(known && name === 'unknown' ? 'WGS 84' : name),
    node(
      'DATUM',
      text(known ? 'WGS_1984' : 'unknown'),
      spheroid,
      ...(shift.length > 0 ? [node('TOWGS84', ...shift.map((value) => number(Number(value.toFixed(9)))))] : []),
    ),
    node('PRIMEM', text(system.from_greenwich ? 'unknown' : 'Greenwich'), number(degrees(system.from_greenwich))),
    node('UNIT', text('degree'), '0.0174532925199433'),
    ...authority,
  );
}

/** Name and parameters of a projection in WKT 1, angles in degrees; undefined for one that has none there. */
function methodOf(system: System): { name: string; parameters: Record<string, number> } | undefined {
  const { k0 = 1 } = system;
  const [lat_0, lon_0, lat_1, lat_2, lat_ts] = (['lat0', 'long0', 'lat1', 'lat2', 'lat_ts'] as const).map((key) =>
    degrees(system[key]),
  );
  const origin = { latitude_of_origin: lat_0, central_meridian: lon_0 };
  const centre = { latitude_of_center: lat_0, longitude_of_center: lon_0 };
  const scaled = { ...origin, scale_factor: k0 };
  const parallels = { standard_parallel_1: lat_1, standard_parallel_2: lat_2 };
  switch (projectionName(system)) {
    case 'utm':
    case 'tmerc':
      return { name: 'Transverse_Mercator', parameters: scaled };
    case 'merc':
      // Where scale is true is in the factor by now.
      if (system.a === system.b) return undefined;
      return { name: 'Mercator_1SP', parameters: { central_meridian: lon_0, scale_factor: k0 } };
    case 'lcc':
      if (lat_1 === lat_2 && lat_1 === lat_0) return { name: 'Lambert_Conformal_Conic_1SP', parameters: scaled };
      return k0 === 1 ? { name: 'Lambert_Conformal_Conic_2SP', parameters: { ...parallels, ...origin } } : undefined;
    case 'aea':
      return { name: 'Albers_Conic_Equal_Area', parameters: { ...parallels, ...centre } };
    case 'laea':
      return { name: 'Lambert_Azimuthal_Equal_Area', parameters: centre };
    case 'stere':
      if (Math.abs(lat_0) < 90) return { name: 'Stereographic', parameters: scaled };
      return {
        name: 'Polar_Stereographic',
        parameters: { latitude_of_origin: lat_ts || lat_0, central_meridian: lon_0, scale_factor: lat_ts ? 1 : k0 },
      };
    case 'sterea':
      return { name: 'Oblique_Stereographic', parameters: scaled };
    case 'sinu':
      return { name: 'Sinusoidal', parameters: { longitude_of_center: lon_0 } };
    default:
      return undefined;
  }
}
