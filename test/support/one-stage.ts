/** One stage of a model as a model of its own, so that it can be given any planes: those that another program has computed, say. */
import type { InputSpec, Model, OutputSpec } from '../../src/core/model.ts';
import { stageName } from '../../src/core/stage.ts';
import { bindingsOf } from '../../src/engine/model-stages.ts';

export function oneStage(model: Model, id: string): Model {
  const stage = model.stages.find((each) => stageName(each) === id);
  if (!stage) throw new Error(`${model.id} has no stage '${id}'`);
  const { reads, writes, tables } = bindingsOf(model, stage);
  const inputs = Object.values(reads).map((name): [string, InputSpec] => {
    const classes = model.inputs[name] ? model.inputs[name].kind === 'classes' : model.outputs[name].classes;
    return [name, { about: name, unit: 'any', kind: classes ? 'classes' : 'density' }];
  });
  const outputs = Object.values(writes).map((name): [string, OutputSpec] => [name, model.outputs[name]]);
  const used = Object.values(tables).map((name) => [name, { ...model.tables![name], of: [] }] as const);
  return {
    ...model,
    inputs: Object.fromEntries(inputs),
    outputs: Object.fromEntries(outputs),
    tables: Object.fromEntries(used),
    stages: [{ ...stage, when: undefined }],
  };
}
