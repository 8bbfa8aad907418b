/** Runs one process on files: a model with its rasters, tables and parameters, each output a raster of its name. */
import { NODATA } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import { outputSpec } from '../core/given-params.ts';
import { cellCount, type Grid } from '../core/grid.ts';
import { inputType, type Model, planeType } from '../core/model.ts';
import type { ClassRows, Values } from '../core/values.ts';
import { rangeOf } from '../engine/found-params.ts';
import type { Graph } from '../engine/graph.ts';
import { GraphBuilder } from '../engine/graph-builder.ts';
import { planGraph } from '../engine/plan.ts';
import type { FieldReader, RunTimings } from '../engine/run.ts';
import type { RasterDescription, WrittenRaster } from '../io/raster-writer.ts';
import { statistics } from '../models/statistics/spec.ts';
import { qmlStyle } from '../report/index.ts';
import { openDeviceOn } from './device.ts';
import { sayDoubtful, watch, watchedOf } from './doubtful-values.ts';
import { fingerprintInput, type InputFingerprint } from './fingerprints.ts';
import type { RunFacts } from './journal.ts';
import type { Alignment, BoundLayer } from './layers.ts';
import { describeClasses, describeMade, isClassified, opaque } from './output-raster.ts';
import { shownParam } from './param-values.ts';
import { filling, type OutputFolder, type Platform } from './platform.ts';
import { warnOfInputs } from './preflight/check-inputs.ts';
import { bindInputs, readParams, readTables } from './process-inputs.ts';
import { fileReader } from './readers.ts';
import { digest, factsOfFiles } from './run-facts.ts';
import type { RunOptions } from './run-project.ts';
import { budgetFor, memoryOf, runToFiles } from './run-to-files.ts';
import { writeFlowTables } from './service-flow/tables.ts';
import { type Summaries, summariesOf, summaryCsv, summaryLine } from './summaries.ts';
import { warnOfNoValue, warnOfUniform } from './uniform.ts';
import { refuseUnvaried, watchVaried } from './varied-inputs.ts';
import { sourceHint } from './warp-reader.ts';

export interface ProcessRequest {
  readonly model: Model;
  /** Paths by name of the input. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, string>>;
  /** As written: "15", "350 m3/yr". */
  readonly params: Readonly<Record<string, string>>;
  /** All but intermediates when absent. */
  readonly outputs?: readonly string[];
  readonly intermediates?: boolean;
  readonly out: string;
  readonly overwrite?: boolean;
  /** How rasters on other grids are brought to that of the first; refused when absent. `auto`: by the kind of the layer. */
  readonly align?: Alignment;
  readonly writing?: Pick<RasterDescription, 'compression' | 'level' | 'overviews'>;
  readonly extras?: ProcessExtras;
}

/** What a process that follows from its tables brings beside files that are read as they stand. */
export interface ProcessExtras {
  /** The tables of the model; `tables` of the request then only names files. */
  readonly rows: (layers: ReadonlyMap<string, BoundLayer>, grid: Grid) => Promise<Readonly<Record<string, ClassRows>>>;
  /** Inputs that no raster holds. */
  readonly sources?: (grid: Grid) => Promise<Readonly<Record<string, FieldReader>>>;
  /** Inputs whose range is to be among the records. */
  readonly ranges: readonly string[];
  /** A last look before anything is computed, and one at what the run has found; they throw. */
  readonly check: (layers: ReadonlyMap<string, BoundLayer>, grid: Grid) => Promise<void>;
  readonly verify: (layers: ReadonlyMap<string, BoundLayer>, records: ReadonlyMap<string, Values>) => Promise<void>;
  /** Writes what it has beside rasters. */
  readonly finish?: (folder: OutputFolder) => Promise<void>;
}

export interface ProcessRun {
  readonly out: string;
  readonly outputs: Readonly<Record<string, WrittenRaster>>;
  /** Numbers about the whole raster, by table. */
  readonly summaries: Summaries;
  readonly device: string;
  readonly seconds: number;
  readonly timings: RunTimings;
}

/** @throws EcofluxError; then nothing is left of the output folder, unless the run can be resumed, which the error says */
export async function runProcess(
  request: ProcessRequest,
  platform: Platform,
  options: RunOptions,
): Promise<ProcessRun> {
  const started = performance.now();
  const { model } = request;
  const { params, unit } = readParams(model, request.params);
  const { grid, layers } = await bindInputs(request, platform, params);
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

async function factsOfRequest({ model, inputs, tables, params, align }: ProcessRequest): Promise<RunFacts> {
  return { 'the options': await digest(JSON.stringify([model.id, inputs, tables, params, align])) };
}

/** What is to be computed, with the field of each output. */
async function graphOf(
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

/** Checksum of each input, for the provenance. */
function hashInputs(
  layers: ReadonlyMap<string, BoundLayer>,
  platform: Platform,
): Promise<ReadonlyMap<string, InputFingerprint>> {
  const hashing = Promise.all(
    [...layers].map(async ([name, { path }]) => [name, await fingerprintInput(path, platform)] as const),
  ).then((pairs) => new Map(pairs));
  hashing.catch(() => {}); // whoever waits for it hears
  return hashing;
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

/** `carried`: the unit of what was given in any unit. */
function describe(
  grid: Grid,
  { model, writing }: ProcessRequest,
  layers: ReadonlyMap<string, BoundLayer>,
  output: string,
  params: Values,
  carried: string | undefined,
): RasterDescription {
  const spec = outputSpec(model, output, params);
  const { about, unit, aligned } = spec;
  if (isClassified(spec)) {
    const described = aligned ? describeClasses(layers.get(aligned)!.info) : describeMade(spec);
    return { grid, ...described, description: about, ...writing };
  }
  const type = { sampleType: 'f32', nodata: NODATA, kind: 'quantity' } as const;
  return {
    grid,
    ...type,
    unit: unit === 'any' ? carried : unit === '1' ? undefined : unit,
    description: about,
    ...writing,
  };
}

interface FolderFacts {
  readonly summaries: Summaries;
  readonly layers: ReadonlyMap<string, BoundLayer>;
  readonly hashes: ReadonlyMap<string, InputFingerprint>;
  readonly params: Readonly<Record<string, number>>;
  readonly device: string;
  readonly platform: Platform;
  readonly seconds: number;
}

/** Styles and run.json, then the folder appears. */
async function finishFolder(
  folder: OutputFolder,
  { model }: ProcessRequest,
  written: Readonly<Record<string, WrittenRaster>>,
  { layers, summaries, hashes, params, device, platform, seconds }: FolderFacts,
): Promise<void> {
  for (const [output, { statistics }] of Object.entries(written)) {
    const spec = outputSpec(model, output, params);
    const { centre, classNames, colours, unit } = spec;
    const { min = 0, max = 1 } = statistics ?? {};
    const style = isClassified(spec)
      ? { kind: 'classes' as const, classNames, palette: colours && opaque(colours), min, max }
      : { kind: 'quantity' as const, unit, min, max, diverging: centre !== undefined, centre };
    await folder.writeText(`${output}.qml`, qmlStyle(style));
  }
  for (const [name, numbers] of Object.entries(summaries)) await folder.writeText(`${name}.csv`, summaryCsv(numbers));
  const inputs = [...layers].map(([name, { shown, alignment, unit }]) => ({
    input: name,
    file: shown,
    ...hashes.get(name),
    unit,
    alignment,
  }));
  const parameters = Object.fromEntries(
    Object.entries(model.params).map(([name, spec]) => {
      const value = params[name] ?? spec.default;
      return [name, value === undefined ? null : shownParam(spec, value)];
    }),
  );
  await folder.writeText(
    'run.json',
    `${JSON.stringify({ process: model.id, seconds, versions: platform.versions, device, inputs, parameters, outputs: written, ...(Object.keys(summaries).length > 0 && { summaries }) }, undefined, 2)}\n`,
  );
  await folder.commit();
}
