/**
 * Polygons of a GeoJSON file in the coordinates of a grid, and which cells they cover: those whose centre lies inside any of them,
 * where a polygon is what its rings enclose by the even-odd rule, so that its holes are left out.
 */
import proj4 from 'proj4';
import { EcofluxError } from '../../core/errors.ts';
import type { Crs, Grid, Window } from '../../core/grid.ts';

type Position = readonly [number, number, ...number[]];
type Ring = readonly Position[];
/** An outline and its holes. */
type Polygon = readonly Ring[];

export interface PolygonArea {
  /** They may overlap. */
  readonly polygons: readonly Polygon[];
}

/**
 * Reads polygons in the CRS of the grid, or in any CRS whose EPSG code proj4 knows, which are then reprojected vertex by vertex.
 * Features without a geometry are passed over.
 * @throws EcofluxError InvalidInput for what is no GeoJSON, has no polygon or a broken one, or lies in a CRS that cannot be brought
 * to that of the grid
 */
export function readPolygons(name: string, text: string, crs: Crs): PolygonArea {
  const json = parse(name, text);
  const project = projection(name, json, crs);
  const polygons = polygonsOf(name, json, '');
  if (polygons.length === 0)
    throw new EcofluxError('InvalidInput', 'there is no polygon in it', {
      file: name,
      fix: 'give a file with polygons',
    });
  if (!project) return { polygons };
  const projected = polygons.map((rings) => rings.map((ring) => ring.map(([x, y]) => project(x, y))));
  return { polygons: projected };
}

function parse(name: string, text: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new EcofluxError('InvalidInput', 'this is not GeoJSON', {
      file: name,
      found: (cause as Error).message,
      fix: 'convert the vector to GeoJSON',
      cause,
    });
  }
  if (typeof json === 'object' && json !== null && typeof (json as { type?: unknown }).type === 'string')
    return json as Record<string, unknown>;
  throw new EcofluxError('InvalidInput', 'this is not GeoJSON', { file: name, expected: 'an object with a type' });
}

/** From the CRS of the file to that of the grid; undefined where they are the same. */
function projection(
  name: string,
  json: Record<string, unknown>,
  crs: Crs,
): ((x: number, y: number) => [number, number]) | undefined {
  const { declared, epsg } = declaredCrs(json);
  if (epsg !== undefined && epsg === crs.epsg) return undefined;
  const [from, to] = [`EPSG:${epsg}`, `EPSG:${crs.epsg}`];
  if (!proj4.defs(from) || !proj4.defs(to))
    throw new EcofluxError('InvalidInput', 'the polygons are in another CRS than the grid', {
      file: name,
      found: declared,
      expected: crs.name,
      fix: `reproject them: ogr2ogr -t_srs EPSG:${crs.epsg ?? '<code>'} out.geojson ${name}`,
    });
  const converter = proj4(from, to);
  return (x, y) => {
    const [east, north] = converter.forward([x, y]);
    if (Number.isFinite(east) && Number.isFinite(north)) return [east, north];
    throw new EcofluxError('InvalidInput', `a vertex cannot be brought to ${crs.name}`, {
      file: name,
      found: `${x}, ${y} in ${declared}`,
      fix: 'check the coordinates and their CRS',
    });
  };
}

/** A projected GeoJSON names its CRS in the member of the 2008 specification; without it coordinates are WGS 84 degrees (RFC 7946). */
function declaredCrs(json: Record<string, unknown>): { readonly declared: string; readonly epsg: number | undefined } {
  const member = (json.crs as { properties?: { name?: unknown } } | undefined)?.properties?.name;
  if (member === undefined) return { declared: 'WGS 84 degrees (no crs member)', epsg: 4326 };
  const declared = String(member);
  if (/CRS84$/.test(declared)) return { declared, epsg: 4326 };
  const code = /EPSG:+(?:[\d.]*:)?(\d+)$/.exec(declared)?.[1];
  return { declared, epsg: code === undefined ? undefined : Number(code) };
}

/** The polygons of an object of GeoJSON. `place`: where it lies in the file, in words. */
function polygonsOf(name: string, json: unknown, place: string): Polygon[] {
  const broken = (what: string, more: object) =>
    new EcofluxError('InvalidInput', what, { file: name, place: place || undefined, ...more });
  const among = (items: unknown, one: string) => {
    if (!Array.isArray(items)) throw broken('this is not GeoJSON', { expected: `a list of ${one}s` });
    return items.flatMap((item, i) => polygonsOf(name, item, `${place && `${place}, `}${one} ${i + 1}`));
  };
  const { type, geometry, features, geometries, coordinates } = (json ?? {}) as Record<string, unknown>;
  if (type === 'FeatureCollection') return among(features, 'feature');
  if (type === 'GeometryCollection') return among(geometries, 'geometry');
  if (type === 'Feature') return geometry ? polygonsOf(name, geometry, place) : [];
  if (type !== 'Polygon' && type !== 'MultiPolygon')
    throw broken('only polygons have an area', { found: String(type), expected: 'Polygon or MultiPolygon' });
  const polygons = type === 'Polygon' ? [coordinates] : coordinates;
  if (!Array.isArray(polygons) || !polygons.every(isPolygon))
    throw broken(`the ${type} has no proper coordinates`, {
      found: `${JSON.stringify(coordinates)}`.slice(0, 60),
      expected: 'rings of [x, y]',
      fix: 'mend the file, for example with ogr2ogr -makevalid',
    });
  return polygons.filter((rings) => rings.length > 0);
}

function isPolygon(rings: unknown): rings is Polygon {
  const isPosition = (position: unknown) =>
    Array.isArray(position) && Number.isFinite(position[0]) && Number.isFinite(position[1]);
  return Array.isArray(rings) && rings.every((ring) => Array.isArray(ring) && ring.every(isPosition));
}

/** 1 for each cell of the window whose centre lies inside the polygons, 0 elsewhere: the same in every window. */
export function coverage({ polygons }: PolygonArea, grid: Grid, window: Window): Uint8Array {
  const out = new Uint8Array(window.width * window.height);
  for (const rings of polygons) {
    const crossings = crossingsOf(rings, grid, window);
    for (const [r, columns] of crossings) {
      columns.sort((a, b) => a - b);
      const start = (r - window.y) * window.width;
      for (let i = 0; i + 1 < columns.length; i += 2) {
        const from = Math.max(0, columns[i] - window.x);
        const to = Math.min(window.width, columns[i + 1] - window.x);
        if (from < to) out.fill(1, start + from, start + to);
      }
    }
  }
  return out;
}

/**
 * By row of the grid, the columns at which the outline is crossed: the first cell whose centre is not left of it. Reckoned in columns
 * and rows of the whole grid and from the upper end of each edge, so that neither the window nor the side from which two polygons
 * share an edge can change how a crossing near a centre is rounded.
 */
function crossingsOf(rings: Polygon, grid: Grid, window: Window): Map<number, number[]> {
  const crossings = new Map<number, number[]>();
  // The centre of cell (c, r) is at (c, r).
  const column = (x: number) => (x - grid.west) / grid.cellWidth - 0.5;
  const row = (y: number) => (grid.north - y) / grid.cellHeight - 0.5;
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i++) {
      const [a, b] = [ring[i], ring[(i + 1) % ring.length]];
      const [[x0, north], [x1, south]] = a[1] >= b[1] ? [a, b] : [b, a];
      const [c0, r0, c1, r1] = [column(x0), row(north), column(x1), row(south)];
      // Rows r with r0 <= r < r1: each vertex counts for one of its two edges.
      const first = Math.max(window.y, Math.ceil(r0));
      const last = Math.min(window.y + window.height, Math.ceil(r1)) - 1;
      for (let r = first; r <= last; r++) {
        const found = Math.ceil(c0 + ((r - r0) / (r1 - r0)) * (c1 - c0));
        const columns = crossings.get(r);
        if (columns) columns.push(found);
        else crossings.set(r, [found]);
      }
    }
  }
  return crossings;
}
