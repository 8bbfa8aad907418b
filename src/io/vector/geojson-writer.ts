/** GeoJSON as RFC 7946 has it: WGS 84 degrees, outlines counterclockwise, cut at ±180°; or in the CRS of the layer, named as in 2008. */
import type { Geometry } from 'geojson';
import { EcofluxError, locate } from '../../core/errors.ts';
import type { Crs } from '../../core/grid.ts';
import { transformBetween } from '../crs/index.ts';
import type { OutputTarget } from '../output.ts';
import { mapPositions } from './geometry.ts';
import type { Polygon, VectorLayer } from './layer.ts';
import { type Projector, projectorBetween } from './reproject.ts';
import { closed, signedArea } from './rings.ts';
import { writeBytes } from './write-bytes.ts';

export interface GeoJsonOptions {
  /** Coordinates stay as they are, and a `crs` member names their system: for QGIS and GDAL, not for the web. */
  readonly keepCrs?: boolean;
}

export async function writeGeoJson(
  layer: VectorLayer,
  target: OutputTarget,
  options: GeoJsonOptions = {},
): Promise<void> {
  await writeBytes(target, new TextEncoder().encode(await geoJsonText(layer, options)));
}

/**
 * One feature a line. Heights of polygons are left out where these are brought to another CRS.
 * @throws EcofluxError InvalidInput for a CRS that is unknown or places that have no longitude and latitude, Unsupported where a CRS
 * without a code is to be kept
 */
export async function geoJsonText(layer: VectorLayer, { keepCrs = false }: GeoJsonOptions = {}): Promise<string> {
  const { file, name, crs } = layer;
  if (keepCrs && crs.epsg === undefined)
    throw new EcofluxError('Unsupported', 'GeoJSON can name a CRS only by its EPSG code', {
      file,
      found: crs.name,
      fix: 'write a GeoPackage',
    });
  const convert = keepCrs
    ? unchanged
    : await toDegrees(crs).catch((error) => {
        throw locate(error, { file });
      });
  const features = layer.features.map(({ fid, geometry, properties }, i) => {
    const place = `feature ${i + 1}`;
    return JSON.stringify({
      type: 'Feature',
      id: fid,
      properties,
      geometry: geometry ? convert(geometry, (what) => new EcofluxError('InvalidInput', what, { file, place })) : null,
    });
  });
  const member = keepCrs
    ? `"crs": ${JSON.stringify({ type: 'name', properties: { name: `urn:ogc:def:crs:EPSG::${crs.epsg}` } })},\n`
    : '';
  return `{\n"type": "FeatureCollection",\n"name": ${JSON.stringify(name)},\n${member}"features": [\n${features.join(',\n')}\n]\n}\n`;
}

type Convert = (geometry: Geometry, refuse: (what: string) => EcofluxError) => Geometry;

/** Nine decimals of a degree are a tenth of a millimetre. */
function rounded(degrees: number): number {
  return Number(degrees.toFixed(9));
}

async function toDegrees(crs: Crs): Promise<Convert> {
  const degrees: Crs = { epsg: 4326, name: 'WGS 84', kind: 'geographic' };
  const { forward } = await transformBetween(crs, degrees);
  // Around Greenwich, so that what reaches over ±180° is cut there; edges stay as they are.
  const projector = await projectorBetween(crs, degrees, { meridian: 0, tolerance: Number.POSITIVE_INFINITY });
  const convert: Convert = (geometry, refuse) => {
    if (geometry.type === 'GeometryCollection')
      return { ...geometry, geometries: geometry.geometries.map((each) => convert(each, refuse)) };
    if (isPolygonal(geometry)) {
      const polygons = polygonsIn(geometry).flatMap((polygon) => project(projector, polygon, refuse));
      return ofPolygons(polygons, geometry.type);
    }
    return mapPositions(geometry, ([x, y, ...z]) => {
      const image = forward(x, y);
      if (!image) throw refuse(`${x}, ${y} has no longitude and latitude`);
      return [rounded(image[0]), rounded(image[1]), ...z];
    });
  };
  return convert;
}

function polygonsIn(geometry: Polygonal): Polygon[] {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return polygons as unknown as Polygon[];
}

function project(projector: Projector, polygon: Polygon, refuse: (what: string) => EcofluxError): readonly Polygon[] {
  const found = projector.project(
    polygon.map((ring) => closed(ring)),
    () => {},
  );
  if ('what' in found) throw refuse(`the polygon cannot be brought to degrees: ${found.what}`);
  return found.map((rings) => rings.map((ring) => ring.map(([x, y, ...z]) => [rounded(x), rounded(y), ...z])));
}

const unchanged: Convert = (geometry, refuse) => {
  if (geometry.type === 'GeometryCollection')
    return { ...geometry, geometries: geometry.geometries.map((each) => unchanged(each, refuse)) };
  return isPolygonal(geometry) ? ofPolygons(polygonsIn(geometry), geometry.type) : geometry;
};

type Polygonal = Geometry & { type: 'Polygon' | 'MultiPolygon' };

function isPolygonal(geometry: Geometry): geometry is Polygonal {
  return geometry.type === 'Polygon' || geometry.type === 'MultiPolygon';
}

/** Outlines counterclockwise, holes clockwise, closed; of the type given, or several where one was cut. */
function ofPolygons(polygons: readonly Polygon[], type: Polygonal['type']): Geometry {
  const oriented = polygons.map((rings) =>
    rings.map((ring, i) => {
      const line = [...closed(ring)];
      return signedArea(line) > 0 === (i === 0) ? line : line.reverse();
    }),
  ) as unknown as [number, number][][][];
  return type === 'Polygon' && oriented.length === 1
    ? { type, coordinates: oriented[0] }
    : { type: 'MultiPolygon', coordinates: oriented };
}
