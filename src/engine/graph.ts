/**
 * What is to be computed, as data: fields (planes over the whole grid), the stages that make one from another, the records that
 * reductions leave, and which fields are wanted as files. Built from models; knows no tile, no device and no file format.
 */
import type { CellType } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { Grid } from '../core/grid.ts';
import { type ClassRows, type Model, planeType, type Stage, stageEntry, stageKind, stageName } from '../core/model.ts';
import type { Shader } from '../core/shader-table.ts';
import { SHADERS } from '../generated/shaders.ts';

/** A number that a reduction will have found by the time it is needed. */
export interface RecordField {
  readonly record: string;
  readonly field: string;
}
export type Param = number | RecordField;
export type Params = Readonly<Record<string, Param>>;

/** A field that comes from outside, with the shape of the blocks it is stored in (a hint for the tiling). */
export interface SourceHint {
  readonly blockWidth: number;
  readonly blockHeight: number;
}

export interface Field {
  readonly name: string;
  readonly type: CellType;
  readonly source?: SourceHint;
}

/** One dispatch over a tile. */
export interface StageNode {
  readonly kind: 'local' | 'focal' | 'reduce';
  /** "2003/WY/supply/water_yield" */
  readonly name: string;
  readonly model: string;
  readonly shader: string;
  readonly entry: string;
  readonly halo: number;
  /** Field for each plane that the entry point reads, by the name in the shader. */
  readonly reads: Readonly<Record<string, string>>;
  /** Field for each plane it writes. */
  readonly writes: Readonly<Record<string, string>>;
  /** Table for each class table it reads. */
  readonly tables: Readonly<Record<string, string>>;
  readonly params: Params;
  /** Of a reduction: the record it leaves. */
  readonly record?: string;
}

/** Records of one reduction over several fields, merged into one: the range of all years, say. */
export interface MergeNode {
  readonly kind: 'merge';
  readonly name: string;
  readonly model: string;
  readonly entry: string;
  readonly from: readonly string[];
  readonly params: Params;
  readonly record: string;
}

export type GraphNode = StageNode | MergeNode;

export interface Graph {
  readonly grid: Grid;
  readonly fields: ReadonlyMap<string, Field>;
  /** In an order in which each finds what it reads. */
  readonly nodes: readonly GraphNode[];
  readonly tables: ReadonlyMap<string, ClassRows>;
  /** Fields wanted as files. */
  readonly sinks: ReadonlySet<string>;
}

export interface ModelUse {
  /** Field for each input; optional ones may be missing. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly tables?: Readonly<Record<string, ClassRows>>;
  readonly params?: Params;
  /** Outputs wanted; all that can be made, intermediates aside, when absent. */
  readonly outputs?: readonly string[];
}

export class GraphBuilder {
  readonly #grid: Grid;
  readonly #fields = new Map<string, Field>();
  readonly #nodes: GraphNode[] = [];
  readonly #tables = new Map<string, ClassRows>();
  readonly #sinks = new Set<string>();

  constructor(grid: Grid) {
    this.#grid = grid;
  }

  source(name: string, type: CellType, hint: SourceHint): string {
    if (!this.#fields.has(name)) this.#fields.set(name, { name, type, source: hint });
    return name;
  }

  sink(field: string): void {
    this.#field(field);
    this.#sinks.add(field);
  }

  /** Adds the stages of a model that the wanted outputs need; returns the field of each wanted output. */
  model(prefix: string, model: Model, use: ModelUse): Record<string, string> {
    for (const [name, rows] of Object.entries(use.tables ?? {})) this.#tables.set(`${prefix}/${name}`, rows);
    const params = withDefaults(model, use.params ?? {});
    const stages = runnable(model, use.inputs, use.tables ?? {}, params);
    const wanted = use.outputs ?? Object.keys(model.outputs).filter((name) => !model.outputs[name].intermediate && stages.has(name));
    const needed = new Set<Stage>();
    for (const output of wanted) this.#need(model, output, stages, use, needed);
    for (const stage of model.stages) if (needed.has(stage)) this.#nodes.push(this.#stageNode(prefix, model, stage, use, params));
    return Object.fromEntries(wanted.map((output) => [output, fieldOfOutput(prefix, model, output, use)]));
  }

  /** Count, smallest and largest value of the fields together: the record it names has count, low, high, inverse_quantum. */
  range(name: string, statistics: Model, fields: readonly string[]): string {
    const parts = fields.map((field) => this.reduce(`${field}#range`, statistics, 'range', field));
    if (!this.#nodes.some((node) => node.kind === 'merge' && node.record === name))
      this.#nodes.push({ kind: 'merge', name, model: statistics.id, entry: 'range', from: parts, params: {}, record: name });
    return name;
  }

  /** A reduction of one field; returns the record's name. */
  reduce(record: string, model: Model, entry: string, field: string, params: Params = {}): string {
    this.#field(field);
    if (this.#nodes.some((node) => node.kind === 'reduce' && node.record === record)) return record;
    this.#nodes.push({
      kind: 'reduce',
      name: record,
      model: model.id,
      shader: model.id,
      entry,
      halo: 0,
      reads: { values: field },
      writes: {},
      tables: {},
      params: withDefaults(model, params),
      record,
    });
    return record;
  }

  build(): Graph {
    return { grid: this.#grid, fields: this.#fields, nodes: this.#nodes, tables: this.#tables, sinks: this.#sinks };
  }

  #field(name: string): Field {
    const field = this.#fields.get(name);
    if (!field) throw new EcofluxError('Bug', `the graph has no field '${name}'`);
    return field;
  }

  #need(model: Model, output: string, stages: ReadonlyMap<string, Stage>, use: ModelUse, needed: Set<Stage>): void {
    if (model.outputs[output]?.aligned) return;
    const stage = stages.get(output);
    if (!stage) throw cannotMake(model, output, use);
    if (needed.has(stage)) return;
    needed.add(stage);
    for (const field of Object.values(bindingsOf(model, stage).reads))
      if (!(field in model.inputs)) this.#need(model, field, stages, use, needed);
  }

  #stageNode(prefix: string, model: Model, stage: Stage, use: ModelUse, params: Params): StageNode {
    const kind = stageKind(stage);
    if (kind !== 'local' && kind !== 'focal')
      throw new EcofluxError('Bug', `${model.id}: a stage of kind '${kind}' cannot be part of a model's outputs yet`);
    const { reads, writes, tables } = bindingsOf(model, stage);
    for (const output of Object.values(writes)) {
      const name = `${prefix}/${output}`;
      this.#fields.set(name, { name, type: model.outputs[output]?.classes ? 'u32' : 'f32' });
    }
    return {
      kind,
      name: `${prefix}/${stageName(stage)}`,
      model: model.id,
      shader: stage.shader ?? model.id,
      entry: stageEntry(stage),
      halo: 'halo' in stage ? stage.halo : 0,
      reads: mapValues(reads, (field) => use.inputs[field] ?? `${prefix}/${field}`),
      writes: mapValues(writes, (output) => `${prefix}/${output}`),
      tables: mapValues(tables, (table) => `${prefix}/${table}`),
      params: shaderParams(model, stage, params),
    };
  }
}

/** Which of the model's names stand behind the bindings of a stage's entry point. */
function bindingsOf(model: Model, stage: Stage) {
  const reads: Record<string, string> = {};
  const writes: Record<string, string> = {};
  const tables: Record<string, string> = {};
  for (const binding of entryOf(model, stage).bindings) {
    if (binding.table) tables[binding.name] = stage.bind?.[binding.name] ?? binding.name;
    else if (binding.access === 'read') reads[binding.name] = stage.bind?.[binding.name] ?? binding.name;
    else for (const plane of binding.planes ?? [binding.name]) writes[plane] = stage.bind?.[plane] ?? plane;
  }
  return { reads, writes, tables };
}

function shaderOf(model: Model, stage: Stage): Shader {
  const shader = (SHADERS as Readonly<Record<string, Shader>>)[stage.shader ?? model.id];
  if (!shader) throw new EcofluxError('Bug', `there is no shader '${stage.shader ?? model.id}'`);
  return shader;
}

function entryOf(model: Model, stage: Stage) {
  const shader = shaderOf(model, stage);
  const entry = shader.entries[stageEntry(stage)];
  if (!entry) throw new EcofluxError('Bug', `${shader.file} has no entry point '${stageEntry(stage)}'`);
  return entry;
}

/** Parameters that the shader of a stage takes, from those of the model. */
function shaderParams(model: Model, stage: Stage, params: Params): Params {
  const shader = shaderOf(model, stage);
  if (!shader.params || !entryOf(model, stage).uniforms.includes('params')) return {};
  const values = stage.params ? stage.params(numbersOnly(params)) : params;
  return Object.fromEntries(shader.params.fields.map(({ name }) => [name, values[name] ?? 0]));
}

/** The stage that makes each output, for the stages whose inputs, tables and parameters are there. */
function runnable(model: Model, inputs: Readonly<Record<string, string>>, tables: Readonly<Record<string, ClassRows>>, params: Params) {
  const makers = new Map<string, Stage>();
  for (const stage of model.stages) {
    const kind = stageKind(stage);
    if (kind !== 'local' && kind !== 'focal') continue;
    const bindings = bindingsOf(model, stage);
    const given = Object.values(bindings.reads).every((name) => (name in model.inputs ? name in inputs : makers.has(name)));
    const tabled = Object.values(bindings.tables).every((name) => name in tables);
    const complete = Object.values(shaderParams(model, stage, params)).every((value) => typeof value !== 'number' || !Number.isNaN(value));
    if (!given || !tabled || !complete) continue;
    for (const output of Object.values(bindings.writes)) if (!makers.has(output)) makers.set(output, stage);
  }
  return makers;
}

function fieldOfOutput(prefix: string, model: Model, output: string, use: ModelUse): string {
  const { aligned } = model.outputs[output];
  return aligned ? use.inputs[aligned] : `${prefix}/${output}`;
}

function withDefaults(model: Model, params: Params): Params {
  return mapValues(model.params, (spec, name) => params[name] ?? spec.default ?? Number.NaN);
}

function cannotMake(model: Model, output: string, use: ModelUse): EcofluxError {
  if (!(output in model.outputs))
    return new EcofluxError('InvalidConfiguration', `${model.id} has no output '${output}'`, {
      expected: `one of ${Object.keys(model.outputs).join(', ')}`,
    });
  const missing = Object.keys(model.inputs).filter((name) => !(name in use.inputs));
  const params = Object.entries(model.params).filter(([name, { optional }]) => optional && !(name in (use.params ?? {})));
  const lacking = [...missing, ...params.map(([name]) => name)].join(', ');
  return new EcofluxError('InvalidConfiguration', `${model.id} cannot make '${output}' from what was given`, {
    fix: `give ${lacking}`,
  });
}

function numbersOnly(params: Params): Readonly<Record<string, number>> {
  return mapValues(params, (value) => {
    if (typeof value === 'number') return value;
    throw new EcofluxError('Bug', `a derived parameter cannot depend on the record '${value.record}'`);
  });
}

export function mapValues<A, B>(object: Readonly<Record<string, A>>, change: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

/** The type of an input's plane. */
export function inputType(model: Model, input: string): CellType {
  return planeType(model.inputs[input].kind);
}
