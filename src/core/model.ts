/**
 * A model is data: inputs, tables, parameters and outputs with units and ranges, the equations and their sources, and the stages
 * that compute one from the other. It knows no device, no file and no tile. Five kinds of stage (architecture.md section 2).
 */
import type { CellType } from './cells.ts';
import { EcofluxError } from './errors.ts';

export interface InputSpec {
  readonly about: string;
  readonly unit: string;
  /** `classes`: codes (nearest resampling only); `count`: amounts per cell; `density` and `quantity`: everything else. */
  readonly kind: 'classes' | 'quantity' | 'density' | 'count';
  /** Name of the project layer it is taken from; the input's own name when absent. */
  readonly layer?: string;
  /** InVEST's argument for it, accepted as another name. */
  readonly invest?: string;
  readonly optional?: boolean;
  /** Values outside are reported as implausible for the unit. */
  readonly plausible?: readonly [number, number];
  /** Where the largest value of a region lies; one outside of it speaks of another unit. */
  readonly largest?: readonly [number, number];
  /** Values up to `upTo` are no error and seldom meant: a run that meets them says what comes of them, and of such a mean where it takes one. */
  readonly doubtful?: { readonly upTo: number; readonly words: string; readonly mean?: string };
  /** Its valid cells must not all be the same: what cannot be told then. */
  readonly varied?: string;
  /** In a project: the output of another model, unless a layer is named for it. */
  readonly from?: InputOrigin;
}

/** An output of a model; or one for each choice of the reading model's parameter `by`. */
export type InputOrigin =
  | { readonly model: string; readonly output: string }
  | { readonly model: string; readonly by: string; readonly outputs: Readonly<Record<string, string>> };

/** A table with one row for each class code of the raster input `of`. */
export interface TableSpec {
  readonly about: string;
  /** Class rasters whose codes it must cover. */
  readonly of: readonly string[];
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  readonly invest?: string;
}

export interface ColumnSpec {
  readonly about: string;
  readonly unit: string;
  readonly range?: readonly [number, number];
  /** Only these values. */
  readonly values?: readonly number[];
  /** Texts that stand in the table: the first one is 0, the next 1, … */
  readonly choices?: readonly string[];
  /** Needed only where this parameter is not 0. */
  readonly when?: string;
  /** Needed only where this parameter is 0. */
  readonly unless?: string;
}

export interface ParamSpec {
  readonly about: string;
  readonly unit: string;
  readonly range?: readonly [number, number];
  readonly default?: number;
  readonly integer?: boolean;
  /** Names of its values: the first one is 0, the next 1, … Users give the name. */
  readonly choices?: readonly string[];
  /**
   * What the raster of an input or output of the model gives where no value is given; `middle` is half of smallest and largest together.
   * Smallest and largest of an input are those of all years together in a project.
   */
  readonly found?: { readonly of: string; readonly as: 'low' | 'high' | 'middle' | 'mean' };
  /** May be left out without a default; stages that need it then do not run. */
  readonly optional?: boolean;
}

export interface OutputSpec {
  readonly about: string;
  readonly unit: string;
  readonly range?: readonly [number, number];
  /** InVEST writes it to its `intermediate` folder; only on request here. */
  readonly intermediate?: boolean;
  /** It is this input as the model saw it, brought to the grid. */
  readonly aligned?: string;
  /** Class codes instead of a quantity. */
  readonly classes?: boolean;
  /** Class numbers that may be negative, in a plane of floats: written as signed bytes with nodata −128, with names and colours. */
  readonly signed?: boolean;
  /** Of codes that the model makes: the largest, which decides the type of the file; that of its names when absent, or any. */
  readonly largestCode?: number;
  /** Names of the codes that the model makes, with colours (red, green, blue, 0 to 255). */
  readonly classNames?: Readonly<Record<number, string>>;
  readonly colours?: Readonly<Record<number, readonly [number, number, number]>>;
  /** What is otherwise for a value of a parameter with choices: codes that mean something else with another algorithm. */
  readonly by?: { readonly param: string; readonly values: Readonly<Record<number, Partial<OutputSpec>>> };
  /** What it says of the inputs that every valid cell has this value. */
  readonly uniform?: Readonly<Record<number, string>>;
  /** What it says of them that no cell has one. */
  readonly empty?: string;
  /** The output that a service takes as its supply (or demand). */
  readonly service?: boolean | 'supply' | 'demand';
  /** Drawn around this value with two colours. */
  readonly centre?: number;
}

export type Values = Readonly<Record<string, number>>;

/** Metres, where the CRS has metres; CRS units otherwise. */
export interface CellSize {
  readonly cellWidth: number;
  readonly cellHeight: number;
}

interface StageBase {
  /** Name within the model; the entry point's when absent. */
  readonly id?: string;
  /** Shader of another model that has the entry point. */
  readonly shader?: string;
  /** Field of the model for a binding (or a plane of one) of the shader, where the names differ. */
  readonly bind?: Readonly<Record<string, string>>;
  /** Parameters of the shader or operator from the model's parameters and the size of a cell: those that are not the model's of the same name. */
  readonly params?: (params: Values, cell: CellSize) => Values;
  /** It runs only where this parameter of the model is not 0. */
  readonly when?: string;
  /** It runs only where this parameter of the model is 0. */
  readonly unless?: string;
}

/** One cell of each input. */
export interface LocalStage extends StageBase {
  readonly local: string;
}

/** A window of `halo` cells around each cell. */
export interface FocalStage extends StageBase {
  readonly focal: string;
  readonly halo: number;
}

/** A tile to a partial record; these are merged in tile order, then finished into the record other stages read. */
export interface ReduceStage extends StageBase {
  readonly reduce: string;
  /** Cells that one workgroup reduces to one partial record. */
  readonly block: { readonly width: number; readonly height: number };
  readonly empty: Values;
  readonly merge: (a: Values, b: Values) => Values;
  readonly finish: (merged: Values, params: Values) => Values;
}

/** Stages repeated until `residual` (a reduce stage) falls below `until`, at most `limit` times. */
export interface RepeatStage extends StageBase {
  readonly repeat: readonly (LocalStage | FocalStage)[];
  readonly residual: ReduceStage;
  readonly until: number;
  readonly limit: number;
}

/** A global operator of src/solvers, by id. */
export interface SolveStage extends StageBase {
  readonly solve: string;
}

export type Stage = LocalStage | FocalStage | ReduceStage | RepeatStage | SolveStage;
export type StageKind = 'local' | 'focal' | 'reduce' | 'repeat' | 'solve';

/** What a global operator finds beside its planes, as one row of a table. */
export interface SummarySpec {
  readonly about: string;
  /** Name of the stage. */
  readonly stage: string;
  /** Among the facts of the operator. */
  readonly numbers: Readonly<Record<string, { readonly about: string; readonly unit: string }>>;
}

export interface Tolerance {
  readonly rtol: number;
  /** In the unit of the output. */
  readonly atol: number;
  readonly because: string;
}

export interface Model {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly equations: readonly string[];
  readonly sources: readonly string[];
  readonly inputs: Readonly<Record<string, InputSpec>>;
  readonly tables?: Readonly<Record<string, TableSpec>>;
  readonly params: Readonly<Record<string, ParamSpec>>;
  readonly outputs: Readonly<Record<string, OutputSpec>>;
  /** Numbers about the whole raster, by the name of their table. */
  readonly summaries?: Readonly<Record<string, SummarySpec>>;
  readonly stages: readonly Stage[];
  readonly tolerance: Tolerance;
  /** Closer tolerances for single outputs, or wider ones with their reason. */
  readonly tolerances?: Readonly<Record<string, Tolerance>>;
  /** Uses lengths or areas of cells: the grid needs a CRS in metres. Always, or with some parameters. */
  readonly metric?: boolean | ((params: Values) => boolean);
  /** Its lengths are counted in cells: they have to be square. */
  readonly square?: boolean;
  /** Not listed among the processes: a step that other analyses are made of. */
  readonly internal?: boolean;
}

export function defineModel<const M extends Model>(model: M): M {
  return model;
}

/** Whether a model with these parameters, or their defaults, uses sizes of cells. */
export function isMetricModel({ metric, params }: Pick<Model, 'metric' | 'params'>, given: Values): boolean {
  if (typeof metric !== 'function') return metric ?? false;
  const withDefaults = Object.entries(params).map(([name, spec]) => [name, given[name] ?? spec.default ?? Number.NaN]);
  return metric(Object.fromEntries(withDefaults));
}

/** An output as a run with these parameters makes it. */
export function outputSpec(
  { params, outputs }: Pick<Model, 'params' | 'outputs'>,
  name: string,
  given: Values,
): OutputSpec {
  const { by, ...spec } = outputs[name];
  return by ? { ...spec, ...by.values[given[by.param] ?? params[by.param]?.default] } : spec;
}

/** The columns of a table that a run with these parameters needs. */
export function usedColumns(
  { params }: Pick<Model, 'params'>,
  { columns }: TableSpec,
  given: Values,
): TableSpec['columns'] {
  const isZero = (param: string) => (given[param] ?? params[param]?.default) === 0;
  const used = ({ when, unless }: ColumnSpec) => !(when && isZero(when)) && (!unless || isZero(unless));
  return Object.fromEntries(Object.entries(columns).filter(([, column]) => used(column)));
}

export function stageReference({ model, reference }: RegisteredModel, entry: string): StageReference {
  return own(model, reference, entry) as StageReference;
}

export function reduceReference({ model, reference }: RegisteredModel, entry: string): ReduceReference {
  return own(model, reference, entry) as ReduceReference;
}

function own(model: Model, reference: Readonly<Record<string, unknown>>, entry: string): unknown {
  if (Object.hasOwn(reference, entry)) return reference[entry];
  throw new EcofluxError('Bug', `${model.id} has no reference for its entry point '${entry}'`);
}

export function stageKind(stage: Stage): StageKind {
  if ('local' in stage) return 'local';
  if ('focal' in stage) return 'focal';
  if ('reduce' in stage) return 'reduce';
  if ('repeat' in stage) return 'repeat';
  return 'solve';
}

/** The shader entry point or solver a stage runs; also its name in plans and timings. */
export function stageEntry(stage: Stage): string {
  if ('local' in stage) return stage.local;
  if ('focal' in stage) return stage.focal;
  if ('reduce' in stage) return stage.reduce;
  if ('repeat' in stage) return 'repeat';
  return stage.solve;
}

export function stageName(stage: Stage): string {
  return stage.id ?? stageEntry(stage);
}

export function toleranceOf(model: Model, output: string): Tolerance {
  return model.tolerances?.[output] ?? model.tolerance;
}

/** Cells of a class table: one value per column for a code; undefined where the table has no row for it. */
export type ClassRow = Values;
export type ClassRows = ReadonlyMap<number, ClassRow>;

/** What a stage sees beside its planes: where the tile lies in the grid, and how its planes are padded. */
export interface TileContext {
  readonly width: number;
  readonly height: number;
  /** Elements per row of every input plane; cell (x, y) of the tile is at (y + halo) * pitch + x + halo. */
  readonly pitch: number;
  readonly halo: number;
  readonly x: number;
  readonly y: number;
  readonly gridWidth: number;
  readonly gridHeight: number;
  /** Metres, where the CRS has metres; CRS units otherwise. */
  readonly cellWidth: number;
  readonly cellHeight: number;
}

export type InputPlane = Float32Array | Float64Array | Uint32Array;

/** The definition of one stage in float64, over one rectangle of cells. Outputs have no halo and no padding. */
export type StageReference = (
  inputs: Readonly<Record<string, InputPlane>>,
  params: Values,
  tile: TileContext,
  tables: Readonly<Record<string, ClassRows>>,
) => Readonly<Record<string, Float64Array>>;

/** The same for a reduce stage: one partial record for the rectangle. */
export type ReduceReference = (
  inputs: Readonly<Record<string, InputPlane>>,
  params: Values,
  tile: TileContext,
) => Values;

/** What the registry holds of a model. */
export interface RegisteredModel {
  readonly model: Model;
  /** One StageReference or ReduceReference for each entry point; typed by the shader in core/model-reference.ts. */
  readonly reference: Readonly<Record<string, unknown>>;
}

/** Type of a plane of the engine by what it holds. */
export function planeType(kind: InputSpec['kind']): CellType {
  return kind === 'classes' ? 'u32' : 'f32';
}
