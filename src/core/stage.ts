/** The stages of a model: one entry point of a shader over tiles, or a global operator over whole fields (architecture.md section 2). */
import type { Values } from './values.ts';

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
