/**
 * A model is data: inputs, tables, parameters and outputs with units and ranges, the equations and their sources, and the stages
 * (stage.ts) that compute one from the other. It knows no device, no file and no tile.
 */
import type { CellType } from './cells.ts';
import type { CellSize, Stage } from './stage.ts';
import type { Values } from './values.ts';

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
  /** It is in the unit of this other input, and converted to it where both files say one. */
  readonly unitOf?: string;
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
  /** What a user should know who gave these parameters and inputs, and no others: what has no effect, what is taken otherwise. */
  readonly remarks?: (params: Values, cell: CellSize, inputs: readonly string[]) => readonly string[];
  /** Not listed among the processes: a step that other analyses are made of. */
  readonly internal?: boolean;
}

export function defineModel<const M extends Model>(model: M): M {
  return model;
}

export function toleranceOf(model: Model, output: string): Tolerance {
  return model.tolerances?.[output] ?? model.tolerance;
}

/** Type of a plane of the engine by what it holds. */
export function planeType(kind: InputSpec['kind']): CellType {
  return kind === 'classes' ? 'u32' : 'f32';
}

/** The type of an input's plane. */
export function inputType(model: Model, input: string): CellType {
  return planeType(model.inputs[input].kind);
}
