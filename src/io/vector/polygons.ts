/** Polygons of a GeoJSON file in the coordinates of a grid, and which cells they cover: those whose centre lies inside, by the even-odd rule. */
import proj4 from 'proj4';
import { EcofluxError } from '../../core/errors.ts';
import type { Crs, Grid, Window } from '../../core/grid.ts';

type Ring = readonly (readonly [number, number, ...number[]])[];

export interface PolygonArea {
  /** Rings of all polygons together: holes cancel by the even-odd rule. */
  readonly rings: readonly Ring[];
}

interface Geometry {
  readonly type: string;
  readonly coordinates?: unknown;
  readonly geometries?: readonly Geometry[];
}

/**
 * Reads polygons in the CRS of the grid, or in any CRS whose EPSG code proj4 knows, which are then reprojected vertex by vertex.
 * @throws EcofluxError InvalidInput for what is no GeoJSON, has no polygon, or lies in a CRS that cannot be brought to that of the grid
 */
export function readPolygons(name: string, text: string, crs: Crs): PolygonArea {
  const json = parse(name, text);
  const project = projection(name, json, crs);
  const geometries: Geometry[] =
    json.type === 'FeatureCollection'
      ? ((json.features as { geometry: Geometry | null }[]) ?? []).flatMap(({ geometry }) =>
          geometry ? [geometry] : [],
        )
      : json.type === 'Feature'
        ? [json.geometry as Geometry]
        : [json as unknown as Geometry];
  const rings = geometries.flatMap((geometry) => ringsOf(name, geometry));
  if (rings.length === 0)
    throw new EcofluxError('InvalidInput', 'there is no polygon in it', {
      file: name,
      fix: 'give a file with polygons',
    });
  return { rings: project ? rings.map((ring) => ring.map(([x, y]) => project(x, y))) : rings };
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
  return (x, y) => converter.forward([x, y]) as [number, number];
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

function ringsOf(name: string, { type, coordinates, geometries }: Geometry): readonly Ring[] {
  if (type === 'Polygon') return coordinates as Ring[];
  if (type === 'MultiPolygon') return (coordinates as Ring[][]).flat();
  if (type === 'GeometryCollection') return (geometries ?? []).flatMap((geometry) => ringsOf(name, geometry));
  throw new EcofluxError('InvalidInput', 'only polygons have an area', {
    file: name,
    found: type,
    expected: 'Polygon or MultiPolygon',
  });
}

/** 1 for each cell of the window whose centre lies inside the polygons, 0 elsewhere. */
export function coverage({ rings }: PolygonArea, grid: Grid, window: Window): Uint8Array {
  const { width, height } = window;
  const out = new Uint8Array(width * height);
  const crossings: number[][] = Array.from({ length: height }, () => []);
  // Column and row of a point; the centre of cell (c, r) is at (c + 0.5, r + 0.5).
  const column = (x: number) => (x - grid.west) / grid.cellWidth - window.x - 0.5;
  const row = (y: number) => (grid.north - y) / grid.cellHeight - window.y - 0.5;
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [x0, y0, x1, y1] = [column(ring[i - 1][0]), row(ring[i - 1][1]), column(ring[i][0]), row(ring[i][1])];
      // Rows r with min(y0, y1) <= r < max(y0, y1): each vertex counts for one of its two edges.
      const first = Math.max(0, Math.ceil(Math.min(y0, y1)));
      const last = Math.min(height - 1, Math.ceil(Math.max(y0, y1)) - 1);
      for (let r = first; r <= last; r++) crossings[r].push(x0 + ((r - y0) / (y1 - y0)) * (x1 - x0));
    }
  }
  for (let r = 0; r < height; r++) {
    const xs = crossings[r].sort((a, b) => a - b);
    for (let i = 0; i + 1 < xs.length; i += 2) {
      const from = Math.max(0, Math.ceil(xs[i]));
      const to = Math.min(width, Math.ceil(xs[i + 1]));
      if (from < to) out.fill(1, r * width + from, r * width + to);
    }
  }
  return out;
}
