/** Runs a model of InVEST from an argument file and leaves a workspace like InVEST's: complete, or not at all. */
import { EcofluxError } from '../../core/errors.ts';
import { cellCount, describeGrid } from '../../core/grid.ts';
import { type Graph, GraphBuilder } from '../../engine/graph.ts';
import { planGraph } from '../../engine/plan.ts';
import type { FieldReader } from '../../engine/run.ts';
import type { WrittenRaster } from '../../io/raster-writer.ts';
import { openDeviceOn } from '../device.ts';
import { filling, type Platform } from '../platform.ts';
import { warnOfInputs } from '../preflight/check-inputs.ts';
import { fileReader } from '../readers.ts';
import { digest, factsOfFiles } from '../run-facts.ts';
import type { RunOptions } from '../run-project.ts';
import { budgetFor, memoryOf, runToFiles } from '../run-to-files.ts';
import { sourceHint } from '../warp-reader.ts';
import type { InvestModel, PreparedRun } from './model.ts';
import { prepareRun } from './prepare-run.ts';
import { fingerprintInputs, provenanceOf } from './provenance.ts';
import { readArguments } from './read-arguments.ts';
import { describeInvestOutput, placeOf, writeStyle } from './workspace.ts';

export interface InvestRequest {
  readonly invest: InvestModel;
  /** The argument file. */
  readonly file: string;
  /** `workspace_dir` of the arguments when absent. */
  readonly workspace?: string;
  /** InVEST's intermediate rasters too. */
  readonly intermediates?: boolean;
  readonly overwrite?: boolean;
}

export interface InvestRun {
  readonly model: string;
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
  const started = performance.now();
  const { invest, file, intermediates = false, overwrite = false } = request;
  const { model } = invest;
  const { signal, log = () => {}, progress } = options;
  const { set, checked, problems, workspace } = await readArguments(invest, file, request.workspace, platform);
  checked.notes.forEach(log);
  const prepared = await prepareRun(invest, checked, problems, platform, signal);
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
      const outputs = Object.entries(made).map(([output, field]) => ({
        id: placeOf(invest, output, checked.suffix),
        output,
        field,
        description: describeInvestOutput(invest, output, grid, layers),
      }));
      const asked = await digest(JSON.stringify([model.id, set.args, intermediates]));
      const { written } = await runToFiles({
        graph,
        plan: planGraph(graph, device.place, budget, { cores: platform.pool.size }),
        budget,
        device,
        readers: readersOf(prepared, platform),
        outputs,
        folder,
        platform,
        facts: { 'the arguments': asked, ...(await factsOfFiles(platform, paths)) },
        signal,
        log,
        progress,
      });
      const rasters = new Map(outputs.map(({ id, output }) => [output, { file: `${id}.tif`, ...written.get(id)! }]));
      checkNotEmpty(invest, rasters);
      for (const { id, output } of outputs) await writeStyle(folder, id, invest, output, written.get(id)!);
      const tables = await invest.finish({ prepared, folder, platform, written: rasters, log, signal });
      const run: InvestRun = {
        model: model.id,
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

/** What is to be computed, with the field of each output. */
function graphOf(
  invest: InvestModel,
  { checked, grid, layers, tables, params }: PreparedRun,
  intermediates: boolean,
): { graph: Graph; made: Record<string, string> } {
  const { model } = invest;
  const builder = new GraphBuilder(grid);
  for (const layer of layers.values()) builder.source(layer.field, layer.type, sourceHint(layer));
  const inputs = Object.fromEntries([...layers].map(([name, { field }]) => [name, field]));
  const outputs = [...invest.outputs(checked), ...(intermediates ? invest.intermediates(checked) : [])];
  const made = builder.model(model.id, model, { inputs, tables, params, outputs });
  for (const field of Object.values(made)) builder.sink(field);
  return { graph: builder.build(), made };
}

function readersOf({ layers }: PreparedRun, { pool }: Platform): Map<string, FieldReader> {
  return new Map([...layers.values()].map((layer) => [layer.field, fileReader(layer, pool)]));
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

/** A result without a value helps nobody. */
function checkNotEmpty(
  { model }: InvestModel,
  written: ReadonlyMap<string, Pick<WrittenRaster, 'statistics'> & { readonly file: string }>,
): void {
  for (const [output, { file, statistics }] of written)
    if (!statistics && !model.outputs[output].intermediate)
      throw new EcofluxError('InvalidInput', `${file} is nodata everywhere`, {
        fix: 'look for an input that is nodata or 0 everywhere (precipitation 0 gives nodata), or for inputs whose valid cells do not meet',
      });
}
