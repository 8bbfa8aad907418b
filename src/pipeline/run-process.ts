/** Runs one process on files: a model with its rasters, tables and parameters, each output a raster of its name. */
import { changeDetails } from '../core/errors.ts';
import { cellCount } from '../core/grid.ts';
import type { Model } from '../core/model.ts';
import { planGraph } from '../engine/plan.ts';
import type { FieldReader } from '../engine/run.ts';
import { shapeOf } from '../engine/tile-context.ts';
import { openDeviceOn } from './device.ts';
import { sayDoubtful, watchedOf } from './doubtful-values.ts';
import type { RunFacts } from './journal.ts';
import type { BoundLayer } from './layers.ts';
import { filling, type Platform } from './platform.ts';
import { warnOfInputs } from './preflight/check-inputs.ts';
import { describe, finishFolder, hashInputs } from './process-folder.ts';
import { graphOf } from './process-graph.ts';
import { bindInputs, readParams } from './process-inputs.ts';
import type { ProcessRequest, ProcessRun } from './process-request.ts';
import { fileReader } from './readers.ts';
import { digest, factsOfFiles } from './run-facts.ts';
import type { RunOptions } from './run-project.ts';
import { budgetFor, memoryOf, runToFiles } from './run-to-files.ts';
import { carriedUnit, silentUnits } from './same-unit.ts';
import { writeFlowTables } from './service-flow/tables.ts';
import { summariesOf, summaryLine } from './summaries.ts';
import { warnOfNoValue, warnOfUniform } from './uniform.ts';
import { refuseUnvaried } from './varied-inputs.ts';

/** @throws EcofluxError; then nothing is left of the output folder, unless the run can be resumed, which the error says */
export async function runProcess(
  request: ProcessRequest,
  platform: Platform,
  options: RunOptions,
): Promise<ProcessRun> {
  const started = performance.now();
  const { model } = request;
  const { params, unit: said } = readParams(model, request.params);
  const { grid, layers } = await bindInputs(request, platform, params);
  const unit = said ?? carriedUnit(model, layers);
  const memory = memoryOf(platform, options);
  // A driver loads and compiles, and files are read for their hashes, while the workers count classes.
  const opening = openDeviceOn(platform, {
    choice: options.device ?? 'auto',
    cells: cellCount(grid),
    anyAdapter: options.anyAdapter,
    deviceMemory: memory.device,
  });
  opening.catch(() => {}); // heard of where it is awaited
  const hashing = hashInputs(layers, platform);
  const { graph, made, sources } = await graphOf(request, params, grid, layers, platform).catch(async (error) => {
    await opening.then((device) => device.close()).catch(() => {}); // of two errors the first is the one to hear
    throw error;
  });
  const device = await opening;
  try {
    options.log?.(device.sentence);
    for (const { shown, alignment } of layers.values()) options.log?.(`${shown}: ${alignment}`);
    const remarks = model.remarks?.(params, shapeOf(grid), [...layers.keys()]) ?? [];
    for (const line of [...silentUnits(model, layers), ...remarks]) options.log?.(`warning: ${line}`);
    await warnOfInputs(model, layers, platform.pool, options);
    const budget = budgetFor(device, memory);
    const plan = planGraph(graph, device.place, budget, { cores: platform.pool.size });
    const inputs = [...Object.values(request.inputs), ...Object.values(request.tables)];
    const folder = await platform.beginFolder(request.out, {
      overwrite: request.overwrite ?? false,
      inputs,
      journaled: true,
      resume: options.resume,
      log: options.log,
    });
    return await filling(folder, async () => {
      const readers = new Map(
        [...layers.values()].map((layer): [string, FieldReader] => [layer.field, fileReader(layer, platform.pool)]),
      );
      for (const [field, reader] of sources) readers.set(field, reader);
      const outputs = Object.entries(made).map(([id, field]) => ({
        id,
        field,
        description: describe(grid, request, layers, id, params, unit),
      }));
      const { signal, log, progress } = options;
      const { summary, written: files } = await runToFiles({
        graph,
        plan,
        budget,
        device,
        readers,
        outputs,
        folder,
        platform,
        facts: { ...(await factsOfRequest(request)), ...(await factsOfFiles(platform, inputs)) },
        signal,
        log,
        progress,
      }).catch((error) => {
        throw inFiles(error, model, layers);
      });
      await request.extras?.verify(layers, summary.records);
      refuseUnvaried(model, layers, summary.records);
      const written = Object.fromEntries(files);
      if (log) {
        for (const [output, { statistics }] of files) warnOfUniform(model, output, `${output}.tif`, statistics, log);
        warnOfNoValue(files, log);
        await sayDoubtful(watchedOf(model, layers), grid, { records: summary.records, readers }, log, signal);
      }
      await writeFlowTables(folder, summary.timings.solves, log);
      const summaries = summariesOf(model, model.id, summary.timings);
      for (const [name, numbers] of Object.entries(summaries)) log?.(summaryLine(model, name, numbers));
      await request.extras?.finish?.(folder);
      await finishFolder(folder, request, written, {
        layers,
        summaries,
        hashes: await hashing,
        params,
        device: device.sentence,
        platform,
        seconds: (performance.now() - started) / 1000,
      });
      return {
        out: request.out,
        outputs: written,
        summaries,
        device: device.sentence,
        seconds: (performance.now() - started) / 1000,
        timings: summary.timings,
      };
    });
  } finally {
    await device.close();
  }
}

/** Says the file behind the field that an operator found fault with. */
function inFiles(error: unknown, { id }: Model, layers: ReadonlyMap<string, BoundLayer>): unknown {
  return changeDetails(error, (details) => {
    const layer = [...layers.values()].find(({ field }) => field === details.field);
    if (layer) return { ...details, file: layer.shown };
    return details.field?.startsWith(`${id}/`) ? { ...details, field: undefined } : details;
  });
}

async function factsOfRequest({ model, inputs, tables, params, align }: ProcessRequest): Promise<RunFacts> {
  return { 'the options': await digest(JSON.stringify([model.id, inputs, tables, params, align])) };
}
