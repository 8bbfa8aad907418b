/** How much of the target a source covers, and how large its cells are there: from places spread over both. */
import type { Grid } from '../../core/grid.ts';
import { type Locator, locatorOf, type WarpGrids } from './locator.ts';

export interface Overlap {
  readonly overlap: number;
  readonly ratio: readonly [number, number];
  /** Target columns and rows that lie in the source, spread over it. */
  readonly places: readonly (readonly [number, number])[];
}

export function sampleOverlap(
  grids: WarpGrids,
  locate: Locator,
  known: readonly (readonly [number, number])[] = [],
): Overlap {
  const { source, target } = grids;
  const inside: (readonly [number, number])[] = [...known];
  const columns = spread(target.width, 64);
  const rows = spread(target.height, 64);
  for (const row of rows)
    for (const column of columns) if (isIn(source, locate(column, row))) inside.push([column, row]);
  const slopes = (inside.length > 0 ? inside : columns.flatMap((x) => rows.map((y) => [x, y] as const)))
    .filter((_, i, all) => i % Math.max(1, Math.floor(all.length / 80)) === 0)
    .map(([column, row]) => slopeAt(locate, column, row, grids.period))
    .filter((slope) => slope !== undefined);
  const ratio = [0, 1].map((axis) => median(slopes.map((slope) => slope[axis])));
  return {
    overlap: inside.length / (columns.length * rows.length),
    ratio: [ratio[0], ratio[1]],
    places: inside,
  };
}

/** A source that lies between the samples, because it is small against the target, is looked for from its own side. */
export async function withSmallSource(grids: WarpGrids, seen: Overlap): Promise<Overlap> {
  const { source, target, from, to } = grids;
  if (seen.places.length > 0) return seen;
  const back = await locatorOf({ source: target, target: source, from: to, to: from });
  const columns = spread(source.width, 9);
  const all = spread(source.height, 9).flatMap((row) => columns.map((column) => back(column, row)));
  const places = all.filter((place) => place !== undefined && isIn(target, place)) as [number, number][];
  if (places.length === 0) return seen;
  const { ratio } = sampleOverlap(grids, await locatorOf(grids), places);
  const cells = (source.width * source.height) / (ratio[0] * ratio[1]);
  const overlap = ((places.length / all.length) * cells) / (target.width * target.height);
  return { overlap: Math.min(1, overlap), ratio, places };
}

function isIn(grid: Grid, place: readonly [number, number] | undefined): boolean {
  return place !== undefined && place[0] >= 0 && place[1] >= 0 && place[0] < grid.width && place[1] < grid.height;
}

/** Centres of at most `most` of `length` cells, evenly. */
function spread(length: number, most: number): number[] {
  const count = Math.min(length, most);
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * length) / count) + 0.5);
}

/** How far one cell of the target leads in columns and in rows of the source, whichever way it is turned. */
function slopeAt(
  locate: Locator,
  column: number,
  row: number,
  period: number | undefined,
): readonly [number, number] | undefined {
  const [west, east] = [locate(column - 0.5, row), locate(column + 0.5, row)];
  const [north, south] = [locate(column, row - 0.5), locate(column, row + 0.5)];
  if (!west || !east || !north || !south) return undefined;
  const across = (columns: number) =>
    period === undefined ? columns : columns - period * Math.round(columns / period);
  return [
    Math.hypot(across(east[0] - west[0]), across(south[0] - north[0])),
    Math.hypot(east[1] - west[1], south[1] - north[1]),
  ];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length > 0 ? sorted[Math.floor(sorted.length / 2)] : 1;
}
