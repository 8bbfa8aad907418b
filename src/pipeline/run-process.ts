/** Runs one process on files: a model with its rasters, tables and parameters, each output a raster of its name. */
import { NODATA } from '../core/cells.ts';
import { EcofluxError, ManyErrors, throwAll } from '../core/errors.ts';
import { cellCount, describeGrid, type Grid, sameGrid } from '../core/grid.ts';
import { type ClassRows, type Model, planeType } from '../core/model.ts';
import { conversion, parseQuantity, parseUnit } from '../core/quantity.ts';
import { type Graph, GraphBuilder } from '../engine/graph.ts';
import { planGraph } from '../engine/plan.ts';
import { type FieldReader, type RunTimings, runPlan } from '../engine/run.ts';
import { classRows, parseCsv } from '../io/class-table.ts';
import {
  createRasterWriter,
  type RasterDescription,
  type RasterWriter,
  type WrittenRaster,
} from '../io/raster-writer.ts';
import { qmlStyle } from '../report/index.ts';
import { countCodes } from './class-counts.ts';
import { openDeviceOn } from './device.ts';
import { type BoundLayer, bindLayer, describeFile } from './layers.ts';
import type { OutputFolder, Platform } from './platform.ts';
import { checkCodes } from './prepare.ts';
import { fileReader } from './readers.ts';
import { allOf, type RunOptions } from './run-project.ts';

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
  readonly align?: 'auto' | 'nearest' | 'bilinear';
  readonly writing?: Pick<RasterDescription, 'compression' | 'level' | 'overviews'>;
}

export interface ProcessRun {
  readonly out: string;
  readonly outputs: Readonly<Record<string, WrittenRaster>>;
  readonly device: string;
  readonly seconds: number;
  readonly timings: RunTimings;
}

/** @throws EcofluxError; then nothing is left of the output folder */
export async function runProcess(
  request: ProcessRequest,
  platform: Platform,
  options: RunOptions,
): Promise<ProcessRun> {
  const started = performance.now();
  const { model } = request;
  const params = readParams(model, request.params);
  const { grid, layers } = await bindInputs(request, platform);
  const deviceMemory = options.deviceMemory ?? 2 * 2 ** 30;
  // A driver loads and compiles, and files are read for their hashes, while the workers count classes.
  const opening = openDeviceOn(platform, { choice: options.device ?? 'auto', cells: cellCount(grid), deviceMemory });
  const hashing = hashInputs(layers, platform);
  const { graph, made } = await graphOf(request, params, grid, layers, platform).catch(async (error) => {
    await opening.then((device) => device.close()).catch(() => {}); // of two errors the first is the one to hear
    throw error;
  });
  const host = options.memory ?? platform.defaultMemory;
  const device = await opening;
  try {
    options.log?.(device.sentence);
    for (const { shown, alignment } of layers.values()) options.log?.(`${shown}: ${alignment}`);
    const budget =
      device.kind === 'software'
        ? { host: host / 2, device: host / 2, tile: options.tile }
        : { host, device: deviceMemory, tile: options.tile };
    const plan = planGraph(graph, device.place, budget, { cores: platform.pool.size });
    const folder = await platform.beginFolder(request.out, { overwrite: request.overwrite ?? false });
    const writers = new Map<string, RasterWriter>();
    try {
      for (const output of Object.keys(made))
        writers.set(output, await openWriter(folder, grid, request, output, platform, options.signal));
      const summary = await runPlan(graph, plan, {
        executor: device.executor,
        replaceExecutor: device.replace,
        readers: new Map(
          [...layers.values()].map((layer): [string, FieldReader] => [layer.field, fileReader(layer, platform.pool)]),
        ),
        writers: new Map([...writers].map(([output, writer]) => [made[output], writer])),
        budget,
        openScratch: platform.openScratch,
        ...options,
      });
      const written: Record<string, WrittenRaster> = {};
      await allOf(
        [...writers].map(async ([output, writer]) => {
          written[output] = await writer.finish();
        }),
      );
      await finishFolder(folder, request, written, {
        layers,
        hashes: await hashing,
        params,
        device: device.sentence,
        platform,
        seconds: (performance.now() - started) / 1000,
      });
      return {
        out: request.out,
        outputs: written,
        device: device.sentence,
        seconds: (performance.now() - started) / 1000,
        timings: summary.timings,
      };
    } catch (error) {
      await Promise.all([...writers.values()].map((writer) => writer.abort()));
      await folder.abort();
      throw error;
    }
  } finally {
    await device.close();
  }
}

/** What is to be computed, with the field of each output. */
async function graphOf(
  request: ProcessRequest,
  params: Readonly<Record<string, number>>,
  grid: Grid,
  layers: ReadonlyMap<string, BoundLayer>,
  platform: Platform,
): Promise<{ graph: Graph; made: Record<string, string> }> {
  const { model } = request;
  const tables = await readTables(request, layers, platform);
  const builder = new GraphBuilder(grid);
  for (const { field, type, info } of layers.values()) builder.source(field, type, info);
  const inputs = Object.fromEntries([...layers].map(([name, { field }]) => [name, field]));
  const outputs = request.outputs ?? (request.intermediates ? possible(model, inputs, params) : undefined);
  const made = builder.model(model.id, model, { inputs, tables, params, outputs });
  if (Object.keys(made).length === 0)
    throw new EcofluxError('InvalidConfiguration', `${model.id} has nothing to compute from what was given`, {
      fix: `give ${Object.keys(model.inputs).join(', ')}`,
    });
  for (const field of Object.values(made)) builder.sink(field);
  return { graph: builder.build(), made };
}

/** SHA-256 of each input, for the provenance. */
function hashInputs(layers: ReadonlyMap<string, BoundLayer>, platform: Platform): Promise<ReadonlyMap<string, string>> {
  const hashing = Promise.all(
    [...layers].map(async ([name, { path }]) => [name, await platform.sha256(path)] as const),
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

function readParams(model: Model, given: Readonly<Record<string, string>>): Record<string, number> {
  const out: Record<string, number> = {};
  const problems: EcofluxError[] = [];
  for (const [name, spec] of Object.entries(model.params)) {
    const text = given[name];
    if (text === undefined) {
      if (spec.default === undefined && !spec.optional)
        problems.push(
          new EcofluxError('InvalidConfiguration', `${model.id} needs --${name} (${spec.about}, ${spec.unit})`),
        );
      continue;
    }
    try {
      const { value, unit } = parseQuantity(text);
      const plain = unit.text === '1' || spec.unit.startsWith('any');
      out[name] = plain ? value : value * conversion(unit, parseUnit(spec.unit));
      const [low, high] = spec.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      if (!(out[name] >= low && out[name] <= high))
        throw new EcofluxError('InvalidConfiguration', `--${name} is out of range`, {
          found: text,
          expected: `${low} to ${high}`,
        });
      if (spec.integer && !Number.isInteger(out[name]))
        throw new EcofluxError('InvalidConfiguration', `--${name} is no whole number`, { found: text });
    } catch (error) {
      if (!(error instanceof EcofluxError)) throw error;
      problems.push(error);
    }
  }
  throwAll(problems);
  return out;
}

/** The grid is that of the first raster; the others are on it, or are brought to it where that was asked for. */
async function bindInputs(
  { model, inputs, align }: ProcessRequest,
  platform: Platform,
): Promise<{ grid: Grid; layers: ReadonlyMap<string, BoundLayer> }> {
  const missing = Object.entries(model.inputs).filter(
    ([name, { optional }]) => !optional && inputs[name] === undefined,
  );
  throwAll(
    missing.map(
      ([name, { about, unit }]) =>
        new EcofluxError(
          'InvalidConfiguration',
          `${model.id} needs --${name} FILE (${about}${unit === '1' ? '' : `, ${unit}`})`,
        ),
    ),
  );
  const given = Object.keys(model.inputs).filter((name) => inputs[name] !== undefined);
  const results = await Promise.allSettled(given.map((name) => describeFile(platform, inputs[name])));
  throwAll(results.flatMap((result) => (result.status === 'rejected' ? asErrors(result.reason) : [])));
  const infos = results.map(
    (result) => (result as PromiseFulfilledResult<Awaited<ReturnType<typeof describeFile>>>).value,
  );
  const { grid } = infos[0];
  const layers = new Map<string, BoundLayer>();
  const problems: EcofluxError[] = [];
  for (const [i, name] of given.entries()) {
    try {
      const path = inputs[name];
      const method = align === 'auto' ? undefined : align;
      const bound = bindLayer({ layer: name, path, shown: path, info: infos[i] }, model.inputs[name], grid, {
        resampling: method,
      });
      if (align === undefined && !sameGrid(infos[i].grid, grid))
        throw new EcofluxError('InvalidInput', 'the raster is on another grid than the first one', {
          file: path,
          found: describeGrid(infos[i].grid),
          expected: describeGrid(grid),
          fix: 'bring it to that grid on the fly with --align auto (nearest for classes, bilinear for all else), or --align nearest, or --align bilinear',
        });
      layers.set(name, bound);
    } catch (error) {
      problems.push(...asErrors(error));
    }
  }
  throwAll(problems);
  return { grid, layers };
}

function asErrors(error: unknown): readonly EcofluxError[] {
  if (error instanceof ManyErrors) return error.errors;
  if (error instanceof EcofluxError) return [error];
  throw error;
}

async function readTables(
  { model, tables }: ProcessRequest,
  layers: ReadonlyMap<string, BoundLayer>,
  platform: Platform,
): Promise<Record<string, ClassRows>> {
  const out: Record<string, ClassRows> = {};
  for (const [name, spec] of Object.entries(model.tables ?? {})) {
    const path = tables[name];
    if (path === undefined)
      throw new EcofluxError('InvalidConfiguration', `${model.id} needs --${name} TABLE (${spec.about})`);
    out[name] = classRows(parseCsv(path, await platform.readText(path)), spec.columns);
    for (const input of spec.of) {
      const layer = layers.get(input);
      if (!layer) continue;
      const counts = await countCodes(platform.pool, layer);
      checkCodes(layer, counts, out[name], path);
    }
  }
  return out;
}

async function openWriter(
  folder: OutputFolder,
  grid: Grid,
  { model, writing }: ProcessRequest,
  output: string,
  platform: Platform,
  signal: AbortSignal | undefined,
): Promise<RasterWriter> {
  const { about, unit, classes } = model.outputs[output];
  const type: Pick<RasterDescription, 'sampleType' | 'nodata' | 'kind'> = classes
    ? { sampleType: 'u32', nodata: 0xffffffff, kind: 'classes' }
    : { sampleType: 'f32', nodata: NODATA, kind: 'quantity' };
  const description: RasterDescription = {
    grid,
    ...type,
    unit: unit === '1' || unit === 'any' ? undefined : unit,
    description: about,
    ...writing,
  };
  return createRasterWriter(await folder.target(`${output}.tif`), description, { pool: platform.pool, signal });
}

interface FolderFacts {
  readonly layers: ReadonlyMap<string, BoundLayer>;
  readonly hashes: ReadonlyMap<string, string>;
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
  { layers, hashes, params, device, platform, seconds }: FolderFacts,
): Promise<void> {
  for (const [output, { statistics }] of Object.entries(written)) {
    const { centre, classes, unit } = model.outputs[output];
    const style = classes
      ? { kind: 'classes' as const }
      : {
          kind: 'quantity' as const,
          unit,
          min: statistics?.min ?? 0,
          max: statistics?.max ?? 1,
          diverging: centre !== undefined,
          centre,
        };
    await folder.writeText(`${output}.qml`, qmlStyle(style));
  }
  const inputs = [...layers].map(([name, { path, alignment, unit }]) => ({
    input: name,
    file: path,
    sha256: hashes.get(name),
    unit,
    alignment,
  }));
  const parameters = Object.fromEntries(
    Object.entries(model.params).map(([name, { default: fallback }]) => [name, params[name] ?? fallback ?? null]),
  );
  await folder.writeText(
    'run.json',
    `${JSON.stringify({ process: model.id, seconds, versions: platform.versions, device, inputs, parameters, outputs: written }, undefined, 2)}\n`,
  );
  await folder.commit();
}
