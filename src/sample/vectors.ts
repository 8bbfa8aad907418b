/** GeoJSON of the sample region, in the coordinates of its grid, with the older `crs` member that GIS programs read. */
import type { Grid } from '../core/grid.ts';
import type { RingPolygon } from './rings.ts';

export type Properties = Readonly<Record<string, string | number | Readonly<Record<string, number>>>>;

export interface Feature {
  readonly properties: Properties;
  readonly geometry: string;
}

export function featureCollection(name: string, grid: Grid, features: readonly Feature[]): string {
  const lines = features.map(
    ({ properties, geometry }) =>
      `{"type":"Feature","properties":${JSON.stringify(properties)},"geometry":${geometry}}`,
  );
  const crs = `{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::${grid.crs.epsg}"}}`;
  return `{"type":"FeatureCollection","name":${JSON.stringify(name)},"crs":${crs},"features":[\n${lines.join(',\n')}\n]}\n`;
}

/** A Polygon where there is one, else a MultiPolygon, the largest ring first. */
export function polygonGeometry(grid: Grid, polygons: readonly RingPolygon[]): string {
  const sorted = [...polygons].sort((a, b) => b[0].length - a[0].length);
  const texts = sorted.map((rings) => `[${rings.map((ring) => ringText(grid, ring)).join(',')}]`);
  return texts.length === 1
    ? `{"type":"Polygon","coordinates":${texts[0]}}`
    : `{"type":"MultiPolygon","coordinates":[${texts.join(',')}]}`;
}

/** x, y in columns and rows of the grid. */
export function pointGeometry(grid: Grid, x: number, y: number): string {
  return `{"type":"Point","coordinates":${position(grid, x, y)}}`;
}

function ringText(grid: Grid, ring: readonly number[]): string {
  const parts: string[] = [];
  for (let k = 0; k < ring.length; k += 2) parts.push(position(grid, ring[k], ring[k + 1]));
  parts.push(parts[0]);
  return `[${parts.join(',')}]`;
}

function position(grid: Grid, x: number, y: number): string {
  return `[${grid.west + x * grid.cellWidth},${grid.north - y * grid.cellHeight}]`;
}
