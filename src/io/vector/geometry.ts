/** Walks through geometries: their positions, and what is left when empty parts are taken away. */
import type { Geometry, Position } from 'geojson';

/** The geometry without its empty parts; undefined where nothing is left. */
export function withoutEmpty(geometry: Geometry): Geometry | undefined {
  switch (geometry.type) {
    case 'Point':
      return geometry.coordinates.length > 0 ? geometry : undefined;
    case 'LineString':
    case 'MultiPoint':
      return some(geometry.coordinates) ? geometry : undefined;
    case 'Polygon':
    case 'MultiLineString':
      return keep(geometry, geometry.coordinates.filter(some));
    case 'MultiPolygon':
      return keep(geometry, geometry.coordinates.map((rings) => rings.filter(some)).filter(some));
    case 'GeometryCollection': {
      const geometries = geometry.geometries.map(withoutEmpty).filter((each) => each !== undefined);
      return geometries.length > 0 ? { ...geometry, geometries } : undefined;
    }
  }
}

const some = (items: readonly unknown[]) => items.length > 0;

function keep<G extends { readonly coordinates: readonly unknown[] }>(
  geometry: G,
  coordinates: G['coordinates'],
): G | undefined {
  return some(coordinates) ? { ...geometry, coordinates } : undefined;
}

/** Calls `see` with every position, in order. */
export function eachPosition(geometry: Geometry, see: (position: Position) => void): void {
  if (geometry.type === 'GeometryCollection') for (const each of geometry.geometries) eachPosition(each, see);
  else walk(geometry.coordinates, see);
}

/** Whether any position has a height. */
export function hasHeight(geometry: Geometry): boolean {
  let found = false;
  eachPosition(geometry, (position) => {
    found ||= position.length > 2;
  });
  return found;
}

type Nested = Position | readonly Nested[];

function walk(coordinates: Nested, see: (position: Position) => void): void {
  if (isPosition(coordinates)) see(coordinates);
  else for (const each of coordinates) walk(each, see);
}

function isPosition(coordinates: Nested): coordinates is Position {
  return typeof coordinates[0] === 'number';
}

/** Every position replaced. */
export function mapPositions<G extends Geometry>(geometry: G, change: (position: Position) => Position): G {
  if (geometry.type === 'GeometryCollection')
    return { ...geometry, geometries: geometry.geometries.map((each) => mapPositions(each, change)) };
  const deep = (coordinates: Nested): Nested => (isPosition(coordinates) ? change(coordinates) : coordinates.map(deep));
  return { ...geometry, coordinates: deep(geometry.coordinates as Nested) };
}
