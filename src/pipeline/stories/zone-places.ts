/** How many cells zones have, and a place in each for its label: its own cell that is nearest to the centre of all its cells. Holds no grid. */
import { NODATA_CODE } from '../../core/cells.ts';
import type { Grid } from '../../core/grid.ts';
import type { TaskPool } from '../../core/tasks.ts';
import { tilesOf, tilingOf } from '../../core/tiles.ts';
import type { FieldReader } from '../../engine/run.ts';
import { type CellSpans, forEachSpan } from '../../io/vector/rasterize-spans.ts';
import { eachTile } from '../../solvers/each-tile.ts';

export interface ZonePlace {
  readonly cells: number;
  /** Column and row of a cell of the zone. */
  readonly at: readonly [column: number, row: number];
}

/** Called with every run of cells of a zone, in any order. */
type SeeRun = (zone: number, row: number, from: number, to: number) => void;
export type WalkRuns = (see: SeeRun) => Promise<void>;

/** By number of the zone; those without a cell are left out. `walk` is gone twice. */
export async function placesOf(walk: WalkRuns): Promise<Map<number, ZonePlace>> {
  const centres = new Map<number, { cells: number; x: number; y: number }>();
  await walk((zone, row, from, to) => {
    let sums = centres.get(zone);
    if (!sums) {
      sums = { cells: 0, x: 0, y: 0 };
      centres.set(zone, sums);
    }
    const cells = to - from;
    sums.cells += cells;
    sums.x += (cells * (from + to - 1)) / 2;
    sums.y += cells * row;
  });
  const nearest = new Map<number, { distance: number; column: number; row: number }>();
  await walk((zone, row, from, to) => {
    const { cells, x, y } = centres.get(zone)!;
    const column = Math.min(Math.max(Math.ceil(x / cells - 0.5), from), to - 1);
    const distance = (column - x / cells) ** 2 + (row - y / cells) ** 2;
    const best = nearest.get(zone);
    // Of equal ones the first, whatever the order of the runs.
    const closer =
      !best ||
      distance < best.distance ||
      (distance === best.distance && (row < best.row || (row === best.row && column < best.column)));
    if (closer) nearest.set(zone, { distance, column, row });
  });
  return new Map(
    [...centres].map(([zone, { cells }]) => {
      const { column, row } = nearest.get(zone)!;
      return [zone, { cells, at: [column, row] }];
    }),
  );
}

/** Of polygons, by their index. */
export function runsOfZones(cells: readonly CellSpans[]): WalkRuns {
  return async (see) => {
    for (const [zone, spans] of cells.entries())
      forEachSpan(spans, spans.bounds, (row, from, to) => see(zone, row, from, to));
  };
}

const TILE = 1024;

/** Of a raster of numbers, which is read window by window. */
export function runsOfReader(reader: FieldReader, grid: Grid, pool: TaskPool, signal?: AbortSignal): WalkRuns {
  return (see) =>
    eachTile(tilesOf(tilingOf(grid, TILE)), { pool, signal }, async (tile) => {
      if (reader.empty?.(tile)) return;
      const plane = await reader.read({ x: tile.x, y: tile.y, width: tile.width, height: tile.height }, signal);
      for (let row = 0; row < tile.height; row++) {
        const start = row * tile.width;
        for (let at = start; at < start + tile.width; ) {
          const zone = plane[at];
          const first = at++;
          while (at < start + tile.width && plane[at] === zone) at++;
          if (zone !== NODATA_CODE) see(zone, tile.y + row, tile.x + first - start, tile.x + at - start);
        }
      }
    });
}
