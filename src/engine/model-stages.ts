/** What the stages of a model need and make, by the reflection of their shaders, and which of them can run on what is given. */
import { EcofluxError } from '../core/errors.ts';
import type { Model } from '../core/model.ts';
import type { Shader, ShaderEntry } from '../core/shader-table.ts';
import { type CellSize, type SolveStage, type Stage, stageEntry } from '../core/stage.ts';
import type { ClassRows } from '../core/values.ts';
import { SHADERS } from '../generated/shaders.ts';
import { solverSpec } from '../solvers/specs.ts';
import type { Params } from './graph.ts';
import { mapValues } from './map-values.ts';

export interface Bindings {
  readonly reads: Readonly<Record<string, string>>;
  readonly writes: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, string>>;
  /** Planes among `reads` that may stay unbound. */
  readonly optional: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** The model's names behind the planes that a stage reads and makes, by their names in the shader or in the global operator. */
export function bindingsOf(model: Model, stage: Stage): Bindings {
  if ('solve' in stage) return solverBindings(model, stage);
  const reads: Record<string, string> = {};
  const writes: Record<string, string> = {};
  const tables: Record<string, string> = {};
  for (const binding of entryOf(model, stage).bindings) {
    if (binding.table) tables[binding.name] = stage.bind?.[binding.name] ?? binding.name;
    else if (binding.access === 'read') reads[binding.name] = stage.bind?.[binding.name] ?? binding.name;
    else for (const plane of binding.planes ?? [binding.name]) writes[plane] = stage.bind?.[plane] ?? plane;
  }
  return { reads, writes, tables, optional: NONE };
}

/** Planes of an operator that the model names, by `bind` or by calling a field the same. */
function solverBindings(model: Model, stage: SolveStage): Bindings {
  const { inputs, outputs } = solverSpec(stage.solve);
  const known = (plane: string) => {
    const name = stage.bind?.[plane] ?? plane;
    return name in model.inputs || name in model.outputs ? [[plane, name] as const] : [];
  };
  for (const plane of Object.keys(stage.bind ?? {}))
    if (!(plane in inputs || plane in outputs))
      throw new EcofluxError('Bug', `${model.id}: ${stage.solve} has no plane '${plane}'`);
  const reads = Object.fromEntries(Object.keys(inputs).flatMap(known));
  const required = Object.keys(inputs).filter((plane) => !inputs[plane].optional);
  for (const plane of required)
    if (!(plane in reads))
      throw new EcofluxError('Bug', `${model.id}: nothing is bound to '${plane}' of ${stage.solve}`);
  const writes = Object.fromEntries(
    Object.keys(outputs)
      .flatMap(known)
      .filter(([, name]) => name in model.outputs),
  );
  return { reads, writes, tables: {}, optional: new Set(Object.keys(reads).filter((plane) => inputs[plane].optional)) };
}

/** Parameters of a global operator from those of the model that are called the same, or as the stage derives them; its defaults else. */
export function solverParams(model: Model, stage: SolveStage, params: Params, cell: CellSize): Params {
  const values: Params = stage.params ? { ...params, ...stage.params(numbersOnly(params), cell) } : params;
  return mapValues(solverSpec(stage.solve).params, (spec, name) => {
    const value = values[name] ?? spec.default;
    if (value === undefined) throw new EcofluxError('Bug', `${model.id} has no parameter '${name}' for ${stage.solve}`);
    return value;
  });
}

/** Parameters that the shader of a stage takes, from those of the model; NaN for what was not given. */
export function shaderParams(model: Model, stage: Stage, params: Params, cell: CellSize): Params {
  const shader = shaderOf(model, stage);
  if (!shader.params || !entryOf(model, stage).uniforms.includes('params')) return {};
  const values = stage.params ? { ...params, ...stage.params(numbersOnly(params), cell) } : params;
  return Object.fromEntries(
    shader.params.fields.map(({ name }) => {
      if (name in values) return [name, values[name]];
      throw new EcofluxError('Bug', `${model.id} has no parameter '${name}' for ${shader.file}`);
    }),
  );
}

/** Parameters with the defaults of those that were not given; NaN where there is none. */
export function withDefaults(model: Model, params: Params): Params {
  return mapValues(model.params, (spec, name) => params[name] ?? spec.default ?? Number.NaN);
}

export interface Given {
  readonly inputs: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, ClassRows>>;
  /** With defaults. */
  readonly params: Params;
  readonly cell: CellSize;
}

/** The stage that makes each output: the first one whose inputs, tables and parameters are there. */
export function makersOf(model: Model, { inputs, tables, params, cell }: Given): ReadonlyMap<string, Stage> {
  const makers = new Map<string, Stage>();
  for (const stage of model.stages) {
    if ('reduce' in stage || 'repeat' in stage) continue;
    const bindings = bindingsOf(model, stage);
    const given = Object.entries(bindings.reads).every(
      ([plane, name]) => bindings.optional.has(plane) || (name in model.inputs ? name in inputs : makers.has(name)),
    );
    if (!runsWith(stage, params)) continue;
    const tabled = Object.values(bindings.tables).every((name) => name in tables);
    if (!given || !tabled || !complete(model, stage, params, cell)) continue;
    for (const output of Object.values(bindings.writes)) if (!makers.has(output)) makers.set(output, stage);
  }
  return makers;
}

/** Whether the stage is one for these parameters. */
function runsWith({ when, unless }: Stage, params: Params): boolean {
  return (when === undefined || params[when] !== 0) && (unless === undefined || params[unless] === 0);
}

function complete(model: Model, stage: Stage, params: Params, cell: CellSize): boolean {
  return !Object.values(paramsOf(model, stage, params, cell)).some(Number.isNaN);
}

/** Parameters of the shader or operator of a stage. */
export function paramsOf(model: Model, stage: Stage, params: Params, cell: CellSize): Params {
  return 'solve' in stage ? solverParams(model, stage, params, cell) : shaderParams(model, stage, params, cell);
}

/** Why an output cannot be had. */
export function cannotMake(
  model: Model,
  output: string,
  use: { readonly inputs: Given['inputs']; readonly tables?: Given['tables'] },
  params: Params,
  cell: CellSize,
): EcofluxError {
  if (!(output in model.outputs))
    return new EcofluxError('InvalidConfiguration', `${model.id} has no output '${output}'`, {
      expected: `one of ${Object.keys(model.outputs).join(', ')}`,
    });
  return new EcofluxError('InvalidConfiguration', `${model.id} cannot make '${output}' from what was given`, {
    fix: `give ${lackingFor(model, output, { inputs: use.inputs, tables: use.tables ?? {}, params, cell }).join(', ')}`,
  });
}

/** Inputs, tables and parameters that the first stage which makes the output, and may run, still needs. */
function lackingFor(model: Model, output: string, given: Given): string[] {
  const makers = model.stages.filter((each) => Object.values(bindingsOf(model, each).writes).includes(output));
  const stage = makers.find((each) => runsWith(each, given.params)) ?? makers[0];
  const { aligned } = model.outputs[output];
  if (!stage) return aligned && !(aligned in given.inputs) ? [aligned] : [];
  const { reads, tables, optional } = bindingsOf(model, stage);
  const inputs = Object.entries(reads).flatMap(([plane, name]) => {
    if (optional.has(plane)) return [];
    if (name in model.inputs) return name in given.inputs ? [] : [name];
    return lackingFor(model, name, given);
  });
  const rows = Object.values(tables).filter((name) => !(name in given.tables));
  const needed = Object.entries(paramsOf(model, stage, given.params, given.cell)).filter(([, value]) =>
    Number.isNaN(value),
  );
  if (stage.when !== undefined && given.params[stage.when] === 0)
    return [`${stage.when} (it is ${model.params[stage.when].choices?.[0] ?? 0})`];
  const values = stage.params && needed.length > 0 ? paramsRead(stage.params, given) : needed.map(([name]) => name);
  return [...new Set([...inputs, ...rows, ...values.filter((name) => Number.isNaN(given.params[name]))])];
}

/** Parameters of the model that those of a stage are derived from. */
function paramsRead(derive: NonNullable<Stage['params']>, { params, cell }: Given): string[] {
  const names = new Set<string>();
  const watched = new Proxy(numbersOnly(params), {
    get(target, name) {
      names.add(String(name));
      return target[String(name)];
    },
  });
  derive(watched, cell);
  return [...names];
}

function shaderOf(model: Model, stage: Stage): Shader {
  const shader = (SHADERS as Readonly<Record<string, Shader>>)[stage.shader ?? model.id];
  if (!shader) throw new EcofluxError('Bug', `there is no shader '${stage.shader ?? model.id}'`);
  return shader;
}

function entryOf(model: Model, stage: Stage): ShaderEntry {
  const shader = shaderOf(model, stage);
  const entry = shader.entries[stageEntry(stage)];
  if (!entry) throw new EcofluxError('Bug', `${shader.file} has no entry point '${stageEntry(stage)}'`);
  return entry;
}

/** What parameters are derived from: numbers. One that is a record is known only when the stage runs, and must not be asked for. */
function numbersOnly(params: Params): Readonly<Record<string, number>> {
  const numbers: Record<string, number> = {};
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === 'number') numbers[name] = value;
    else
      Object.defineProperty(numbers, name, {
        enumerable: false,
        get: () => {
          throw new EcofluxError('Bug', `a derived parameter cannot depend on the record '${value.record}'`);
        },
      });
  }
  return numbers;
}
