/**
 * A model of InVEST on a small grid, before it is timed: every stage against its definition in float64 on what the device read, the whole grid
 * at once; and the files of a run in small tiles against those of a run in one.
 */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EcofluxError } from '#ecoflux/core/errors.js';
import { inputType, type Model, toleranceOf } from '#ecoflux/core/model.js';
import { rangeOf } from '#ecoflux/engine/found-params.js';
import type { Graph } from '#ecoflux/engine/graph.js';
import { GraphBuilder } from '#ecoflux/engine/graph-builder.js';
import type { FieldReader } from '#ecoflux/engine/run.js';
import { statistics } from '#ecoflux/models/statistics/spec.js';
import { openDeviceOn } from '#ecoflux/pipeline/device.js';
import type { InvestModel, PreparedRun } from '#ecoflux/pipeline/invest/model.js';
import { investModel } from '#ecoflux/pipeline/invest/models.js';
import { runInvest } from '#ecoflux/pipeline/invest/run-invest.js';
import { gridReader } from '#ecoflux/pipeline/readers.js';
import { budgetFor, memoryOf } from '#ecoflux/pipeline/run-to-files.js';
import { verifyGraph } from '#ecoflux/pipeline/verify.js';
import { sourceHint } from '#ecoflux/pipeline/warp-reader.js';
import type { BenchOptions } from './bench.ts';
import { compareRasters } from './compare-rasters.ts';
import { argumentsOf, type InvestCase } from './invest-cases.ts';

const IN_MEMORY = { blockWidth: 512, blockHeight: 512 };

export interface VerifiedCase {
  /** Cells compared with definitions, over all stages. */
  readonly cells: number;
  readonly stages: number;
  /** Largest differences of a stage from its definition. */
  readonly maxAbsolute: number;
}

/** `inputs`: the folder of the small rasters. `cells`: of the largest grid that is to be timed, by which the device is chosen. */
export async function verifyCase(
  each: InvestCase,
  inputs: string,
  size: number,
  cells: number,
  out: string,
  options: BenchOptions,
): Promise<VerifiedCase> {
  const { platform, signal, device: choice, memory } = options;
  const file = join(out, 'arguments.json');
  await writeFile(file, argumentsOf(each, inputs));
  let found: { readonly model: Model; readonly prepared: PreparedRun } | undefined;
  const invest = watched(investModel(each.model), (model, prepared) => {
    found = { model, prepared };
  });
  const runs = [];
  for (const [workspace, tile] of [
    ['tiles', Math.ceil(size / 4)],
    ['whole', size],
  ] as const) {
    const request = { invest, file, workspace: join(out, workspace), order: each.order, overwrite: true };
    runs.push(await runInvest(request, platform, { device: choice, memory, tile, signal }));
  }
  const { model, prepared } = found!;
  for (const place of Object.keys(runs[0].rasters)) await compareRuns(each, model, place, out);
  const device = await openDeviceOn(platform, { choice, cells, deviceMemory: memoryOf(platform, options).device });
  try {
    const { graph, readers } = graphOf(model, prepared, invest.outputs(prepared.checked), options);
    const budget = budgetFor(device, memoryOf(platform, { memory }));
    const { rows, passed } = await verifyGraph(graph, readers, device, platform, { budget, signal });
    const worst = rows.find((row) => !row.passed);
    if (!passed)
      throw new EcofluxError('VerificationFailed', `${each.name}: ${worst?.stage} is not as defined`, {
        place: worst?.output,
        found: `${worst?.worst?.device} where the definition gives ${worst?.worst?.reference}`,
      });
    return {
      cells: rows.reduce((sum, row) => sum + row.cells, 0),
      stages: rows.length,
      maxAbsolute: Math.max(...rows.map((row) => row.maxAbsolute)),
    };
  } finally {
    await device.close();
    for (const name of ['tiles', 'whole']) await rm(join(out, name), { recursive: true, force: true });
  }
}

/** The same model, which says what it was prepared to compute. */
function watched(invest: InvestModel, saw: (model: Model, prepared: PreparedRun) => void): InvestModel {
  return {
    ...invest,
    expand:
      invest.expand &&
      (async (...given) => {
        const expanded = await invest.expand!(...given);
        return { ...expanded, invest: watched({ ...expanded.invest, expand: undefined }, saw) };
      }),
    finish: (run) => {
      saw(invest.model, run.prepared);
      return invest.finish(run);
    },
  };
}

/** As `ecoflux invest` builds it. */
function graphOf(
  model: Model,
  { grid, layers, tables, params, mask, sources = {} }: PreparedRun,
  outputs: readonly string[],
  { platform }: BenchOptions,
): { readonly graph: Graph; readonly readers: Map<string, FieldReader> } {
  const builder = new GraphBuilder(grid);
  const inputs: Record<string, string> = {};
  const readers = new Map<string, FieldReader>();
  for (const [name, layer] of layers) {
    inputs[name] = builder.source(layer.field, layer.type, sourceHint(layer));
    readers.set(layer.field, gridReader(layer, platform.pool, mask));
  }
  for (const [name, reader] of Object.entries(sources)) {
    inputs[name] = builder.source(`made/${name}`, inputType(model, name), IN_MEMORY);
    readers.set(inputs[name], reader);
  }
  for (const [name, field] of Object.entries(inputs))
    if (name.startsWith('threat_')) builder.reduce(rangeOf(field), statistics, 'range', field);
  const made = builder.model(model.id, model, { inputs, tables, params, outputs });
  for (const field of Object.values(made)) builder.sink(field);
  return { graph: builder.build(), readers };
}

/** Tiles must not be seen in a result: at most as far apart as the model allows two devices to be. */
async function compareRuns(each: InvestCase, model: Model, place: string, out: string): Promise<void> {
  const output = place.replace(/^.*\//, '').replace(/\.tif$/, '');
  const { rtol, atol } = toleranceOf(model, output);
  const [tiles, whole] = ['tiles', 'whole'].map((name) => join(out, name, place));
  const { cells, off, maxAbsolute } = await compareRasters(tiles, whole, { rtol, atol });
  if (cells > 0 && off === 0) return;
  throw new EcofluxError('VerificationFailed', `${each.name}: ${place} depends on how the grid is cut`, {
    found: `${off} of ${cells} cells differ, by ${maxAbsolute} at most`,
  });
}
