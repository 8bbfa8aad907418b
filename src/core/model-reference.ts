/**
 * The reference of a model: the definition of its stages in float64. As the engine calls it by the name of an entry point, and as models
 * write it, typed by their shader: a name changed in the .wgsl file stops the compiler there.
 */
import type { SHADERS } from '../generated/shaders.ts';
import { EcofluxError } from './errors.ts';
import type { Model } from './model.ts';
import type { EntryNames, ParamNames, ReadNames, TableFields, TableNames, WriteNames } from './shader-table.ts';
import type { ClassRows, Values } from './values.ts';

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
  /** One StageReference or ReduceReference for each entry point; see Reference for their types. */
  readonly reference: Readonly<Record<string, unknown>>;
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

type Shaders = typeof SHADERS;
type Writes<S extends Shaders[keyof Shaders], E extends keyof S['entries']> = S['entries'][E] extends {
  readonly bindings: readonly (infer B)[];
}
  ? Extract<B, { readonly record: unknown }>
  : never;

type Inputs<S extends Shaders[keyof Shaders], E extends keyof S['entries']> = Readonly<
  Record<Exclude<ReadNames<S, E>, TableNames<S, E>> & string, InputPlane>
>;
type Tables<S extends Shaders[keyof Shaders], E extends keyof S['entries']> = {
  readonly [T in TableNames<S, E> & string]: ReadonlyMap<number, Readonly<Record<TableFields<S, E, T>, number>>>;
};
type Params<S extends Shaders[keyof Shaders]> = Readonly<Record<ParamNames<S>, number>>;

/** The reference of a model: for each entry point of its shader, the same in float64. */
export type Reference<Id extends keyof Shaders> = {
  readonly [E in EntryNames<Shaders[Id]>]: [Writes<Shaders[Id], E>] extends [never]
    ? (
        inputs: Inputs<Shaders[Id], E>,
        params: Params<Shaders[Id]>,
        tile: TileContext,
        tables: Tables<Shaders[Id], E>,
      ) => Readonly<Record<WriteNames<Shaders[Id], E> & string, Float64Array>>
    : (inputs: Inputs<Shaders[Id], E>, params: Params<Shaders[Id]>, tile: TileContext) => Values;
};
