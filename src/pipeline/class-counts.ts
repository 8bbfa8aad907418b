/** Class codes of a raster and how many cells have each: what a table has to cover. Counted before anything is computed. */
import { allOf } from '../core/all-of.ts';
import { NODATA_CODE } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import { cellArea, type Grid, isMetric } from '../core/grid.ts';
import type { TaskPool } from '../core/tasks.ts';
import { tilesOf, tilingOf } from '../core/tiles.ts';
import type { ClassRows } from '../core/values.ts';
import type { FieldReader } from '../engine/run.ts';
import type { CountClassesInput } from '../io/tasks.ts';
import type { CellSpans } from '../io/vector/rasterize-spans.ts';
import type { BoundLayer } from './layers.ts';
import { gridReader } from './readers.ts';

/** Pairs of code and count, by ascending code. */
export type Counts = readonly (readonly [number, number])[];

/** The workers share the raster, a band of whole rows of blocks each. */
export async function countCodes(
  pool: TaskPool,
  { path, mapping, info }: Pick<BoundLayer, 'path' | 'mapping' | 'info'>,
  signal?: AbortSignal,
): Promise<Counts> {
  const { blockHeight, grid } = info;
  const { width, height } = grid;
  const rows = Math.ceil(Math.ceil(height / pool.size) / blockHeight) * blockHeight;
  const bands = Array.from({ length: Math.ceil(height / rows) }, (_, band) => {
    const window = { x: 0, y: band * rows, width, height: Math.min(rows, height - band * rows) };
    const input = { file: path, window, band: mapping.band, extraNodata: mapping.extraNodata };
    return pool.run<CountClassesInput, readonly (readonly [number, number])[]>('count_classes', input, { signal });
  });
  const sums = new Map<number, number>();
  for (const counts of await allOf(bands)) {
    for (const [code, count] of counts) sums.set(code, (sums.get(code) ?? 0) + count);
  }
  return [...sums].sort(([a], [b]) => a - b);
}

/** @throws EcofluxError InvalidInput naming the codes that have no row in the table, with their area */
export function checkCodes(
  { path, info }: Pick<BoundLayer, 'path' | 'info'>,
  counts: Counts,
  rows: ClassRows,
  table: string,
  grid: Grid = info.grid,
): void {
  if (counts.length === 0)
    throw new EcofluxError('InvalidInput', 'there is no valid cell in the raster', {
      file: path,
      found: 'nodata everywhere',
      fix: 'check its declared nodata value',
    });
  const missing = counts.filter(([code]) => !rows.has(code)).sort(([a], [b]) => a - b);
  if (missing.length === 0) return;
  const area = isMetric(grid) ? cellArea(grid) / 1e6 : undefined;
  const share = (cells: number) => (area ? `${Number((cells * area).toPrecision(4))} km²` : `${cells} cells`);
  const list = missing.map(([code, cells]) => `${code} (${share(cells)})`).join(', ');
  throw new EcofluxError('InvalidInput', `classes without a row in ${table}: ${list}`, {
    file: path,
    fix: `add rows for ${missing.map(([code]) => code).join(', ')}, or make these classes nodata (in a project: layers: { lulc: { file: …, nodata: [${missing.map(([code]) => code).join(', ')}] } })`,
  });
}

/** Rows and columns of the grid that are read at once: whole rows of blocks, but bounded however wide the grid. */
const BAND = 512;
const SPAN = 2 ** 15;

/**
 * Counts of the whole raster, or, where some codes have no row, of the cells that matter: classes that lie outside of the grid or of the
 * study area concern nobody.
 */
export async function countUsed(
  { pool, bound, quick, rows }: { pool: TaskPool; bound: BoundLayer; quick: Counts; rows: ClassRows },
  grid: Grid,
  mask?: CellSpans,
  signal?: AbortSignal,
): Promise<Counts> {
  if (quick.every(([code]) => rows.has(code)) || !(mask || bound.mapping.resampling)) return quick;
  return countOnGrid(gridReader(bound, pool, mask), grid, signal);
}

/** The same as the analysis sees it: on its grid, inside its area. */
export async function countOnGrid(reader: FieldReader, grid: Grid, signal?: AbortSignal): Promise<Counts> {
  const sums = new Map<number, number>();
  for (const { x, y, width, height } of tilesOf(tilingOf(grid, SPAN, BAND))) {
    const window = { x, y, width, height };
    if (reader.empty?.(window)) continue;
    const codes = await reader.read(window, signal);
    for (const code of codes) if (code !== NODATA_CODE) sums.set(code, (sums.get(code) ?? 0) + 1);
  }
  return [...sums].sort(([a], [b]) => a - b);
}
