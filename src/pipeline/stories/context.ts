/** What every story needs beside its files: the grid, the zones, workers; and how tables name zones. */
import { cellArea, type Grid, isMetric } from '../../core/grid.ts';
import type { TaskPool } from '../../core/tasks.ts';
import type { CsvCell } from '../../io/tables/write-csv.ts';
import type { ProjectZones } from '../project-zones.ts';

export interface StoryContext {
  readonly grid: Grid;
  readonly zones?: Pick<ProjectZones, 'zones' | 'cells'>;
  readonly pool: TaskPool;
  readonly signal?: AbortSignal;
}

/** Text by name of the file. */
export type Tables = Readonly<Record<string, string>>;

/** km² of so many cells; undefined where cells have no area in metres. */
export function areaIn(grid: Grid): (cells: number) => number | undefined {
  const area = isMetric(grid) ? cellArea(grid) / 1e6 : undefined;
  return (cells) => (area === undefined ? undefined : cells * area);
}

/** Ids by number; `outside` for null. */
export function zoneNames(zones: StoryContext['zones']): (zone: number | null) => string {
  const ids = new Map(zones?.zones.map(({ number, id }) => [number, id]));
  return (zone) => (zone === null ? 'outside' : (ids.get(zone) ?? String(zone)));
}

export interface ZoneRow<T> {
  /** Number of the zone; null: outside of zones. */
  readonly zone: number | null;
  readonly counts: T;
}

/** The cells of classes in each zone and, last, outside of zones; those without a cell are left out. */
export function rowsByZone(zones: StoryContext['zones'], byZone: Float64Array, classes: number): ZoneRow<number[]>[] {
  if (!zones) return [];
  const slots = [...zones.zones.map(({ number }, i) => ({ zone: number, slot: i + 1 })), { zone: null, slot: 0 }];
  return slots
    .map(({ zone, slot }) => ({ zone, counts: [...byZone.subarray(slot * classes, (slot + 1) * classes)] }))
    .filter(({ counts }) => sumOf(counts) > 0);
}

/** Over all zones, and outside of them. */
export function countsOfAll(byZone: Float64Array, classes: number): number[] {
  const all = new Array<number>(classes).fill(0);
  for (const [i, cells] of byZone.entries()) all[i % classes] += cells;
  return all;
}

export function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, cells) => sum + cells, 0);
}

/** NaN of nothing. */
export function shareOf(part: number, whole: number): number {
  return whole === 0 ? Number.NaN : part / whole;
}

/** Rows of a square table of counts. */
export function squareOf(counts: Float64Array, classes: number): number[][] {
  return Array.from({ length: classes }, (_, row) => [...counts.subarray(row * classes, (row + 1) * classes)]);
}

/** Pairs of classes that have cells, as rows of a table: both, cells, km², share of all cells. */
export function pairRows(
  codes: readonly number[],
  cells: readonly (readonly number[])[],
  area: (cells: number) => number | undefined,
): CsvCell[][] {
  const all = sumOf(cells.map(sumOf));
  return cells.flatMap((row, i) =>
    row.flatMap((count, k): CsvCell[][] =>
      count > 0 ? [[codes[i], codes[k], count, area(count), shareOf(count, all)]] : [],
    ),
  );
}

/** In the order in which the keys first come. */
export function grouped<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
