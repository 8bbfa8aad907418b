/** The records of a run: partials as tiles leave them, merged in tile order when a pass is over, so that no schedule shows. */
import type { ReduceStage, Values } from '../core/model.ts';
import { stageEntry } from '../core/model.ts';
import { modelOf } from '../models/registry.ts';
import type { ResolvedNode } from './executor.ts';
import { mapValues, type Params } from './graph.ts';
import type { Pass } from './plan.ts';

export class Records {
  /** Partials by record, then by tile. */
  readonly #partials = new Map<string, Map<number, Values>>();
  readonly #merged = new Map<string, Values>();
  readonly #finished = new Map<string, Values>();
  readonly #nodes = new Map<Pass, readonly ResolvedNode[]>();

  get all(): ReadonlyMap<string, Values> {
    return this.#finished;
  }

  addPartials(tile: number, partials: ReadonlyMap<string, Values>): void {
    for (const [record, partial] of partials) {
      const tiles = this.#partials.get(record) ?? new Map<number, Values>();
      this.#partials.set(record, tiles.set(tile, partial)); // a tile that ran twice counts once
    }
  }

  finishPass({ nodes, merges }: Pass): void {
    for (const { record, model, entry, params } of nodes) {
      if (record === undefined) continue;
      const tiles = [...(this.#partials.get(record) ?? [])].sort(([a], [b]) => a - b);
      this.#finish(
        record,
        model,
        entry,
        params,
        tiles.map(([, partial]) => partial),
      );
      this.#partials.delete(record);
    }
    for (const { record, model, entry, params, from } of merges)
      this.#finish(
        record,
        model,
        entry,
        params,
        from.map((name) => this.#merged.get(name)!),
      );
  }

  /** The stages of a pass with their parameters, which are known when the pass begins and do not change. */
  resolvedNodes(pass: Pass): readonly ResolvedNode[] {
    const nodes = this.#nodes.get(pass) ?? pass.nodes.map((node) => ({ ...node, params: this.resolve(node.params) }));
    this.#nodes.set(pass, nodes);
    return nodes;
  }

  resolve(params: Params): Values {
    return resolveParams(params, this.#finished);
  }

  #finish(record: string, model: string, entry: string, params: Params, parts: readonly Values[]): void {
    const stage = reduceStage(model, entry);
    const merged = parts.reduce(stage.merge, stage.empty);
    this.#merged.set(record, merged);
    this.#finished.set(record, stage.finish(merged, this.resolve(params)));
  }
}

/** Parameters with the fields of records filled in. */
export function resolveParams(params: Params, records: ReadonlyMap<string, Values>): Values {
  return mapValues(params, (param) => (typeof param === 'number' ? param : records.get(param.record)![param.field]));
}

export function reduceStage(model: string, entry: string): ReduceStage {
  return modelOf(model).model.stages.find((stage) => stageEntry(stage) === entry) as ReduceStage;
}
