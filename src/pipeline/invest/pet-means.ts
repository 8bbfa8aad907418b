/**
 * Mean potential evapotranspiration of zones from land cover and ET0: what pet.tif holds, cell for cell, whether it is written or not.
 * It has values where fractp may have none.
 */
import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { CellSpans } from '../../io/vector/rasterize-spans.ts';
import { forEachSpan } from '../../io/vector/rasterize-spans.ts';
import { fileReader } from '../readers.ts';
import type { FinishedRun } from './model.ts';

/** Cells that are read at once. */
const CELLS = 2 ** 22;

/** By zone; undefined where there is no valid cell. */
export async function petMeans(
  { platform: { pool }, prepared: { grid, layers, tables }, signal }: FinishedRun,
  zones: readonly CellSpans[],
): Promise<(number | undefined)[]> {
  const [lulc, et0] = ['lulc', 'et0'].map((name) => fileReader(layers.get(name)!, pool));
  const kc = new Map([...tables.biophysical].map(([code, row]) => [code, Math.fround(row.kc)]));
  const totals = zones.map(() => ({ sum: 0, count: 0 }));
  const height = Math.max(1, Math.floor(CELLS / grid.width));
  for (let y = 0; y < grid.height; y += height) {
    const window = { x: 0, y, width: grid.width, height: Math.min(height, grid.height - y) };
    const [codes, pet] = await Promise.all([lulc.read(window, signal), et0.read(window, signal)]);
    for (let i = 0; i < pet.length; i++)
      if (codes[i] === NODATA_CODE) pet[i] = NODATA;
      else if (pet[i] !== NODATA) pet[i] *= kc.get(codes[i])!;
    for (const [zone, spans] of zones.entries())
      forEachSpan(spans, window, (row, from, to) => {
        const start = (row - y) * grid.width;
        for (let i = start + from; i < start + to; i++)
          if (pet[i] !== NODATA) {
            totals[zone].sum += pet[i];
            totals[zone].count++;
          }
      });
  }
  return totals.map(({ sum, count }) => (count === 0 ? undefined : sum / count));
}
