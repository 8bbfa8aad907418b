/** Class rasters and zones for tests of what a project tells. */
import { NODATA, NODATA_CODE } from '../../src/core/cells.ts';
import type { Grid } from '../../src/core/grid.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import type { CellSpans } from '../../src/io/vector/rasterize-spans.ts';
import { SpanList } from '../../src/io/vector/rasterize-spans.ts';
import { fileTarget } from '../../src/node/files.ts';
import type { ReportZone } from '../../src/report/stories.ts';
import { gridOf, platform } from './statistics-files.ts';

/** Signed bytes as risk classes and bins are written; NODATA where there is none. */
export async function writeClasses(path: string, cells: Float32Array, grid: Grid): Promise<void> {
  const description = { grid, sampleType: 'i8', nodata: -128, kind: 'classes', overviews: false } as const;
  await writeRaster(fileTarget(path), description, cells.slice(), { pool: platform.pool });
}

export async function writeCodes(path: string, cells: Uint32Array, grid: Grid): Promise<void> {
  const description = { grid, sampleType: 'u16', nodata: 0xffff, kind: 'classes', overviews: false } as const;
  await writeRaster(fileTarget(path), description, cells.slice(), { pool: platform.pool });
}

/** Zones as polygons give them, of a plane of numbers from 1. */
export function zonesOf(plane: Uint32Array, { width }: Grid, count: number) {
  const lists = Array.from({ length: count }, () => new SpanList());
  for (const [i, number] of plane.entries())
    if (number !== NODATA_CODE) lists[number - 1].add(Math.floor(i / width), i % width, (i % width) + 1);
  const cells: CellSpans[] = lists.map((list) => list.toSpans());
  const zones = cells.map(
    (_, i): ReportZone => ({
      number: i + 1,
      id: `Z${i + 1}`,
      name: `zone ${i + 1}`,
      cells: plane.filter((number) => number === i + 1).length,
      at: [0.5, 0.5],
    }),
  );
  return { zones, cells };
}

/** Rows of CSV text by name of the column; cells in quotes may hold commas. */
export function rowsOf(text: string): Record<string, string>[] {
  const [head, ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((part) => part[1] ?? part[2]));
  return rows.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i]])));
}

/** Cells by place among `codes`; a place beyond them is none. */
export function classPlane(places: ArrayLike<number>, codes: readonly number[]): Float32Array {
  return Float32Array.from(places, (place) => codes[place] ?? NODATA);
}

/** A grid of cells of 500 m with three zones in columns, and cells outside of them in the first lines. */
export const THREE_ZONES = threeZones();

function threeZones() {
  const grid = gridOf(30, 24, 500);
  const numbers = Uint32Array.from({ length: grid.width * grid.height }, (_, i) =>
    i < 2 * grid.width ? NODATA_CODE : 1 + Math.floor((i % grid.width) / 10),
  );
  const isIn = (i: number, zone: string) =>
    zone === 'all' || (zone === 'outside' ? numbers[i] === NODATA_CODE : numbers[i] === Number(zone.slice(1)));
  return { grid, numbers, zones: zonesOf(numbers, grid, 3), isIn };
}
