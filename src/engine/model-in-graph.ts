/** One use of a model in a graph: the stages that the wanted outputs need, and the nodes that these become. Pure. */
import type { CellType } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { Model } from '../core/model.ts';
import { type CellSize, type SolveStage, type Stage, stageEntry, stageKind, stageName } from '../core/stage.ts';
import type { ClassRows } from '../core/values.ts';
import { solverSpec } from '../solvers/specs.ts';
import { type Found, foundFor, withFound } from './found-params.ts';
import type { Param, Params, SolveNode, StageNode } from './graph.ts';
import { mapValues } from './map-values.ts';
import { bindingsOf, cannotMake, makersOf, shaderParams, solverParams, withDefaults } from './model-stages.ts';

export interface ModelUse {
  /** Field for each input; optional ones may be missing. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly tables?: Readonly<Record<string, ClassRows>>;
  readonly params?: Params;
  /** Outputs wanted; all that can be made, intermediates aside, when absent. */
  readonly outputs?: readonly string[];
}

export interface ModelInGraph {
  /** "2003/WY/supply" */
  readonly prefix: string;
  readonly model: Model;
  readonly use: ModelUse;
  readonly cell: CellSize;
  /** All of them, with records where they are found in the run. */
  readonly params: Params;
  readonly found: ReadonlyMap<Param, Found>;
}

export interface NewNode {
  readonly node: StageNode | SolveNode;
  readonly makes: readonly { readonly field: string; readonly type: CellType }[];
  /** What reductions have to find before it. */
  readonly finds: readonly { readonly field: string; readonly as: Found['as'] }[];
}

export function modelInGraph(prefix: string, model: Model, use: ModelUse, cell: CellSize): ModelInGraph {
  const params = withDefaults(model, use.params ?? {});
  return { prefix, model, use, cell, ...withFound(model, params, (name) => use.inputs[name] ?? `${prefix}/${name}`) };
}

/** The field of an output; one that is an input as the model saw it is that input's. */
export function fieldOfOutput({ prefix, model, use }: ModelInGraph, output: string): string {
  const { aligned } = model.outputs[output];
  return aligned ? use.inputs[aligned] : `${prefix}/${output}`;
}

/**
 * The outputs that are wanted, and the stages behind them in the order of the model.
 * @throws EcofluxError InvalidConfiguration for outputs that the model does not have or cannot make from what is given
 */
export function neededFor(part: ModelInGraph): { readonly outputs: readonly string[]; readonly stages: Stage[] } {
  const { model, use, params, cell } = part;
  const makers = makersOf(model, { inputs: use.inputs, tables: use.tables ?? {}, params, cell });
  const usual = Object.keys(model.outputs).filter((name) => !model.outputs[name].intermediate);
  const outputs = use.outputs ?? usual.filter((name) => makers.has(name));
  if (outputs.length === 0 && usual.length > 0) throw cannotMake(model, usual[0], use, params, cell);
  const needed = new Set<Stage>();
  const need = (output: string) => {
    if (model.outputs[output]?.aligned) return;
    const stage = makers.get(output);
    if (!stage) throw cannotMake(model, output, use, params, cell);
    if (needed.has(stage)) return;
    needed.add(stage);
    const { reads, optional } = bindingsOf(model, stage);
    for (const [plane, field] of Object.entries(reads))
      if (!(field in model.inputs) && (makers.has(field) || !optional.has(plane))) need(field);
    for (const { of } of foundFor(part.found, model, stage, params, cell)) if (!(of in model.inputs)) need(of);
  };
  for (const output of outputs) need(output);
  return { outputs, stages: model.stages.filter((stage) => needed.has(stage)) };
}

/** The nodes of stages that were found to be needed. */
export function nodesOf(part: ModelInGraph, stages: readonly Stage[]): NewNode[] {
  const { prefix, model, use, params, found, cell } = part;
  const made = new Set(stages.flatMap((stage) => Object.values(bindingsOf(model, stage).writes)));
  return stages.map((stage) => ({
    ...('solve' in stage ? solveNode(part, stage, made) : stageNode(part, stage)),
    finds: foundFor(found, model, stage, params, cell).map(({ of, as }) => ({
      field: use.inputs[of] ?? `${prefix}/${of}`,
      as,
    })),
  }));
}

type Made = Pick<NewNode, 'node' | 'makes'>;

function stageNode({ prefix, model, use, params, cell }: ModelInGraph, stage: Stage): Made {
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
    params: shaderParams(model, stage, params, cell),
  };
  const makes = Object.entries(node.writes).map(([plane, field]) => {
    const type: CellType = model.outputs[writes[plane]]?.classes ? 'u32' : 'f32';
    return { field, type };
  });
  return { node, makes };
}

/** `made`: the model's fields that its stages make; an optional plane that is neither made nor given stays unbound. */
function solveNode(
  { prefix, model, use, params, cell }: ModelInGraph,
  stage: SolveStage,
  made: ReadonlySet<string>,
): Made {
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
    params: solverParams(model, stage, params, cell),
  };
  const makes = Object.entries(node.writes).map(([plane, field]) => {
    const { type } = spec.outputs[plane];
    if ((type === 'u32') !== (model.outputs[writes[plane]]?.classes ?? false))
      throw new EcofluxError('Bug', `${model.id}: '${writes[plane]}' is made as ${type}, and not declared so`);
    return { field, type };
  });
  return { node, makes };
}
