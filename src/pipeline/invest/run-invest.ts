/** Runs a model of InVEST from an argument file and leaves a workspace like InVEST's: complete, or not at all. */
import { EcofluxError, throwAll } from '../../core/errors.ts';
import { cellCount, describeGrid } from '../../core/grid.ts';
import { inputType, type Model } from '../../core/model.ts';
import { rangeOf } from '../../engine/found-params.ts';
import type { Graph } from '../../engine/graph.ts';
import { GraphBuilder } from '../../engine/graph-builder.ts';
import { planGraph } from '../../engine/plan.ts';
import type { FieldReader } from '../../engine/run.ts';
import type { WrittenRaster } from '../../io/raster-writer.ts';
import { zoneCells } from '../../io/zonal/zone-cells.ts';
import { ZoneTally } from '../../io/zonal/zone-tally.ts';
import { statistics } from '../../models/statistics/spec.ts';
import { openDeviceOn } from '../device.ts';
import { sayDoubtful, watch, watchedOf } from '../doubtful-values.ts';
import { filling, type Platform } from '../platform.ts';
import { warnOfInputs } from '../preflight/check-inputs.ts';
import { Problems } from '../problems.ts';
import { gridReader } from '../readers.ts';
import { digest, factsOfFiles } from '../run-facts.ts';
import type { RunOptions } from '../run-project.ts';
import { budgetFor, memoryOf, runToFiles } from '../run-to-files.ts';
import { warnOfUniform } from '../uniform.ts';
import { sourceHint } from '../warp-reader.ts';
import type { CheckedArguments } from './argument.ts';
import { checkNotEmpty } from './check-results.ts';
import { inArguments } from './in-argument.ts';
import type { ExpandedRun, InvestModel, PreparedRun } from './model.ts';
import { prepareRun } from './prepare-run.ts';
import { fingerprintInputs, provenanceOf } from './provenance.ts';
import { type ReadArguments, readArguments } from './read-arguments.ts';
import { describeInvestOutput, placeOf, writeStyle } from './workspace.ts';

export interface InvestRequest {
  readonly invest: InvestModel;
  /** The argument file. */
  readonly file: string;
  /** `workspace_dir` of the arguments when absent. */
  readonly workspace?: string;
  /** InVEST's intermediate rasters too. */
  readonly intermediates?: boolean;
  /** Where results depend on the order in which cells are met: as InVEST meets them (when absent), or free of any order. */
  readonly order?: Order;
  readonly overwrite?: boolean;
}

export const ORDERS = ['invest', 'free'] as const;
export type Order = (typeof ORDERS)[number];

export interface InvestRun {
  readonly model: string;
  /** Of models whose results depend on one. */
  readonly order?: Order;
  readonly workspace: string;
  /** Rasters by their file in the workspace. */
  readonly rasters: Readonly<Record<string, WrittenRaster>>;
  /** Rows of each table by its file. */
  readonly tables: Readonly<Record<string, unknown>>;
  readonly device: string;
  readonly seconds: number;
}

/**
 * @throws EcofluxError or ManyErrors: all that is wrong with arguments and files at once; then nothing is left of the workspace, unless the
 * run can be resumed, which the error says
 */
export async function runInvest(request: InvestRequest, platform: Platform, options: RunOptions): Promise<InvestRun> {
  const { invest, file, workspace } = request;
  const read = await readArguments(invest, file, workspace, platform);
  const expanded = await expand(invest, read.checked, read.problems, platform);
  return inArguments(expanded.checked, () => runExpanded(request, read, expanded, platform, options));
}

async function runExpanded(
  request: InvestRequest,
  { set, problems, workspace }: ReadArguments,
  { invest, checked }: ExpandedRun,
  platform: Platform,
  options: RunOptions,
): Promise<InvestRun> {
  const started = performance.now();
  const { file, intermediates = false, order = 'invest', overwrite = false } = request;
  const { signal, log = () => {}, progress } = options;
  const { model } = invest;
  checked.notes.forEach(log);
  const prepared = inOrder(order, model, await prepareRun(invest, checked, problems, platform, signal));
  const { grid, layers, zones } = prepared;
  const { graph, made } = graphOf(invest, prepared, intermediates);
  const memory = memoryOf(platform, options);
  const inputs = fingerprintInputs(file, checked.paths, platform);
  const device = await openDeviceOn(platform, {
    choice: options.device ?? 'auto',
    cells: cellCount(grid),
    deviceMemory: memory.device,
    anyAdapter: options.anyAdapter,
  });
  try {
    log(device.sentence);
    log(`grid: ${describeGrid(grid)}`);
    for (const { shown, alignment } of layers.values()) log(`${shown}: ${alignment}`);
    await warnOfInputs(model, layers, platform.pool, { log, signal, ignoresUnits: true });
    for (const { notes } of zones.values()) notes.forEach(log);
    await invest.check?.(prepared, log, signal);
    const budget = budgetFor(device, memory);
    const paths = Object.values(checked.paths);
    const folder = await beginWorkspace(platform, workspace!, {
      overwrite,
      inputs: [file, ...paths],
      journaled: true,
      resume: options.resume,
      log,
    });
    return await filling(folder, async () => {
      const tallies = talliesOf(invest, prepared);
      const outputs = Object.entries(made).map(([output, field]) => ({
        id: placeOf(invest, output, checked.suffix),
        output,
        field,
        description: describeInvestOutput(invest, output, prepared),
        tally: tallies.get(output),
      }));
      const readers = readersOf(prepared, platform);
      const asked = await digest(JSON.stringify([model.id, set.args, intermediates, order]));
      const { written, summary } = await runToFiles({
        graph,
        plan: planGraph(graph, device.place, budget, { cores: platform.pool.size }),
        budget,
        device,
        readers,
        outputs,
        folder,
        platform,
        facts: { 'the arguments': asked, ...(await factsOfFiles(platform, paths)) },
        signal,
        log,
        progress,
      });
      const rasters = new Map(outputs.map(({ id, output }) => [output, { file: `${id}.tif`, ...written.get(id)! }]));
      await checkNotEmpty(invest, rasters, prepared, readers, signal);
      await sayDoubtful(watchedOf(model, layers), grid, { records: summary.records, readers }, log, signal);
      for (const [output, { file: name, statistics }] of rasters) warnOfUniform(model, output, name, statistics, log);
      for (const { id, output } of outputs) await writeStyle(folder, id, invest, output, written.get(id)!);
      const tables = await invest.finish({
        prepared,
        folder,
        platform,
        written: rasters,
        intermediates,
        tallies,
        records: summary.records,
        log,
        signal,
      });
      const run: InvestRun = {
        model: model.id,
        ...(model.params.order ? { order } : {}),
        workspace: workspace!,
        rasters: Object.fromEntries(outputs.map(({ id }) => [`${id}.tif`, written.get(id)!])),
        tables,
        device: device.sentence,
        seconds: (performance.now() - started) / 1000,
      };
      await folder.writeText('run.json', provenanceOf(run, set, prepared, await inputs, platform));
      await folder.commit();
      return run;
    });
  } finally {
    await device.close();
  }
}

/** Where the model follows from tables: that model. Tables that say nothing make an end, with all that is wrong with the arguments. */
async function expand(
  invest: InvestModel,
  checked: CheckedArguments,
  earlier: readonly EcofluxError[],
  platform: Platform,
): Promise<ExpandedRun> {
  if (!invest.expand) return { invest, checked };
  const problems = new Problems();
  for (const problem of earlier) problems.add(problem);
  const named = Object.entries(invest.arguments).every(
    ([name, { kind, optional }]) => kind !== 'table' || optional || name in checked.paths,
  );
  const expanded = named ? await problems.wait(() => invest.expand!(checked, platform)) : undefined;
  if (!expanded) throwAll(problems.all);
  return expanded!;
}

/** What is to be computed, with the field of each output. */
function graphOf(
  invest: InvestModel,
  { checked, grid, layers, tables, params, sources = {} }: PreparedRun,
  intermediates: boolean,
): { graph: Graph; made: Record<string, string> } {
  const { model } = invest;
  const builder = new GraphBuilder(grid);
  for (const layer of layers.values()) builder.source(layer.field, layer.type, sourceHint(layer));
  const inputs = Object.fromEntries([...layers].map(([name, { field }]) => [name, field]));
  for (const name of Object.keys(sources))
    inputs[name] = builder.source(sourceField(name), inputType(model, name), { blockWidth: 512, blockHeight: 512 });
  for (const name of invest.ranges ?? []) builder.reduce(rangeOf(inputs[name]), statistics, 'range', inputs[name]);
  const outputs = [...invest.outputs(checked), ...(intermediates ? invest.intermediates(checked) : [])];
  const made = builder.model(model.id, model, { inputs, tables, params, outputs });
  for (const field of Object.values(made)) builder.sink(field);
  watch(builder, watchedOf(model, layers));
  return { graph: builder.build(), made };
}

function talliesOf({ summed }: InvestModel, { checked, grid, zones }: PreparedRun): Map<string, ZoneTally> {
  if (!summed) return new Map();
  const cells = zoneCells(zones.get(summed.zones)!.features, grid);
  return new Map(summed.outputs(checked).map((output) => [output, new ZoneTally(grid, cells)]));
}

function readersOf({ layers, mask, sources = {} }: PreparedRun, { pool }: Platform): Map<string, FieldReader> {
  const readers = [...layers.values()].map((layer) => [layer.field, gridReader(layer, pool, mask)] as const);
  return new Map([
    ...readers,
    ...Object.entries(sources).map(([name, reader]) => [sourceField(name), reader] as const),
  ]);
}

const sourceField = (name: string) => `made/${name}`;

/** With the order as a parameter of the model, where it has one. */
function inOrder(order: Order, { params }: Model, prepared: PreparedRun): PreparedRun {
  const index = params.order?.choices?.indexOf(order);
  return index === undefined ? prepared : { ...prepared, params: { ...prepared.params, order: index } };
}

/** The folder, whose option is called --workspace here. */
async function beginWorkspace(platform: Platform, ...[path, options]: Parameters<Platform['beginFolder']>) {
  try {
    return await platform.beginFolder(path, options);
  } catch (error) {
    if (!(error instanceof EcofluxError)) throw error;
    const fix = error.details.fix?.replaceAll('--out', '--workspace');
    throw new EcofluxError(error.code, error.what, { ...error.details, fix });
  }
}
