/** The graph of one process: its inputs as sources, its tables, and the outputs that are wanted of it. */
import { EcofluxError } from '../core/errors.ts';
import type { Grid } from '../core/grid.ts';
import { inputType, type Model, planeType } from '../core/model.ts';
import { rangeOf } from '../engine/found-params.ts';
import type { Graph } from '../engine/graph.ts';
import { GraphBuilder } from '../engine/graph-builder.ts';
import type { FieldReader } from '../engine/run.ts';
import { statistics } from '../models/statistics/spec.ts';
import { watch, watchedOf } from './doubtful-values.ts';
import type { BoundLayer } from './layers.ts';
import type { Platform } from './platform.ts';
import { readTables } from './process-inputs.ts';
import type { ProcessRequest } from './process-request.ts';
import { watchVaried } from './varied-inputs.ts';
import { sourceHint } from './warp-reader.ts';

/** What is to be computed, with the field of each output. */
export async function graphOf(
  request: ProcessRequest,
  params: Readonly<Record<string, number>>,
  grid: Grid,
  layers: ReadonlyMap<string, BoundLayer>,
  platform: Platform,
): Promise<{ graph: Graph; made: Record<string, string>; sources: ReadonlyMap<string, FieldReader> }> {
  const { model, extras } = request;
  await extras?.check(layers, grid);
  const given = await extras?.rows(layers, grid);
  const tables = await readTables(request, params, grid, layers, platform, given);
  const builder = new GraphBuilder(grid);
  for (const layer of layers.values()) builder.source(layer.field, layer.type, sourceHint(layer));
  const inputs = Object.fromEntries([...layers].map(([name, { field }]) => [name, field]));
  const sources = new Map<string, FieldReader>();
  for (const [name, reader] of Object.entries((await extras?.sources?.(grid)) ?? {})) {
    inputs[name] = builder.source(`made/${name}`, inputType(model, name), { blockWidth: 512, blockHeight: 512 });
    sources.set(inputs[name], reader);
  }
  for (const name of extras?.ranges ?? []) builder.reduce(rangeOf(inputs[name]), statistics, 'range', inputs[name]);
  const outputs = request.outputs ?? (request.intermediates ? possible(model, inputs, params) : undefined);
  const made = builder.model(model.id, model, { inputs, tables, params, outputs });
  if (Object.keys(made).length === 0)
    throw new EcofluxError('InvalidConfiguration', `${model.id} has nothing to compute from what was given`, {
      fix: `give ${Object.keys(model.inputs).join(', ')}`,
    });
  for (const field of Object.values(made)) builder.sink(field);
  watch(builder, watchedOf(model, layers));
  watchVaried(builder, model, layers);
  return { graph: builder.build(), made, sources };
}

/** Every output that can be made from what is there. */
function possible(
  model: Model,
  inputs: Readonly<Record<string, string>>,
  params: Readonly<Record<string, number>>,
): string[] {
  return Object.keys(model.outputs).filter((output) => {
    const trial = new GraphBuilder({
      width: 1,
      height: 1,
      west: 0,
      north: 0,
      cellWidth: 1,
      cellHeight: 1,
      crs: { name: '', kind: 'unknown' },
    });
    for (const [name, field] of Object.entries(inputs))
      trial.source(field, planeType(model.inputs[name].kind), { blockWidth: 1, blockHeight: 1 });
    const tables = Object.fromEntries(Object.keys(model.tables ?? {}).map((name) => [name, new Map()]));
    try {
      trial.model('trial', model, { inputs, tables, params, outputs: [output] });
      return true;
    } catch {
      return false;
    }
  });
}
