/** Cross tables of class rasters, read back from finished files by the workers, a window each: whole numbers, so tiles and schedules cannot show. */
import type { Grid } from '../../core/grid.ts';
import type { TaskPool } from '../../core/tasks.ts';
import { intersect, tilesOf, tilingOf } from '../../core/tiles.ts';
import type { CrossCountInput, CrossCounts } from '../../io/zonal/cross-count.ts';
import { runsOfSpans } from '../../io/zonal/zone-runs.ts';
import { eachTile } from '../../solvers/each-tile.ts';
import type { ProjectZones } from '../project-zones.ts';

export interface CrossRequest {
  readonly grid: Grid;
  /** Files on this grid. */
  readonly files: readonly string[];
  /** All that they may hold, ascending. */
  readonly codes: readonly number[];
  readonly zones?: Pick<ProjectZones, 'zones' | 'cells'>;
  /** Also count each file against the one before it. */
  readonly transitions?: boolean;
  readonly pool: TaskPool;
  /** Cells along an edge of a window. */
  readonly tile?: number;
  readonly signal?: AbortSignal;
}

/** Whole numbers of blocks of the files that are written here. */
const TILE = 1024;

/**
 * Cells of each class in each zone, and of each pair of classes.
 * @throws EcofluxError InvalidInput where a file holds a number that is none of `codes`
 */
export async function crossTables(request: CrossRequest): Promise<CrossCounts> {
  const { grid, files, codes, zones, pool, signal, transitions = false } = request;
  const zoneCount = zones?.zones.length ?? 0;
  const sources = files.map((file) => ({ file, mapping: { type: 'f32' as const } }));
  const totals: CrossCounts = {
    byZone: files.map(() => new Float64Array((zoneCount + 1) * codes.length)),
    transitions: transitions ? files.slice(1).map(() => new Float64Array(codes.length ** 2)) : [],
  };
  await eachTile(tilesOf(tilingOf(grid, request.tile ?? TILE)), request, async (window) => {
    const input: CrossCountInput = { sources, window, codes, zones: inWindow(zones, window), zoneCount, transitions };
    const found = await pool.run<CrossCountInput, CrossCounts>('cross_count', input, { signal });
    for (const [i, counts] of found.byZone.entries()) addTo(totals.byZone[i], counts);
    for (const [i, counts] of found.transitions.entries()) addTo(totals.transitions[i], counts);
  });
  return totals;
}

function inWindow(zones: CrossRequest['zones'], window: CrossCountInput['window']): CrossCountInput['zones'] {
  if (!zones) return undefined;
  const { cells } = zones;
  if ('file' in cells) return { ...cells, numbers: zones.zones.map(({ number }) => number) };
  const present = [...cells.keys()].filter((zone) => intersect(window, cells[zone].bounds));
  return runsOfSpans(cells, present, window);
}

function addTo(totals: Float64Array, counts: Float64Array): void {
  for (let i = 0; i < totals.length; i++) totals[i] += counts[i];
}
