/** The vectors and tables that go with the rasters. */
import { labelWatersheds } from './districts.ts';
import type { Canvas } from './paint.ts';
import { countyNames, sightsOn } from './places.ts';
import { type RingPolygon, tracePolygons } from './rings.ts';
import { TABLES } from './tables.ts';
import type { Town } from './towns.ts';
import { featureCollection, pointGeometry, polygonGeometry } from './vectors.ts';

/** Sums over the cells of each county in one year; their quotient is per person. */
export interface CountySums {
  readonly people: Float64Array;
  readonly output: Float64Array;
  /** Tonnes of food in the year. */
  readonly harvest: Float64Array;
}

export function makeTexts(
  canvas: Canvas,
  counties: Uint8Array,
  seats: readonly Town[],
  sums: readonly CountySums[],
): Readonly<Record<string, string>> {
  return {
    ...TABLES,
    ...foodTables(canvas, sums),
    'boundary.geojson': boundary(canvas),
    'counties.geojson': countyFeatures(canvas, counties, seats, sums),
    'watersheds.geojson': watersheds(canvas),
    'attractions.geojson': attractions(canvas),
  };
}

/** What statistics say: whole tonnes of each county, one table for each year. */
function foodTables({ country, years }: Canvas, sums: readonly CountySums[]): Record<string, string> {
  const names = countyNames(country, sums[0].harvest.length);
  return Object.fromEntries(
    years.map((year, k) => {
      const rows = names.map((name, label) => `${label + 1},${name},${Math.round(sums[k].harvest[label])}`);
      return [`food_${year}.csv`, `code,county,food\n${rows.join('\n')}\n`];
    }),
  );
}

function boundary({ ground, grid, country }: Canvas): string {
  const polygons = tracePolygons(ground.inside, ground.size, ground.size).get(1) ?? [];
  const properties = { name: `Sample ${country.preset.id}`, area_km2: areaOf(ground.inside, 1, grid.cellWidth) };
  return featureCollection('boundary', grid, [{ properties, geometry: polygonGeometry(grid, polygons) }]);
}

function countyFeatures(
  { ground, grid, country, years }: Canvas,
  labels: Uint8Array,
  seats: readonly Town[],
  sums: readonly CountySums[],
): string {
  const names = countyNames(country, seats.length);
  const polygons = tracePolygons(labels, ground.size, ground.size);
  const features = inOrder(polygons).map(([label, rings]) => {
    const perYear: Record<string, number> = {};
    for (const [k, year] of years.entries()) {
      // 10⁴ CNY per km² over people per km², in CNY per person.
      perYear[year] = Math.round((1e4 * sums[k].output[label - 1]) / sums[k].people[label - 1]);
    }
    const flat = Object.fromEntries(Object.entries(perYear).map(([year, value]) => [`gdp_per_capita_${year}`, value]));
    const properties = {
      code: 340100 + label,
      name: names[label - 1],
      area_km2: areaOf(labels, label, grid.cellWidth),
      ...flat,
      gdp_per_capita: perYear,
    };
    return { properties, geometry: polygonGeometry(grid, rings) };
  });
  return featureCollection('counties', grid, features);
}

function watersheds({ ground, grid, country }: Canvas): string {
  const { labels } = labelWatersheds(country, ground);
  const features = inOrder(tracePolygons(labels, ground.size, ground.size)).map(([label, rings]) => ({
    properties: { ws_id: label, area_km2: areaOf(labels, label, grid.cellWidth) },
    geometry: polygonGeometry(grid, rings),
  }));
  return featureCollection('watersheds', grid, features);
}

function attractions({ ground, grid, country }: Canvas): string {
  const features = sightsOn(country, ground).map(({ name, kind, weight, x, y }, k) => ({
    properties: { id: k + 1, name, kind, weight },
    geometry: pointGeometry(grid, x, y),
  }));
  return featureCollection('attractions', grid, features);
}

function inOrder(polygons: Map<number, RingPolygon[]>): [number, RingPolygon[]][] {
  return [...polygons].sort(([a], [b]) => a - b);
}

function areaOf(labels: Uint8Array, label: number, cell: number): number {
  let count = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === label) count++;
  return Math.round(count * cell * cell * 1e-4) / 100;
}
