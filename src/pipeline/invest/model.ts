/** What `ecoflux invest` knows of a model beside its specification: InVEST's arguments, where its files go, and what is made of the results. */
import type { EcofluxError } from '../../core/errors.ts';
import type { Grid } from '../../core/grid.ts';
import type { Model } from '../../core/model.ts';
import type { ClassRows, Values } from '../../core/values.ts';
import type { Resampling } from '../../core/warp.ts';
import type { FieldReader } from '../../engine/run.ts';
import type { CsvTable } from '../../io/class-table.ts';
import type { RasterDescription, WrittenRaster } from '../../io/raster-writer.ts';
import type { CellSpans } from '../../io/vector/rasterize-spans.ts';
import type { ZoneTally } from '../../io/zonal/zone-tally.ts';
import type { BoundLayer, LayerFile } from '../layers.ts';
import type { OutputFolder, Platform } from '../platform.ts';
import type { Problems } from '../problems.ts';
import type { Arguments, CheckedArguments } from './argument.ts';
import type { Zones } from './zones.ts';

export interface InvestModel {
  readonly model: Model;
  /** Other names by which an argument file may call it. */
  readonly aliases: readonly string[];
  readonly arguments: Arguments;
  /** Folders of the workspace, with a slash at the end where they are not the workspace itself. */
  readonly folders: { readonly outputs: string; readonly intermediates: string };
  /** Where the model follows from tables: what is run instead, with what the arguments then are. */
  readonly expand?: (checked: CheckedArguments, platform: Platform) => Promise<ExpandedRun>;
  /** Tables where they do not stand in the files as the model reads them. */
  readonly tables?: (prepared: PreparedRun, signal?: AbortSignal) => Promise<Readonly<Record<string, ClassRows>>>;
  /** Inputs that no raster holds. */
  readonly sources?: (prepared: PreparedRun) => Promise<Readonly<Record<string, FieldReader>>>;
  /** Inputs whose range is to be among the records. */
  readonly ranges?: readonly string[];
  /** A last look before anything is computed: throws, or tells the log. */
  readonly check?: (prepared: PreparedRun, log: (line: string) => void, signal?: AbortSignal) => Promise<void>;
  /** Results that are written always, and that InVEST keeps in the folder of its intermediates. */
  readonly amongIntermediates?: readonly string[];
  /** Rules between arguments. */
  rules(checked: CheckedArguments): readonly EcofluxError[];
  /** A table before it is read, where InVEST does not look at all of it. */
  readonly tidy?: (table: CsvTable) => CsvTable;
  /** How inputs in other grids are brought to that of the results; by nearest neighbour where nothing is said. */
  readonly resampling?: Readonly<Record<string, Resampling>>;
  /** The vector argument outside of whose polygons every raster is nodata. */
  readonly mask?: string;
  /** How an output is written, where it is not as a quantity that is never negative. */
  readonly describe?: (
    output: string,
    checked: CheckedArguments,
    layers: PreparedRun['layers'],
  ) => Partial<RasterDescription>;
  /** Outputs without any value mean that the inputs are wrong; all but intermediates when absent. */
  readonly essential?: readonly string[];
  /** Outputs of the model that the arguments ask for, intermediates aside. */
  outputs(checked: CheckedArguments): readonly string[];
  /** Intermediates that can be made. */
  intermediates(checked: CheckedArguments): readonly string[];
  /** Outputs whose sums over the zones of an argument `finish` needs. */
  readonly summed?: { readonly zones: string; outputs(checked: CheckedArguments): readonly string[] };
  /** The grid of the results. What keeps there from being one becomes a problem. */
  gridOf(opened: OpenedRun): Promise<Grid | undefined>;
  /** Tables and vectors from the rasters that are there: file names with what they hold, for the result document. */
  finish(run: FinishedRun): Promise<Readonly<Record<string, unknown>>>;
}

export interface ExpandedRun {
  readonly invest: InvestModel;
  readonly checked: CheckedArguments;
}

/** Files opened and described. */
export interface OpenedRun {
  readonly checked: CheckedArguments;
  /** By input of the model. */
  readonly files: ReadonlyMap<string, LayerFile>;
  /** By argument. */
  readonly zones: ReadonlyMap<string, Zones>;
  readonly platform: Platform;
  readonly problems: Problems;
}

/** Everything that is needed to compute. */
export interface PreparedRun {
  readonly checked: CheckedArguments;
  readonly grid: Grid;
  /** By input of the model. */
  readonly layers: ReadonlyMap<string, BoundLayer>;
  /** By argument. */
  readonly zones: ReadonlyMap<string, Zones>;
  readonly tables: Readonly<Record<string, ClassRows>>;
  readonly params: Readonly<Record<string, number>>;
  /** Cells that the rasters are read in; all when absent. */
  readonly mask?: CellSpans;
  /** By input of the model: those that no raster holds. */
  readonly sources?: Readonly<Record<string, FieldReader>>;
}

export interface FinishedRun {
  readonly prepared: PreparedRun;
  readonly folder: OutputFolder;
  readonly platform: Platform;
  /** By output of the model: file in the workspace, and what was written. */
  readonly written: ReadonlyMap<string, { readonly file: string } & WrittenRaster>;
  /** Whether InVEST's intermediates are written too. */
  readonly intermediates: boolean;
  /** Of `summed`, by output of the model. */
  readonly tallies: ReadonlyMap<string, ZoneTally>;
  /** What reductions of the run found. */
  readonly records: ReadonlyMap<string, Values>;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** The argument by which InVEST names an input or table of a model; the model's own name where it has no other. */
export function argumentOf(model: Model, name: string): string {
  return model.inputs[name]?.invest ?? model.tables?.[name]?.invest ?? name;
}
