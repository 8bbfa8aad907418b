/** What the stages of a model need and make, by the reflection of their shaders, and which of them can run on what is given. */
import { EcofluxError } from '../core/errors.ts';
import { type ClassRows, type Model, type Stage, stageEntry, stageKind } from '../core/model.ts';
import type { Shader, ShaderEntry } from '../core/shader-table.ts';
import { SHADERS } from '../generated/shaders.ts';
import type { Params } from './graph.ts';
import { mapValues } from './map-values.ts';

/** The model's names behind the bindings (and planes of bindings) of a stage's entry point, by their names in the shader. */
export function bindingsOf(model: Model, stage: Stage) {
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

/** Parameters that the shader of a stage takes, from those of the model; NaN for what was not given. */
export function shaderParams(model: Model, stage: Stage, params: Params): Params {
  const shader = shaderOf(model, stage);
  if (!shader.params || !entryOf(model, stage).uniforms.includes('params')) return {};
  const values = stage.params ? stage.params(numbersOnly(params)) : params;
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
}

/** The stage that makes each output: the first one whose inputs, tables and parameters are there. */
export function makersOf(model: Model, { inputs, tables, params }: Given): ReadonlyMap<string, Stage> {
  const makers = new Map<string, Stage>();
  for (const stage of model.stages) {
    const kind = stageKind(stage);
    if (kind !== 'local' && kind !== 'focal') continue;
    const bindings = bindingsOf(model, stage);
    const given = Object.values(bindings.reads).every((name) =>
      name in model.inputs ? name in inputs : makers.has(name),
    );
    const tabled = Object.values(bindings.tables).every((name) => name in tables);
    const complete = !Object.values(shaderParams(model, stage, params)).some(Number.isNaN);
    if (!given || !tabled || !complete) continue;
    for (const output of Object.values(bindings.writes)) if (!makers.has(output)) makers.set(output, stage);
  }
  return makers;
}

/** Why an output cannot be had. */
export function cannotMake(
  model: Model,
  output: string,
  use: { readonly inputs: Given['inputs']; readonly tables?: Given['tables'] },
  params: Params,
): EcofluxError {
  if (!(output in model.outputs))
    return new EcofluxError('InvalidConfiguration', `${model.id} has no output '${output}'`, {
      expected: `one of ${Object.keys(model.outputs).join(', ')}`,
    });
  return new EcofluxError('InvalidConfiguration', `${model.id} cannot make '${output}' from what was given`, {
    fix: `give ${lackingFor(model, output, { inputs: use.inputs, tables: use.tables ?? {}, params }).join(', ')}`,
  });
}

/** Inputs, tables and parameters that the first stage which makes the output still needs. */
function lackingFor(model: Model, output: string, given: Given): string[] {
  const stage = model.stages.find((each) => Object.values(bindingsOf(model, each).writes).includes(output));
  const { aligned } = model.outputs[output];
  if (!stage) return aligned && !(aligned in given.inputs) ? [aligned] : [];
  const { reads, tables } = bindingsOf(model, stage);
  const inputs = Object.values(reads).flatMap((name) => {
    if (name in model.inputs) return name in given.inputs ? [] : [name];
    return lackingFor(model, name, given);
  });
  const rows = Object.values(tables).filter((name) => !(name in given.tables));
  const needed = Object.entries(shaderParams(model, stage, given.params)).filter(([, value]) => Number.isNaN(value));
  const values = stage.params && needed.length > 0 ? Object.keys(given.params) : needed.map(([name]) => name);
  return [...new Set([...inputs, ...rows, ...values.filter((name) => Number.isNaN(given.params[name]))])];
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

function numbersOnly(params: Params): Readonly<Record<string, number>> {
  return mapValues(params, (value) => {
    if (typeof value === 'number') return value;
    throw new EcofluxError('Bug', `a derived parameter cannot depend on the record '${value.record}'`);
  });
}
