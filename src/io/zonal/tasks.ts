/** The tasks of zonal statistics for worker threads: what the zones of one tile hold, and quantiles of gathered values. */
import type { Window } from '../../core/grid.ts';
import type { TaskContext, TaskTable } from '../../core/tasks.ts';
import type { PlaneMapping } from '../plane.ts';
import type { Values } from '../plane-mapping.ts';
import type { Raster } from '../raster.ts';
import {
  accumulate,
  countClassesOf,
  gather,
  type Histogram,
  histogramOf,
  type Moments,
  refuseHuge,
} from './accumulate.ts';
import { quantilesOf } from './quantiles.ts';
import { readValues } from './values.ts';
import { runsOfCodes, type ZoneRuns } from './zone-runs.ts';

/** A raster on the grid of the zones, or brought to it by its mapping. */
export interface ZonalSource {
  readonly file: string;
  readonly mapping: PlaneMapping;
}

export interface ZonalTileInput {
  readonly sources: readonly ZonalSource[];
  readonly window: Window;
  /** Runs of cells of the window, or the raster of zone codes (`only`: of these zones). */
  readonly zones: ZoneRuns | (ZonalSource & { readonly only?: readonly number[] });
  readonly moments?: boolean;
  readonly classes?: boolean;
  /** Valid values between two bounds. */
  readonly gather?: readonly [number, number];
  /** Of all zones together. */
  readonly histogram?: { readonly bounds: readonly [number, number]; readonly classes: number };
}

/** What was asked for, of one source. */
export interface ZonalTileSource {
  readonly moments?: Moments;
  /** Triples: zone of the runs, class, cells. */
  readonly classes?: Float64Array;
  readonly gathered?: { readonly starts: Uint32Array; readonly values: Values };
  readonly histogram?: Histogram;
}

export interface ZonalTileOutput {
  /** The zones that have cells in the window, as `ZoneRuns` numbers them. */
  readonly zones: Float64Array;
  readonly sources: readonly ZonalTileSource[];
}

export interface QuantilesInput {
  /** Of zone after zone; the task changes their order. */
  readonly values: Values;
  /** Where those of each zone begin, and the end. */
  readonly starts: readonly number[];
  readonly quantiles: readonly number[];
}

export type FileOpener = (file: string, context: TaskContext) => Promise<Raster>;

export function zonalTasks(open: FileOpener): TaskTable {
  return {
    async zonal_tile(input: ZonalTileInput, context) {
      const output = await zonalTile(input, open, context);
      const transfer = output.sources.flatMap(({ gathered }) =>
        gathered ? [gathered.values.buffer as ArrayBuffer] : [],
      );
      return { output, transfer };
    },

    /** Resolves to the quantiles of each zone. */
    async zonal_quantiles({ values, starts, quantiles }: QuantilesInput) {
      const zones = starts.slice(1).map((end, i) => values.subarray(starts[i], end));
      return { output: zones.map((zone) => quantilesOf(zone, quantiles)) };
    },

    /** Resolves to the values, sorted. */
    async zonal_sort(values: Values) {
      return { output: values.sort(), transfer: [values.buffer as ArrayBuffer] };
    },
  };
}

async function zonalTile(
  { sources, window, zones, moments, classes, gather: bounds, histogram }: ZonalTileInput,
  open: FileOpener,
  context: TaskContext,
): Promise<ZonalTileOutput> {
  const { signal } = context;
  const read = async ({ file, mapping }: ZonalSource) =>
    readValues(await open(file, context), window, mapping, { signal });
  const runs =
    'file' in zones ? runsOfCodes(await read(zones), window, zones.file, zones.only && new Set(zones.only)) : zones;
  const out: ZonalTileSource[] = [];
  for (const source of runs.zones.length > 0 ? sources : []) {
    const values = await read(source);
    const found = moments ? accumulate(values, runs) : undefined;
    if (found) refuseHuge(found, source.file);
    out.push({
      moments: found,
      classes: classes ? countClassesOf(values, runs, window, source.file) : undefined,
      gathered: bounds && gather(values, runs, bounds),
      histogram: histogram && histogramOf(values, runs, histogram.bounds, histogram.classes),
    });
  }
  return { zones: runs.zones, sources: out };
}

/** One array of its own with all values; float32 only where every part is. */
export function joined(parts: readonly Values[]): Values {
  let length = 0;
  for (const part of parts) length += part.length;
  const single = parts.every((part) => part instanceof Float32Array);
  const out = single ? new Float32Array(length) : new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
