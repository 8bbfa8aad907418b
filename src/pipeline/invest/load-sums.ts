/**
 * Loads of nutrients by watershed: what surface_load and sub_load hold, cell for cell, whether they are written or not. They have values
 * where exports have none.
 */
import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import { cellArea } from '../../core/grid.ts';
import { sumOf } from '../../engine/found-params.ts';
import { forEachSpan } from '../../io/vector/rasterize-spans.ts';
import { zoneCells } from '../../io/zonal/zone-cells.ts';
import { gridReader } from '../readers.ts';
import type { FinishedRun } from './model.ts';
import type { Zones } from './zones.ts';

/** Cells that are read at once. */
const CELLS = 2 ** 22;

const NAMES = ['n_surface_load', 'n_subsurface_load', 'p_surface_load'] as const;
export type Loads = Readonly<Record<(typeof NAMES)[number], number>>;

/** kg in a year, by zone. */
export async function loadSums(run: FinishedRun, { features }: Zones): Promise<readonly Loads[]> {
  const { grid, layers, tables, mask } = run.prepared;
  const [lulc, proxy] = ['lulc', 'runoff_proxy'].map((name) => gridReader(layers.get(name)!, run.platform.pool, mask));
  const amounts = amountsOf(tables.biophysical);
  const mean = meanOf(run);
  const zones = zoneCells(features, grid);
  const sums = zones.map(() => [0, 0, 0]);
  const height = Math.max(1, Math.floor(CELLS / grid.width));
  for (let y = 0; y < grid.height; y += height) {
    const window = { x: 0, y, width: grid.width, height: Math.min(height, grid.height - y) };
    const [codes, runoff] = await Promise.all([lulc.read(window, run.signal), proxy.read(window, run.signal)]);
    for (const [zone, spans] of zones.entries())
      forEachSpan(spans, window, (row, from, to) => {
        const start = (row - y) * grid.width;
        const sum = sums[zone];
        for (let i = start + from; i < start + to; i++) {
          if (codes[i] === NODATA_CODE || runoff[i] === NODATA) continue;
          const index = Math.fround(runoff[i] / mean);
          const [surface, ground, phosphorus] = amounts.get(codes[i])!;
          sum[0] += surface * index;
          sum[1] += ground * index;
          sum[2] += phosphorus * index;
        }
      });
  }
  const hectares = cellArea(grid) / 1e4;
  return sums.map((sum) => Object.fromEntries(NAMES.map((name, i) => [name, sum[i] * hectares])) as Loads);
}

/** kg/(ha yr) of each class at the mean of the runoff proxy; 0 for a nutrient that the table does not have. */
function amountsOf(rows: FinishedRun['prepared']['tables'][string]): ReadonlyMap<number, readonly number[]> {
  const applied = (load: number, efficiency: number, type: number) => (type === 1 ? load * (1 - efficiency) : load);
  return new Map(
    [...rows].map(([code, row]) => {
      const n = applied(row.load_n ?? 0, row.eff_n, row.load_type_n);
      const p = applied(row.load_p ?? 0, row.eff_p, row.load_type_p);
      const ground = row.proportion_subsurface_n ?? 0;
      return [code, [n * (1 - ground), n * ground, p]];
    }),
  );
}

/** What the proxy was divided by. */
function meanOf({ prepared: { params, layers }, records }: FinishedRun): number {
  const { field } = layers.get('runoff_proxy')!;
  const mean = params.runoff_proxy_av ?? records.get(sumOf(field))!.mean;
  return mean === 0 ? 1 : Math.fround(mean);
}
