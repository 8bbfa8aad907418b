/** The records of a run: partials as tiles leave them, merged in the order in which visits are planned, so that no schedule shows. */
import { type ReduceStage, stageEntry } from '../core/stage.ts';
import type { Values } from '../core/values.ts';
import { modelOf } from '../models/registry.ts';
import type { ResolvedNode } from './executor.ts';
import type { Params } from './graph.ts';
import { mapValues } from './map-values.ts';
import type { Pass } from './plan.ts';

/** The first `visits` partials merged, and those that came before their turn, by visit. */
interface Gathered {
  merged: Values;
  visits: number;
  readonly waiting: Map<number, Values>;
}

export class Records {
  readonly #gathered = new Map<string, Gathered>();
  readonly #merged = new Map<string, Values>();
  readonly #finished = new Map<string, Values>();
  readonly #nodes = new Map<Pass, readonly ResolvedNode[]>();

  get all(): ReadonlyMap<string, Values> {
    return this.#finished;
  }

  /** `visit`: its number in the pass, from 0. One that ran twice counts once; one that was skipped has no partials. */
  addPartials({ nodes }: Pass, visit: number, partials: ReadonlyMap<string, Values>): void {
    for (const { record, model, entry } of nodes) {
      if (record === undefined) continue;
      const stage = reduceStage(model, entry);
      const gathered = this.#gathered.get(record) ?? { merged: stage.empty, visits: 0, waiting: new Map() };
      this.#gathered.set(record, gathered);
      if (visit < gathered.visits) continue;
      gathered.waiting.set(visit, partials.get(record) ?? stage.empty);
      for (let next = gathered.waiting.get(gathered.visits); next; next = gathered.waiting.get(gathered.visits)) {
        gathered.merged = stage.merge(gathered.merged, next);
        gathered.waiting.delete(gathered.visits++);
      }
    }
  }

  finishPass({ nodes, merges }: Pass): void {
    for (const { record, model, entry, params } of nodes) {
      if (record === undefined) continue;
      const { merged, waiting } = this.#gathered.get(record) ?? { merged: undefined, waiting: new Map() };
      const late = [...waiting].sort(([a], [b]) => a - b).map(([, partial]) => partial);
      this.#finish(record, model, entry, params, merged ? [merged, ...late] : late);
      this.#gathered.delete(record);
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

/** Parameters with the fields of records filled in; the mean of no cell, which none will use, is 0. */
export function resolveParams(params: Params, records: ReadonlyMap<string, Values>): Values {
  return mapValues(params, (param) =>
    typeof param === 'number' ? param : records.get(param.record)![param.field] || 0,
  );
}

export function reduceStage(model: string, entry: string): ReduceStage {
  return modelOf(model).model.stages.find((stage) => stageEntry(stage) === entry) as ReduceStage;
}
