/**
 * What is to be computed, as data: fields (planes over the whole grid), the stages that make one from another, the records that
 * reductions leave, and which fields are wanted as files. Built from models; knows no tile, no device and no file format.
 */
import type { CellType } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { Grid } from '../core/grid.ts';
import {
  type CellSize,
  type ClassRows,
  type Model,
  planeType,
  type SolveStage,
  type Stage,
  stageEntry,
  stageKind,
  stageName,
} from '../core/model.ts';
import { statistics } from '../models/statistics/spec.ts';
import { solverSpec } from '../solvers/specs.ts';
import { float32Rows } from './float32-rows.ts';
import { type Found, foundFor, rangeOf, sumOf, withFound } from './found-params.ts';
import { mapValues } from './map-values.ts';
import { bindingsOf, cannotMake, makersOf, shaderParams, solverParams, withDefaults } from './model-stages.ts';
import { shapeOf } from './tile-context.ts';

export { mapValues } from './map-values.ts';

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
  /** Of a raster in another grid: cells of it that are in memory for each cell of a tile that is made from them. */
  readonly sourceCellsPerCell?: number;
  /** Whether its reader gives devices what they need to make the tile (`readWarp`). */
  readonly warpsOnDevice?: boolean;
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

/** A global operator over whole fields. */
export interface SolveNode {
  readonly kind: 'solve';
  readonly name: string;
  readonly model: string;
  readonly solver: string;
  /** Field for each plane of the operator that is given. */
  readonly reads: Readonly<Record<string, string>>;
  /** Field for each plane of the operator that is made. */
  readonly writes: Readonly<Record<string, string>>;
  readonly params: Params;
}

export type GraphNode = StageNode | MergeNode | SolveNode;

export interface Graph {
  readonly grid: Grid;
  readonly fields: ReadonlyMap<string, Field>;
  /** In an order in which each finds what it reads. */
  readonly nodes: readonly GraphNode[];
  /** Rounded to float32, as planes are: the reference starts from what the device has. */
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
  readonly #cell: CellSize;
  readonly #fields = new Map<string, Field>();
  /** By name, in the order in which they were added. */
  readonly #nodes = new Map<string, GraphNode>();
  /** Name of the node that makes each field. */
  readonly #makers = new Map<string, string>();
  readonly #tables = new Map<string, ClassRows>();
  readonly #sinks = new Set<string>();

  constructor(grid: Grid) {
    this.#grid = grid;
    this.#cell = shapeOf(grid);
  }

  /** A field from outside; asked for again, it is the same one. */
  source(name: string, type: CellType, hint: SourceHint): string {
    const known = this.#fields.get(name);
    if (known && (known.type !== type || !known.source))
      throw new EcofluxError('Bug', `the field '${name}' is there already, and is no ${type} source`);
    if (!known) this.#fields.set(name, { name, type, source: hint });
    return name;
  }

  sink(field: string): void {
    this.#field(field);
    this.#sinks.add(field);
  }

  /**
   * Adds the stages of a model that the wanted outputs need; returns the field of each wanted output. What an earlier call with the
   * same prefix has added is not added twice.
   * @throws EcofluxError InvalidConfiguration for outputs that the model does not have or cannot make from what is given
   */
  model(prefix: string, model: Model, use: ModelUse): Record<string, string> {
    for (const field of Object.values(use.inputs)) this.#field(field);
    for (const [name, rows] of Object.entries(use.tables ?? {}))
      this.#tables.set(`${prefix}/${name}`, float32Rows(rows));
    const fieldOf = (name: string) => use.inputs[name] ?? `${prefix}/${name}`;
    const { params, found } = withFound(model, withDefaults(model, use.params ?? {}), fieldOf);
    const foundBy = (stage: Stage) => foundFor(found, model, stage, params, this.#cell);
    const makers = makersOf(model, { inputs: use.inputs, tables: use.tables ?? {}, params, cell: this.#cell });
    const usual = Object.keys(model.outputs).filter((name) => !model.outputs[name].intermediate);
    const wanted = use.outputs ?? usual.filter((name) => makers.has(name));
    if (wanted.length === 0 && usual.length > 0) throw cannotMake(model, usual[0], use, params, this.#cell);
    const needed = new Set<Stage>();
    const need = (output: string) => {
      if (model.outputs[output]?.aligned) return;
      const stage = makers.get(output);
      if (!stage) throw cannotMake(model, output, use, params, this.#cell);
      if (needed.has(stage)) return;
      needed.add(stage);
      const { reads, optional } = bindingsOf(model, stage);
      for (const [plane, field] of Object.entries(reads))
        if (!(field in model.inputs) && (makers.has(field) || !optional.has(plane))) need(field);
      for (const { of } of foundBy(stage)) if (!(of in model.inputs)) need(of);
    };
    for (const output of wanted) need(output);
    const made = new Set([...needed].flatMap((stage) => Object.values(bindingsOf(model, stage).writes)));
    for (const stage of model.stages) {
      if (!needed.has(stage)) continue;
      for (const { of, as } of foundBy(stage)) this.#find(fieldOf(of), as);
      if ('solve' in stage) this.#addSolve(prefix, model, stage, use, params, made);
      else this.#addStage(prefix, model, stage, use, params);
    }
    return Object.fromEntries(wanted.map((output) => [output, this.#fieldOfOutput(prefix, model, output, use)]));
  }

  /** Count, smallest and largest value of the fields together: the record it names has count, low, high, inverse_quantum. */
  range(name: string, statistics: Model, fields: readonly string[]): string {
    if (fields.length === 0) throw new EcofluxError('Bug', `the range '${name}' is one of no fields`);
    const from = fields.map((field) => this.reduce(rangeOf(field), statistics, 'range', field));
    return this.#addNode({
      kind: 'merge',
      name,
      model: statistics.id,
      entry: 'range',
      from,
      params: {},
      record: name,
    });
  }

  /** A reduction of one field; returns the record's name. */
  reduce(record: string, model: Model, entry: string, field: string, params: Params = {}): string {
    this.#field(field);
    return this.#addNode({
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
  }

  /** The reductions behind a parameter that is found in the run. */
  #find(field: string, as: Found['as']): void {
    const record = this.reduce(rangeOf(field), statistics, 'range', field);
    const quantum = { inverse_quantum: { record, field: 'inverse_quantum' } };
    if (as === 'mean') this.reduce(sumOf(field), statistics, 'sum', field, quantum);
  }

  build(): Graph {
    return {
      grid: this.#grid,
      fields: this.#fields,
      nodes: [...this.#nodes.values()],
      tables: this.#tables,
      sinks: this.#sinks,
    };
  }

  #field(name: string): Field {
    const field = this.#fields.get(name);
    if (!field) throw new EcofluxError('Bug', `the graph has no field '${name}'`);
    return field;
  }

  #addStage(prefix: string, model: Model, stage: Stage, use: ModelUse, params: Params): void {
    const kind = stageKind(stage);
    if (kind !== 'local' && kind !== 'focal')
      throw new EcofluxError('Bug', `${model.id}: a stage of kind '${kind}' cannot be part of a model's outputs yet`);
    const { reads, writes, tables } = bindingsOf(model, stage);
    const node: StageNode = {
      kind,
      name: `${prefix}/${stageName(stage)}`,
      model: model.id,
      shader: stage.shader ?? model.id,
      entry: stageEntry(stage),
      halo: 'halo' in stage ? stage.halo : 0,
      reads: mapValues(reads, (field) => use.inputs[field] ?? `${prefix}/${field}`),
      writes: mapValues(writes, (output) => `${prefix}/${output}`),
      tables: mapValues(tables, (table) => `${prefix}/${table}`),
      params: shaderParams(model, stage, params, this.#cell),
    };
    for (const [output, name] of Object.entries(node.writes).map(([plane, name]) => [writes[plane], name]))
      this.#makes(node, name, model.outputs[output]?.classes ? 'u32' : 'f32');
    this.#addNode(node);
  }

  /** `made`: the model's fields that its stages make; an optional plane that is neither made nor given stays unbound. */
  #addSolve(
    prefix: string,
    model: Model,
    stage: SolveStage,
    use: ModelUse,
    params: Params,
    made: ReadonlySet<string>,
  ): void {
    const spec = solverSpec(stage.solve);
    const { reads, writes, optional } = bindingsOf(model, stage);
    const given = Object.entries(reads).filter(
      ([plane, field]) => !optional.has(plane) || field in use.inputs || made.has(field),
    );
    const node: SolveNode = {
      kind: 'solve',
      name: `${prefix}/${stageName(stage)}`,
      model: model.id,
      solver: spec.id,
      reads: Object.fromEntries(given.map(([plane, field]) => [plane, use.inputs[field] ?? `${prefix}/${field}`])),
      writes: mapValues(writes, (output) => `${prefix}/${output}`),
      params: solverParams(model, stage, params, this.#cell),
    };
    for (const [plane, name] of Object.entries(node.writes)) {
      const { type } = spec.outputs[plane];
      if ((type === 'u32') !== (model.outputs[writes[plane]]?.classes ?? false))
        throw new EcofluxError('Bug', `${model.id}: '${writes[plane]}' is made as ${type}, and not declared so`);
      this.#makes(node, name, type);
    }
    this.#addNode(node);
  }

  #makes({ name: node }: GraphNode, field: string, type: CellType): void {
    const maker = this.#makers.get(field);
    if (maker !== undefined && maker !== node)
      throw new EcofluxError('Bug', `both ${maker} and ${node} make the field '${field}'`);
    this.#makers.set(field, node);
    this.#fields.set(field, { name: field, type });
  }

  /** The node by its name; one that is there already must be the same. */
  #addNode(node: GraphNode): string {
    const known = this.#nodes.get(node.name);
    if (known && JSON.stringify(known) !== JSON.stringify(node))
      throw new EcofluxError('Bug', `two different stages of the graph are called '${node.name}'`);
    this.#nodes.set(node.name, node);
    return node.name;
  }

  #fieldOfOutput(prefix: string, model: Model, output: string, use: ModelUse): string {
    const { aligned } = model.outputs[output];
    return aligned ? use.inputs[aligned] : `${prefix}/${output}`;
  }
}

/** The type of an input's plane. */
export function inputType(model: Model, input: string): CellType {
  return planeType(model.inputs[input].kind);
}
