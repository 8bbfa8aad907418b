/** The types of a reference, drawn from its shader: a name changed in the .wgsl file stops the compiler here. */
import type { SHADERS } from '../generated/shaders.ts';
import type { InputPlane, TileContext, Values } from './model.ts';
import type { EntryNames, ParamNames, ReadNames, TableFields, TableNames, WriteNames } from './shader-table.ts';

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
