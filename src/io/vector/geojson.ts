/**
 * GeoJSON: RFC 7946 in WGS 84 degrees, or in the CRS that a `crs` member of the 2008 specification names; also one feature a line
 * (GeoJSONSeq, "newline-delimited").
 */
import type { Geometry } from 'geojson';
import { EcofluxError, locate } from '../../core/errors.ts';
import type { Crs } from '../../core/grid.ts';
import { parseCrs } from '../crs/index.ts';
import { type RawColumn, type RawValue, typedAttributes } from './columns.ts';
import { eachPosition, withoutEmpty } from './geometry.ts';
import { chooseLayer, stemOf, type VectorInput } from './input.ts';
import type { VectorLayer } from './layer.ts';

type Json = Readonly<Record<string, unknown>>;

export async function readGeoJson(input: VectorInput): Promise<VectorLayer> {
  const { file, warn } = input;
  const json = parse(file, withoutLargeIntegers(decode(file, input.bytes)));
  const name = typeof json.name === 'string' && json.name ? json.name : stemOf(file);
  chooseLayer(input, new Map([[name, name]]));
  const features = featuresOf(file, json);
  const geometries = features.map(({ geometry }, i) =>
    geometry ? geometryOf(file, `feature ${i + 1}`, geometry) : undefined,
  );
  const crs = await crsOf(file, json);
  if (!('crs' in json)) checkDegrees(file, geometries);
  const { fields, rows } = typedAttributes(file, columnsOf(features), features.length, warn);
  const ids = features.map(({ id }) => id);
  const numbered = ids.every((id) => Number.isSafeInteger(id)) && new Set(ids).size === ids.length;
  return {
    file,
    name,
    crs,
    fields,
    features: features.map((_, i) => ({
      fid: numbered ? (ids[i] as number) : i + 1,
      geometry: geometries[i],
      properties: rows[i],
    })),
  };
}

function refused(file: string, what: string, more: object = {}): EcofluxError {
  return new EcofluxError('InvalidInput', what, { file, ...more });
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const fix = 'save it as UTF-8, the only encoding that GeoJSON knows';
    throw refused(file, 'the text is not UTF-8', { fix, cause });
  }
}

/** Stands in for an integer that JSON.parse would round: those of 16 and more digits, such as identity numbers. */
const LARGE = 'ecoflux:integer';

/** Strings of the text are passed over. */
function withoutLargeIntegers(text: string): string {
  if (!/(?<![\d.])\d{16,}(?![\d.eE])/.test(text)) return text;
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g, (token) =>
    /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `{"${LARGE}":"${token}"}` : token,
  );
}

/** Begins each feature of a GeoJSON text sequence (RFC 8142). */
const RECORD_SEPARATOR = String.fromCharCode(0x1e);

function parse(file: string, text: string): Json {
  try {
    return object(file, JSON.parse(text));
  } catch (cause) {
    if (cause instanceof EcofluxError) throw cause;
    const lines = text
      .replaceAll(RECORD_SEPARATOR, '\n')
      .split('\n')
      .filter((line) => line.trim());
    if (lines.length > 1 && /^\s*\{\s*"/.test(lines[0]) && parsed(lines[0]) !== undefined)
      return { type: 'FeatureCollection', features: lines.map((line, i) => parseLine(file, line, i)) };
    throw refused(file, 'this is not GeoJSON', {
      found: (cause as Error).message,
      fix: 'convert the vector: ogr2ogr out.geojson in',
      cause,
    });
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function parseLine(file: string, line: string, i: number): unknown {
  const feature = parsed(line);
  if (feature !== undefined) return feature;
  throw refused(file, 'this line is not a feature of GeoJSON', {
    place: `line ${i + 1}`,
    found: line.slice(0, 60),
    fix: 'write the file again; it is cut short or damaged',
  });
}

function object(file: string, json: unknown): Json {
  if (typeof json === 'object' && json !== null && typeof (json as Json).type === 'string') return json as Json;
  throw refused(file, 'this is not GeoJSON', { expected: 'an object with a type' });
}

interface RawFeature {
  readonly id?: unknown;
  readonly geometry?: unknown;
  readonly properties?: Readonly<Record<string, RawValue>> | null;
}

function featuresOf(file: string, json: Json): RawFeature[] {
  if (json.type === 'Topology')
    throw refused(file, 'this is TopoJSON', { fix: `convert it: ogr2ogr out.geojson ${file}` });
  if (json.type === 'Feature') return [json];
  if (json.type !== 'FeatureCollection') return [{ geometry: json }];
  if (!Array.isArray(json.features)) throw refused(file, 'this is not GeoJSON', { expected: 'a list of features' });
  return json.features.map((feature, i) => {
    if (typeof feature === 'object' && feature !== null && feature.type === 'Feature') return feature as RawFeature;
    throw refused(file, 'this is not a feature', {
      place: `feature ${i + 1}`,
      found: `${JSON.stringify(feature)}`.slice(0, 60),
    });
  });
}

function columnsOf(features: readonly RawFeature[]): RawColumn[] {
  const names = new Set<string>();
  for (const { properties } of features) if (properties) for (const name of Object.keys(properties)) names.add(name);
  const own = (properties: RawFeature['properties'], name: string) =>
    properties && Object.hasOwn(properties, name) ? properties[name] : null;
  return [...names].map((name) => ({ name, values: features.map(({ properties }) => large(own(properties, name))) }));
}

function large(value: RawValue): RawValue {
  const digits = typeof value === 'object' && value !== null ? (value as Json)[LARGE] : undefined;
  return typeof digits === 'string' ? BigInt(digits) : value;
}

const DEPTH = { Point: 0, LineString: 1, MultiPoint: 1, Polygon: 2, MultiLineString: 2, MultiPolygon: 3 } as const;

function geometryOf(file: string, place: string, json: unknown): Geometry | undefined {
  const { type, coordinates, geometries } = (typeof json === 'object' && json !== null ? json : {}) as Json;
  if (type === 'GeometryCollection') {
    if (!Array.isArray(geometries))
      throw refused(file, 'this is not GeoJSON', { place, expected: 'a list of geometries' });
    const all = geometries.map((each, i) => geometryOf(file, `${place}, geometry ${i + 1}`, each));
    const found = all.filter((each) => each !== undefined);
    return found.length > 0 ? { type, geometries: found } : undefined;
  }
  if (typeof type !== 'string' || !(type in DEPTH))
    throw refused(file, 'this is no geometry of GeoJSON', {
      place,
      found: `${type}`,
      expected: Object.keys(DEPTH).join(', '),
    });
  const depth = DEPTH[type as keyof typeof DEPTH];
  if (!isNested(coordinates, depth))
    throw refused(file, `the ${type} has no proper coordinates`, {
      place,
      found: `${JSON.stringify(coordinates)}`.slice(0, 60),
      expected: depth > 1 ? 'rings or lines of [x, y]' : '[x, y]',
      fix: 'mend the file, for example with ogr2ogr -makevalid',
    });
  return withoutEmpty({ type, coordinates } as Geometry);
}

function isNested(coordinates: unknown, depth: number): boolean {
  if (!Array.isArray(coordinates)) return false;
  if (depth > 0) return coordinates.every((each) => isNested(each, depth - 1));
  return coordinates.length === 0 || (coordinates.length > 1 && coordinates.every(Number.isFinite));
}

/** Without a `crs` member coordinates are WGS 84 degrees, longitude first. */
async function crsOf(file: string, json: Json): Promise<Crs> {
  const member = json.crs as { type?: unknown; properties?: Json } | null | undefined;
  const { name, code, href } = member?.properties ?? {};
  if (href !== undefined)
    throw refused(file, 'the CRS is a link, which is not followed', {
      found: `${href}`,
      fix: `name it: ogr2ogr -a_srs EPSG:<code> out.geojson ${file}`,
    });
  const declared = name ?? (code === undefined ? 'EPSG:4326' : `EPSG:${code}`);
  try {
    return await parseCrs(`${declared}`);
  } catch (error) {
    throw locate(error, { file });
  }
}

/** Projected coordinates without a `crs` member are the usual mistake, and would lie in the Atlantic or nowhere. */
function checkDegrees(file: string, geometries: readonly (Geometry | undefined)[]): void {
  geometries.forEach((geometry, i) => {
    if (!geometry) return;
    eachPosition(geometry, ([x, y]) => {
      if (Math.abs(x) <= 540 && Math.abs(y) <= 90) return;
      throw refused(file, 'without a crs member coordinates are degrees, and these are not', {
        place: `feature ${i + 1}`,
        found: `${x}, ${y}`,
        expected: 'longitude and latitude in WGS 84',
        fix: `say which CRS it is: ogr2ogr -a_srs EPSG:<code> out.gpkg ${file}`,
      });
    });
  });
}
