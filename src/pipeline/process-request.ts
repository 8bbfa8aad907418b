/** One process on files: what is asked for, and what comes of it. */
import type { Grid } from '../core/grid.ts';
import type { Model } from '../core/model.ts';
import type { ClassRows, Values } from '../core/values.ts';
import type { FieldReader, RunTimings } from '../engine/run.ts';
import type { RasterDescription, WrittenRaster } from '../io/raster-writer.ts';
import type { Alignment, BoundLayer } from './layers.ts';
import type { OutputFolder } from './platform.ts';
import type { Summaries } from './summaries.ts';

export interface ProcessRequest {
  readonly model: Model;
  /** Paths by name of the input. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, string>>;
  /** As written: "15", "350 m3/yr". */
  readonly params: Readonly<Record<string, string>>;
  /** All but intermediates when absent. */
  readonly outputs?: readonly string[];
  readonly intermediates?: boolean;
  readonly out: string;
  readonly overwrite?: boolean;
  /** How rasters on other grids are brought to that of the first; refused when absent. `auto`: by the kind of the layer. */
  readonly align?: Alignment;
  readonly writing?: Pick<RasterDescription, 'compression' | 'level' | 'overviews'>;
  readonly extras?: ProcessExtras;
}

/** What a process that follows from its tables brings beside files that are read as they stand. */
export interface ProcessExtras {
  /** The tables of the model; `tables` of the request then only names files. */
  readonly rows: (layers: ReadonlyMap<string, BoundLayer>, grid: Grid) => Promise<Readonly<Record<string, ClassRows>>>;
  /** Inputs that no raster holds. */
  readonly sources?: (grid: Grid) => Promise<Readonly<Record<string, FieldReader>>>;
  /** Inputs whose range is to be among the records. */
  readonly ranges: readonly string[];
  /** A last look before anything is computed, and one at what the run has found; they throw. */
  readonly check: (layers: ReadonlyMap<string, BoundLayer>, grid: Grid) => Promise<void>;
  readonly verify: (layers: ReadonlyMap<string, BoundLayer>, records: ReadonlyMap<string, Values>) => Promise<void>;
  /** Writes what it has beside rasters. */
  readonly finish?: (folder: OutputFolder) => Promise<void>;
}

export interface ProcessRun {
  readonly out: string;
  readonly outputs: Readonly<Record<string, WrittenRaster>>;
  /** Numbers about the whole raster, by table. */
  readonly summaries: Summaries;
  readonly device: string;
  readonly seconds: number;
  readonly timings: RunTimings;
}
