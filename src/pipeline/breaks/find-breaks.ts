/** Breaks of a raster's values over all tiles: natural ones on its different values or on a fine histogram, quantiles, equal intervals. */
import { EcofluxError } from '../../core/errors.ts';
import type { Grid } from '../../core/grid.ts';
import type { TaskPool } from '../../core/tasks.ts';
import { type Tiling, tilesOf } from '../../core/tiles.ts';
import type { FieldReader } from '../../engine/run.ts';
import { SpanList } from '../../io/vector/rasterize-spans.ts';
import { type ZonalSource, zonalStatistics } from '../../io/zonal/statistics.ts';
import { eachTile } from '../../solvers/each-tile.ts';
import { quantumOf } from '../../solvers/som/quanta.ts';
import { WideSums } from '../../solvers/som/wide-sums.ts';
import { equalBreaks, quantileLevels } from '../../statistics/breaks.ts';
import { naturalRuns } from '../../statistics/natural-breaks.ts';
import {
  type HistogramResult,
  type HistogramTask,
  MOST_DIFFERENT,
  type ValuesResult,
  type ValuesTask,
} from '../../statistics/tasks.ts';

export type BreaksMethod = 'natural' | 'quantile' | 'equal';
export const BREAKS_METHODS: readonly BreaksMethod[] = ['natural', 'quantile', 'equal'];

/** Bins of a histogram where values are too many to be counted one by one. */
const BINS = 2 ** 16;

export interface BreaksRequest {
  readonly method: BreaksMethod;
  readonly classes: number;
  readonly grid: Grid;
  readonly tiling: Tiling;
  readonly source: ZonalSource;
  readonly reader: FieldReader;
  readonly pool: TaskPool;
  readonly memory: number;
  readonly signal?: AbortSignal;
}

export interface Breaks {
  /** Upper limits of the classes, ascending. */
  readonly breaks: readonly number[];
  /** Valid cells. */
  readonly count: number;
  readonly low: number;
  /** How they were found, in words. */
  readonly basis: string;
}

interface Counted {
  readonly count: number;
  readonly low: number;
  readonly high: number;
  /** Ascending; undefined where there are too many. */
  readonly different?: readonly (readonly [value: number, count: number])[];
}

/** @throws EcofluxError InvalidInput where no cell has a value, or fewer values differ than classes are asked for */
export async function findBreaks(request: BreaksRequest): Promise<Breaks> {
  const { method, classes } = request;
  const counted = await countValues(request, method === 'natural');
  const { count, low, high, different } = counted;
  if (different && different.length < classes)
    throw new EcofluxError('InvalidInput', 'there are fewer different values than classes', {
      found: `${different.length} different values`,
      expected: `at least ${classes}`,
      fix: 'ask for fewer classes',
    });
  const known = { count, low };
  if (method === 'equal')
    return { ...known, breaks: equalBreaks(low, high, classes), basis: 'smallest and largest value' };
  if (method === 'quantile') return { ...known, breaks: await quantileBreaks(request), basis: 'all values' };
  if (different)
    return { ...known, breaks: naturalOf(different, classes), basis: `all ${different.length} different values` };
  return { ...known, breaks: await fromHistogram(request, counted), basis: `a histogram of ${BINS} bins` };
}

async function countValues({ reader, pool, tiling, signal }: BreaksRequest, wanted: boolean): Promise<Counted> {
  let [count, low, high] = [0, Infinity, -Infinity];
  let different: Map<number, number> | undefined = wanted ? new Map() : undefined;
  await eachTile(tilesOf(tiling), { pool, signal }, async (tile) => {
    const values = (await reader.read(tile, signal)) as Float32Array;
    const task: ValuesTask = { values, different: different !== undefined };
    const found = await pool.run<ValuesTask, ValuesResult>('breaks_values', task, {
      signal,
      transfer: [values.buffer],
    });
    count += found.count;
    low = Math.min(low, found.low);
    high = Math.max(high, found.high);
    if (!found.different) different = undefined;
    for (const [i, x] of found.different?.values.entries() ?? [])
      different?.set(x, (different.get(x) ?? 0) + found.different!.counts[i]);
    if (different && different.size > MOST_DIFFERENT) different = undefined;
  });
  if (count === 0) throw new EcofluxError('InvalidInput', 'no cell has a value', { fix: 'check its nodata value' });
  return { count, low, high, different: different && [...different].sort(([a], [b]) => a - b) };
}

function naturalOf(different: NonNullable<Counted['different']>, classes: number): number[] {
  const cells = different.reduce((sum, [, count]) => sum + count, 0);
  const mean = different.reduce((sum, [x, count]) => sum + (x * count) / cells, 0);
  const counts = different.map(([, count]) => count);
  const sums = different.map(([x, count]) => count * (x - mean));
  return naturalRuns({ counts, sums }, classes).map((end) => different[end - 1][0]);
}

/** The largest value of the last bin of each run. */
async function fromHistogram(request: BreaksRequest, { count, low, high }: Counted): Promise<number[]> {
  const { reader, pool, tiling, signal, classes } = request;
  const quantum = quantumOf(Math.max(Math.abs(low), Math.abs(high)));
  const width = (high - low) / BINS;
  const counts = new Float64Array(BINS);
  const sums = new WideSums(BINS);
  const largest = new Float32Array(BINS).fill(-Infinity);
  await eachTile(tilesOf(tiling), { pool, signal }, async (tile) => {
    const values = (await reader.read(tile, signal)) as Float32Array;
    const task: HistogramTask = { values, low, width, bins: BINS, quantum };
    const options = { signal, transfer: [values.buffer] };
    const found = await pool.run<HistogramTask, HistogramResult>('breaks_histogram', task, options);
    sums.add(found.sums);
    for (let bin = 0; bin < BINS; bin++) {
      counts[bin] += found.counts[bin];
      if (found.high[bin] > largest[bin]) largest[bin] = found.high[bin];
    }
  });
  let total = 0n;
  for (let bin = 0; bin < BINS; bin++) total += sums.exact(bin);
  const mean = (Number(total) / count) * quantum;
  const filled = [...counts.keys()].filter((bin) => counts[bin] > 0);
  const runs = naturalRuns(
    {
      counts: filled.map((bin) => counts[bin]),
      sums: filled.map((bin) => sums.value(bin) * quantum - counts[bin] * mean),
    },
    classes,
  );
  return runs.map((end) => largest[filled[end - 1]]);
}

async function quantileBreaks({
  grid,
  source,
  classes,
  pool,
  memory,
  signal,
  tiling,
}: BreaksRequest): Promise<number[]> {
  const whole = new SpanList();
  for (let row = 0; row < grid.height; row++) whole.add(row, 0, grid.width);
  const { tileWidth: width, tileHeight: height } = tiling;
  const [[statistics]] = await zonalStatistics({
    grid,
    zones: [whole.toSpans()],
    sources: [source],
    quantiles: quantileLevels(classes),
    pool,
    memory,
    tile: { width, height },
    signal,
  });
  return [...statistics.quantiles!];
}
