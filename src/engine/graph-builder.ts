/** Builds a graph from models, and from reductions of their fields. */
import type { CellType } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { Grid } from '../core/grid.ts';
import type { Model } from '../core/model.ts';
import type { CellSize } from '../core/stage.ts';
import type { ClassRows } from '../core/values.ts';
import { statistics } from '../models/statistics/spec.ts';
import { float32Rows } from './float32-rows.ts';
import { type Found, rangeOf, sumOf } from './found-params.ts';
import type { Field, Graph, GraphNode, Params, SourceHint } from './graph.ts';
import { fieldOfOutput, type ModelUse, modelInGraph, neededFor, nodesOf } from './model-in-graph.ts';
import { withDefaults } from './model-stages.ts';
import { shapeOf } from './tile-context.ts';

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
    const part = modelInGraph(prefix, model, use, this.#cell);
    const { outputs, stages } = neededFor(part);
    for (const { node, makes, finds } of nodesOf(part, stages)) {
      for (const { field, as } of finds) this.#find(field, as);
      for (const { field, type } of makes) this.#makes(node, field, type);
      this.#addNode(node);
    }
    return Object.fromEntries(outputs.map((output) => [output, fieldOfOutput(part, output)]));
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
}
