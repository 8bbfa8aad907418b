/**
 * Quantiles of all zones. The values of a zone are gathered and sorted where they fit in memory, many zones in one pass; a zone that is
 * larger than that by itself is narrowed down by passes that only count.
 */
import type { Values } from '../plane-mapping.ts';
import { emptyHistogram, type Histogram } from './accumulate.ts';
import { type Selection, selectQuantiles } from './quantiles.ts';
import type { ZonalRequest } from './statistics.ts';
import { joined, type QuantilesInput, type ZonalTileOutput } from './tasks.ts';
import type { ZoneEntry, ZoneTable, ZoneTotals } from './totals.ts';
import { everyTile, type PassOptions, type ZonalWish, type ZoneTiles } from './zone-tiles.ts';

/** For each raster the quantiles of each zone that has a valid cell. */
export type ZoneQuantiles = readonly Map<number, readonly number[]>[];

/** Classes of a count: enough that one pass leaves a few thousandths, few enough to travel. */
const CLASSES = 4096;
/** Values that one task sorts, more or less. */
const BATCH = 2 ** 20;

/** `most`: values that may be in memory at once. */
export async function gatherQuantiles(
  request: ZonalRequest,
  tiles: readonly ZoneTiles[],
  table: ZoneTable,
  quantiles: readonly number[],
  most: number,
): Promise<ZoneQuantiles> {
  const found = request.sources.map(() => new Map<number, readonly number[]>());
  for (const [source, results] of found.entries()) {
    const waiting = table.ordered().filter(({ totals }) => totals[source].count > 0);
    const gathered = waiting.filter(({ totals }) => totals[source].values.length > 0);
    await sortAll(request, gathered, source, quantiles, results);
    // By their first tile, so that a pass over some zones is one over few tiles.
    const missing = waiting.filter(({ zone }) => !results.has(zone)).sort((a, b) => lowest(a.tiles) - lowest(b.tiles));
    for (const entries of batches(missing, source, most)) {
      if (entries[0].totals[source].count <= most) {
        await gatherInto(request, tiles, entries, source);
        await sortAll(request, entries, source, quantiles, results);
      } else {
        const [{ zone }] = entries;
        results.set(zone, await selectQuantiles(quantiles, selectionOf(request, tiles, entries[0], source, most)));
      }
    }
  }
  return found;
}

function lowest(numbers: readonly number[]): number {
  return numbers.reduce((least, number) => Math.min(least, number), Infinity);
}

/** Zones that fit in memory together; one that does not fit is by itself. */
function* batches(entries: readonly ZoneEntry[], source: number, most: number): Generator<ZoneEntry[]> {
  let batch: ZoneEntry[] = [];
  let held = 0;
  for (const entry of entries) {
    const { count } = entry.totals[source];
    if (batch.length > 0 && held + count > most) {
      yield batch;
      [batch, held] = [[], 0];
    }
    batch.push(entry);
    held += count;
  }
  if (batch.length > 0) yield batch;
}

/** One pass over one raster, in the tiles of some zones. */
function pass(
  request: ZonalRequest,
  tiles: readonly ZoneTiles[],
  entries: readonly ZoneEntry[],
  source: number,
  wish: ZonalWish,
  take: (output: ZonalTileOutput) => void,
): Promise<void> {
  const options: PassOptions = {
    sources: [request.sources[source]],
    only: new Set(entries.map(({ zone }) => zone)),
    tiles: [...new Set(entries.flatMap((entry) => entry.tiles))].sort((a, b) => a - b),
  };
  return everyTile({ ...request, progress: undefined }, tiles, wish, take, options);
}

async function gatherInto(
  request: ZonalRequest,
  tiles: readonly ZoneTiles[],
  entries: readonly ZoneEntry[],
  source: number,
): Promise<void> {
  const totals = new Map<number, ZoneTotals>(entries.map((entry) => [entry.zone, entry.totals[source]]));
  await pass(request, tiles, entries, source, { gather: [-Infinity, Infinity] }, ({ zones, sources }) => {
    for (const { gathered } of sources)
      for (const [i, zone] of zones.entries())
        totals.get(zone)!.values.push(gathered!.values.subarray(gathered!.starts[i], gathered!.starts[i + 1]));
  });
}

/** Sorts in the workers what was gathered, and lets go of it. */
async function sortAll(
  { pool, signal }: ZonalRequest,
  entries: readonly ZoneEntry[],
  source: number,
  quantiles: readonly number[],
  results: Map<number, readonly number[]>,
): Promise<void> {
  const tasks: Promise<void>[] = [];
  for (const batch of batches(entries, source, BATCH)) {
    const parts = batch.map(({ totals }) => totals[source].values);
    const values = joined(parts.flat());
    const starts = [0];
    for (const zone of parts) starts.push(zone.reduce((end, { length }) => end + length, starts[starts.length - 1]));
    const transfer = [values.buffer as ArrayBuffer];
    const input: QuantilesInput = { values, starts, quantiles };
    const sorting = pool
      .run<QuantilesInput, number[][]>('zonal_quantiles', input, { signal, transfer })
      .then((sorted) => {
        for (const [i, { zone, totals }] of batch.entries()) {
          results.set(zone, sorted[i]);
          totals[source].values = [];
        }
      });
    tasks.push(sorting);
  }
  for (const outcome of await Promise.allSettled(tasks)) if (outcome.status === 'rejected') throw outcome.reason;
}

/** Passes over one zone of one raster. */
function selectionOf(
  request: ZonalRequest,
  tiles: readonly ZoneTiles[],
  entry: ZoneEntry,
  source: number,
  most: number,
): Selection {
  const { count, min, max } = entry.totals[source];
  return {
    count,
    min,
    max,
    most,
    async histogram(bounds) {
      const total = emptyHistogram(CLASSES);
      const wish = { histogram: { bounds, classes: CLASSES } };
      await pass(request, tiles, [entry], source, wish, ({ sources }) => {
        for (const { histogram } of sources) addHistogram(total, histogram!);
      });
      return total;
    },
    async sorted(bounds) {
      const parts: Values[] = [];
      await pass(request, tiles, [entry], source, { gather: bounds }, ({ sources }) => {
        for (const { gathered } of sources) parts.push(gathered!.values);
      });
      const values = joined(parts);
      return request.pool.run('zonal_sort', values, {
        signal: request.signal,
        transfer: [values.buffer as ArrayBuffer],
      });
    },
  };
}

function addHistogram(total: Histogram, { counts, min, max }: Histogram): void {
  for (let i = 0; i < counts.length; i++) {
    total.counts[i] += counts[i];
    total.min[i] = Math.min(total.min[i], min[i]);
    total.max[i] = Math.max(total.max[i], max[i]);
  }
}
