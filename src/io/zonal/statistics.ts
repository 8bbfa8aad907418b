/**
 * Zonal statistics of rasters on one grid, by the definitions of spec/zoning.md: exact over all tiles, so that no bit depends on tiles,
 * their order or the number of workers. Zones are polygons (rasterised once for all rasters, free to overlap) or the codes of a raster.
 */
import { throwIfAborted } from '../../core/errors.ts';
import { cellArea, type Grid, isMetric } from '../../core/grid.ts';
import type { TaskPool } from '../../core/tasks.ts';
import { tilingOf } from '../../core/tiles.ts';
import { type CellSpans, spanCells } from '../vector/rasterize-spans.ts';
import { gatherQuantiles } from './gather.ts';
import type { ZonalSource } from './tasks.ts';
import { ZoneTable, type ZoneTotals } from './totals.ts';
import { everyTile, type ZoneTiles, zoneTiles } from './zone-tiles.ts';

export type { ZonalSource } from './tasks.ts';

export interface ZonalRequest {
  /** Of all rasters, after their mappings. */
  readonly grid: Grid;
  /** Cells of polygons (`zoneCells`), or a raster of whole numbers. */
  readonly zones: readonly CellSpans[] | ZonalSource;
  readonly sources: readonly ZonalSource[];
  /** From 0 to 1; 0.5 is the median. Interpolated linearly between the two values next to it. */
  readonly quantiles?: readonly number[];
  /** Count the cells of each class: all values must be whole numbers. */
  readonly classes?: boolean;
  readonly pool: TaskPool;
  /** Bytes that gathered values may take; 512 MiB when absent. More than that is found in several passes. */
  readonly memory?: number;
  /** Cells along an edge of a tile, or both edges: best whole blocks of the files. 1024 when absent. */
  readonly tile?: number | { readonly width: number; readonly height: number };
  readonly signal?: AbortSignal;
  readonly progress?: (tilesDone: number, tiles: number) => void;
}

/** Of one raster in one zone. What needs a valid cell is undefined where there is none. */
export interface ZoneStatistics {
  /** Index of the polygon zone, or code of the zone raster. */
  readonly zone: number;
  /** Valid cells. */
  readonly count: number;
  /** Cells of the zone that are nodata. */
  readonly nodata: number;
  /** Of the valid cells, m²; undefined where the CRS is not metric. */
  readonly area?: number;
  readonly sum?: number;
  readonly mean?: number;
  /** Of the population. */
  readonly std?: number;
  readonly min?: number;
  readonly max?: number;
  /** In the order of the request. */
  readonly quantiles?: readonly number[];
  /** The class of most cells; of several the lowest. */
  readonly majority?: number;
  /** Cells of each class by ascending code; none where there is no valid cell. */
  readonly classes?: ReadonlyMap<number, number>;
}

const MEMORY = 2 ** 29;
const TILE = 1024;
/** Bytes of a value while it is gathered; as float32 it takes half. */
const VALUE_BYTES = 8;

/** Starts the workers, which takes a fifth of a second, while somebody is still busy with the polygons. */
export async function wakeWorkers(pool: TaskPool): Promise<void> {
  await Promise.allSettled(Array.from({ length: pool.size }, () => pool.run('zonal_sort', new Float32Array(0))));
}

/**
 * For each raster the statistics of each zone: polygons in their order, codes ascending. Tiles without a zone are not read.
 * @throws EcofluxError InvalidInput for values that are no class codes where those were asked for, and what reading files raises
 */
export async function zonalStatistics(request: ZonalRequest): Promise<ZoneStatistics[][]> {
  const { grid, zones, sources, quantiles = [], memory = MEMORY } = request;
  throwIfAborted(request.signal);
  const tiles = tilesFor(grid, zones, request.tile);
  const most = Math.max(1, Math.floor(memory / VALUE_BYTES / 2)); // sorting takes them twice
  const atOnce = quantiles.length > 0 && cellsToGather(grid, zones) * sources.length <= most;
  const table = new ZoneTable(sources.length, 'file' in zones ? undefined : zones.length);
  const wish = {
    moments: true,
    classes: request.classes,
    gather: atOnce ? ([-Infinity, Infinity] as const) : undefined,
  };
  await everyTile(request, tiles, wish, (output, tile) => table.add(output, tile));
  const found = quantiles.length > 0 ? await gatherQuantiles(request, tiles, table, quantiles, most) : undefined;
  const area = isMetric(grid) ? cellArea(grid) : undefined;
  return sources.map((_, source) =>
    table.ordered().map(({ zone, totals }) => statisticsOf(zone, totals[source], area, found?.[source].get(zone))),
  );
}

function statisticsOf(
  zone: number,
  { cells, count, min, max, sum, classes, variance }: ZoneTotals,
  cellArea: number | undefined,
  quantiles: readonly number[] | undefined,
): ZoneStatistics {
  const ascending = classes && new Map([...classes].sort(([a], [b]) => a - b));
  const base = { zone, count, nodata: cells - count, classes: ascending };
  if (count === 0) return base;
  let majority: number | undefined;
  for (const [code, times] of ascending ?? []) {
    if (majority === undefined || times > ascending!.get(majority)!) majority = code;
  }
  const total = sum.value;
  const area = cellArea === undefined ? undefined : count * cellArea;
  return { ...base, area, sum: total, mean: total / count, std: Math.sqrt(variance()), min, max, quantiles, majority };
}

/** Every cell that is gathered, at most. */
function cellsToGather(grid: Grid, zones: ZonalRequest['zones']): number {
  if ('file' in zones) return grid.width * grid.height;
  return zones.reduce((cells, spans) => cells + spanCells(spans), 0);
}

function tilesFor(grid: Grid, zones: ZonalRequest['zones'], tile: ZonalRequest['tile'] = TILE): ZoneTiles[] {
  const { width, height } = typeof tile === 'number' ? { width: tile, height: tile } : tile;
  return zoneTiles(tilingOf(grid, width, height), zones);
}
