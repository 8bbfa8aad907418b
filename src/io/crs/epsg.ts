/** Codes of the EPSG as proj4 definitions, from a table of a megabyte that is loaded when a code is asked for first. */
import { CORRECTIONS, INEXPRESSIBLE } from './epsg-corrections.ts';
import { shiftParameters } from './epsg-datums.ts';
import { formatProj, type ProjParameters, parseProj } from './proj-string.ts';

/** proj4 definition of a code, coordinates in the units of the system, x east and y north; undefined for a code that is not known. */
export async function epsgDefinition(code: number): Promise<string | undefined> {
  if (code === WEB_MERCATOR) return '+proj=merc +a=6378137 +b=6378137 +lon_0=0 +x_0=0 +y_0=0 +nadgrids=@null +no_defs';
  if (INEXPRESSIBLE.has(code)) return undefined;
  const parameters = CORRECTIONS[code] ? parseProj(CORRECTIONS[code]) : await inTable(code);
  if (!parameters) return undefined;
  // The table knows few shifts between datums, some of them with other signs; proj4 has those of most geographic systems, by their codes.
  const shift = shiftParameters(code);
  if (shift) {
    parameters.delete('towgs84');
    parameters.set(...shift);
  }
  return formatProj(parameters);
}

async function inTable(code: number): Promise<Map<string, string> | undefined> {
  const { toProj4 } = await import('geotiff-geokeys-to-proj4');
  // The table does not mind which of the two keys a code comes in.
  const found = toProj4({ ProjectedCSTypeGeoKey: code } as Parameters<typeof toProj4>[0]);
  if (Object.keys(found.errors).length > 0) return undefined;
  return tidied(parseProj(found.proj4), found.coordinatesConversionParameters.x);
}

const WEB_MERCATOR = 3857;

/** What the table says, in terms that hold for the coordinates of a raster: easting, then northing, in the units of the system. */
export function tidied(parameters: ProjParameters, unit = 1): Map<string, string> {
  const out = new Map(parameters);
  // Order of the axes in the register; a raster has its east to the right whatever that says. West and south are directions, not an order.
  const axis = out.get('axis');
  out.delete('axis');
  if (axis === 'ws' || axis === 'sw') out.set('axis', 'wsu');
  // A polar projection by its latitude of true scale: the pole is the one on that side.
  const trueScale = Number(out.get('lat_ts'));
  if (out.get('proj') === 'stere' && !out.has('lat_0') && trueScale) out.set('lat_0', trueScale < 0 ? '-90' : '90');
  if (unit !== 1) out.set(out.get('proj') === 'longlat' ? DEGREES_PER_UNIT : 'to_meter', String(unit));
  return out;
}

/** A parameter of ours: degrees of the angular unit of a geographic system, which proj4 always takes for 1. */
export const DEGREES_PER_UNIT = 'degrees_per_unit';
