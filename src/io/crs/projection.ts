/** The proj4 definition of a system, from whatever it is known by: a code, GeoTIFF keys, or the text that it was given as. */
import { EcofluxError } from '../../core/errors.ts';
import type { Crs } from '../../core/grid.ts';
import { epsgDefinition } from './epsg.ts';
import { geoKeyDefinition } from './geo-key-definition.ts';

/**
 * A proj4 definition; coordinates are easting and northing in the units of the system. `+degrees_per_unit` is an addition of ours.
 * Throws InvalidInput where the system is missing or nothing that proj4 knows.
 */
export async function projectionOf(crs: Crs): Promise<string> {
  if (crs.definition !== undefined) return crs.definition;
  if (crs.epsg !== undefined) {
    const definition = await epsgDefinition(crs.epsg);
    if (definition !== undefined) return definition;
    throw unknownCrs(`EPSG:${crs.epsg}`, 'a code of the EPSG that proj4 can express');
  }
  if (crs.geoKeys && crs.kind !== 'unknown') {
    const definition = await geoKeyDefinition(crs.geoKeys);
    if (definition !== undefined) return definition;
    throw unknownCrs(crs.name, 'GeoTIFF keys of a projection that proj4 knows');
  }
  throw new EcofluxError('InvalidInput', 'the coordinate reference system is missing', {
    found: crs.name,
    fix: 'assign the right one: gdal_edit.py -a_srs EPSG:…',
  });
}

export function unknownCrs(found: string, expected: string): EcofluxError {
  return new EcofluxError('InvalidInput', 'unknown coordinate reference system', {
    found,
    expected,
    fix: "give an EPSG code such as 'EPSG:32650', or the system's WKT or proj string",
  });
}
