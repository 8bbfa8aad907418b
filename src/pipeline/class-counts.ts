/** Class codes of a raster and how many cells have each: what a table has to cover. Counted before anything is computed. */

import { NODATA_CODE } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import { cellArea, type Grid } from '../core/grid.ts';
import type { ClassRows } from '../core/model.ts';
import type { TaskPool } from '../core/tasks.ts';
import { allOf } from '../engine/all-of.ts';
import type { FieldReader } from '../engine/run.ts';
import type { CountClassesInput } from '../io/tasks.ts';
import type { BoundLayer } from './layers.ts';

/** Pairs of code and count by ascending code. The workers share the raster, a band of whole rows of blocks each. */
export async function countCodes(
  pool: TaskPool,
  { path, mapping, info }: Pick<BoundLayer, 'path' | 'mapping' | 'info'>,
  signal?: AbortSignal,
): Promise<readonly (readonly [number, number])[]> {
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
  counts: readonly (readonly [number, number])[],
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
  const area = cellArea(grid) / 1e6;
  const list = missing.map(([code, cells]) => `${code} (${Number((cells * area).toPrecision(4))} km²)`).join(', ');
  throw new EcofluxError('InvalidInput', `classes without a row in ${table}: ${list}`, {
    file: path,
    fix: `add rows for ${missing.map(([code]) => code).join(', ')}, or make these classes nodata (in a project: layers: { lulc: { file: …, nodata: [${missing.map(([code]) => code).join(', ')}] } })`,
  });
}

/** Rows of the grid that are read at once. */
const BAND = 512;

/** The same as the analysis sees it: on its grid, inside its area. */
export async function countOnGrid(
  reader: FieldReader,
  grid: Grid,
  signal?: AbortSignal,
): Promise<readonly (readonly [number, number])[]> {
  const sums = new Map<number, number>();
  for (let y = 0; y < grid.height; y += BAND) {
    const codes = await reader.read({ x: 0, y, width: grid.width, height: Math.min(BAND, grid.height - y) }, signal);
    for (const code of codes) if (code !== NODATA_CODE) sums.set(code, (sums.get(code) ?? 0) + 1);
  }
  return [...sums].sort(([a], [b]) => a - b);
}
