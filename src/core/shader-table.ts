/**
 * The form of the shader table that `scripts/build-shaders.mjs` writes to src/generated/shaders.ts, and the types that the rest of
 * the code draws from it, so that a name changed in a .wgsl file stops the compiler wherever the old one is used.
 */

/** Shaders by id, the kebab-case base name of the file. */
export type ShaderTable = Readonly<Record<string, Shader>>;

export interface Shader {
  /** Path from the project root: "shaders/models/carbon.wgsl". */
  readonly file: string;
  /** WGSL with imports resolved: what the device compiles. */
  readonly code: string;
  readonly entries: Readonly<Record<string, ShaderEntry>>;
  /** Layout of the uniform at group 1, binding 1; absent where the shader has no params. */
  readonly params?: StructLayout;
  /** Every override of the module with its default. */
  readonly overrides: Readonly<Record<string, number>>;
  /** Source map: from output line `from` (counted from 1) to the next run, lines are those of `file`, from its line 1. */
  readonly lines: readonly SourceRun[];
}

export interface ShaderEntry {
  /** 'tile': WORKGROUP_X × WORKGROUP_Y, one invocation per cell; otherwise the literal size. */
  readonly workgroup: 'tile' | readonly [number, number, number];
  /** The storage buffers (group 0) this entry point uses, in binding order: reads, then writes. */
  readonly bindings: readonly BindingReflection[];
  /** The uniforms (group 1) it uses: `tile` is binding 0, `params` is binding 1. */
  readonly uniforms: readonly ('tile' | 'params')[];
}

export interface BindingReflection {
  readonly name: string;
  readonly group: 0;
  readonly binding: number;
  readonly access: 'read' | 'read_write';
  /** Element type of the array: "f32", "u32", "i32", "vec2<u32>", … or the name of a struct. */
  readonly type: string;
  /** Bytes from one element to the next. */
  readonly stride: number;
  /** Elements are `atomic<type>`. */
  readonly atomic?: true;
  /** Several planes packed in one written buffer: plane p starts at element p · tile.plane. */
  readonly planes?: readonly string[];
  /** A read array of structs: a class table, one row per class. */
  readonly table?: RowLayout;
  /** A written array of structs: records, such as the partials of a reduction. */
  readonly record?: RowLayout;
}

export type ScalarType = 'f32' | 'u32' | 'i32';

export interface FieldLayout {
  readonly name: string;
  /** Bytes from the start of the struct. */
  readonly offset: number;
  readonly type: ScalarType;
}

export interface StructLayout {
  /** Bytes. */
  readonly size: number;
  readonly fields: readonly FieldLayout[];
}

export interface RowLayout {
  /** Bytes from one row to the next. */
  readonly stride: number;
  readonly fields: readonly FieldLayout[];
}

export interface SourceRun {
  readonly file: string;
  readonly from: number;
}

export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where line and column (from 1) of `shader.code`, as a compiler reports them, stand in the .wgsl files. */
export function originalPosition(shader: Pick<Shader, 'lines'>, line: number, column: number): SourcePosition {
  let run = shader.lines[0];
  for (const next of shader.lines) if (next.from <= line) run = next;
  return { file: run.file, line: line - run.from + 1, column };
}

type BindingOf<S extends Shader, E extends keyof S['entries']> = S['entries'][E] extends {
  readonly bindings: readonly (infer B)[];
}
  ? B
  : never;
type PlaneName<B> = B extends { readonly planes: readonly (infer P)[] }
  ? P
  : B extends { readonly name: infer N }
    ? N
    : never;
type FieldName<L> = L extends { readonly fields: readonly { readonly name: infer N }[] } ? N : never;

/** Entry points of a shader. */
export type EntryNames<S extends Shader> = keyof S['entries'] & string;

/** Names of all buffers that entry point E of shader S reads: planes and class tables. */
export type ReadNames<S extends Shader, E extends keyof S['entries']> = PlaneName<
  Extract<BindingOf<S, E>, { readonly access: 'read' }>
> &
  string;

/** Those of ReadNames that are class tables. */
export type TableNames<S extends Shader, E extends keyof S['entries']> = PlaneName<
  Extract<BindingOf<S, E>, { readonly table: RowLayout }>
> &
  string;

/** Columns of class table T. */
export type TableFields<S extends Shader, E extends keyof S['entries'], T extends TableNames<S, E>> =
  Extract<BindingOf<S, E>, { readonly name: T }> extends { readonly table: infer L } ? FieldName<L> : never;

/** Names of all planes that entry point E of shader S writes, packed ones one by one. */
export type WriteNames<S extends Shader, E extends keyof S['entries']> = PlaneName<
  Extract<BindingOf<S, E>, { readonly access: 'read_write' }>
> &
  string;

/** Fields of the params uniform; never where there is none. */
export type ParamNames<S extends Shader> = S extends { readonly params: infer L } ? FieldName<L> : never;
