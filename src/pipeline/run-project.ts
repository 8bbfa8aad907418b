/** Runs the analysis of a project: checks, plan, visits, files, totals, verification, report. The output folder is complete or absent. */
import { EcofluxError } from '../core/errors.ts';
import { cellCount } from '../core/grid.ts';
import type { Values } from '../core/values.ts';
import type { OpenDevice } from '../engine/open-device.ts';
import { type Budget, type Plan, planGraph } from '../engine/plan.ts';
import type { FieldReader, RunProgress } from '../engine/run.ts';
import type { DeviceChoice } from '../gpu/choose.ts';
import { type Analysis, type AnalysisOutput, buildAnalysis, ZONES_FIELD } from './analysis.ts';
import { classAreasCsv } from './class-areas.ts';
import { openDeviceOn } from './device.ts';
import { sayDoubtful } from './doubtful-values.ts';
import type { RunFacts } from './journal.ts';
import { describeOutput } from './output-raster.ts';
import { filling, type OutputFolder, type Platform } from './platform.ts';
import { findingLine } from './preflight/finding-line.ts';
import { type PreparedProject, prepareProject } from './prepare.ts';
import { previewMaps } from './previews.ts';
import type { ProjectFile } from './project-file.ts';
import { provenanceOf } from './provenance.ts';
import { gridReader } from './readers.ts';
import { writeReport } from './report.ts';
import { digest, factsOfFiles } from './run-facts.ts';
import { budgetFor, memoryOf, runToFiles } from './run-to-files.ts';
import { bundleOutputs } from './steps/bundles.ts';
import { hotspotRemarks } from './steps/hotspots.ts';
import type { StageName } from './steps/stages.ts';
import { talliesOf, tellSteps } from './stories/tell-steps.ts';
import { writeStyles } from './styles.ts';
import { totalsCsv, totalsOf } from './totals.ts';
import type { Verification } from './verify.ts';
import { verifyRun } from './verify-run.ts';

export interface RunOptions {
  readonly device?: DeviceChoice;
  /** Of a single process, with `auto`: an adapter if there is one, however slow. */
  readonly anyAdapter?: boolean;
  /** Bytes. */
  readonly memory?: number;
  readonly deviceMemory?: number;
  /** Cells per tile edge. */
  readonly tile?: number;
  /** Go on with what an interrupted run left, if it left anything. */
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
  readonly progress?: (progress: RunProgress) => void;
}

export interface ProjectRunOptions extends RunOptions {
  readonly out: string;
  readonly overwrite?: boolean;
  /** A folder that was begun already; `out` names it. */
  readonly folder?: OutputFolder;
  /** Only these stages, with what they need. */
  readonly only?: ReadonlySet<StageName>;
  /** Compare the device with the reference, and put the table into the report. */
  readonly verify?: boolean;
}

export interface ProjectRun {
  readonly out: string;
  readonly report: string;
  readonly outputs: readonly AnalysisOutput[];
  readonly totals: ReturnType<typeof totalsOf>;
  readonly verification?: Verification;
  readonly device: string;
  readonly seconds: number;
}

export interface PlannedProject {
  readonly prepared: PreparedProject;
  readonly analysis: Analysis;
  readonly device: OpenDevice;
  readonly plan: Plan;
  readonly budget: Budget;
}

/** Everything up to the first tile. The caller closes the device. */
async function planProject(
  file: ProjectFile,
  platform: Platform,
  options: RunOptions & Pick<ProjectRunOptions, 'only'>,
): Promise<PlannedProject> {
  const prepared = await prepareProject(file, platform, options.signal);
  return planPrepared(prepared, buildAnalysis(prepared, options.only), platform, options);
}

/** The same for a project that is prepared already. */
export async function planPrepared(
  prepared: PreparedProject,
  analysis: Analysis,
  platform: Platform,
  options: Pick<RunOptions, 'device' | 'memory' | 'deviceMemory' | 'tile'>,
): Promise<PlannedProject> {
  const memory = memoryOf(platform, options);
  const device = await openDeviceOn(platform, {
    choice: options.device ?? 'auto',
    cells: cellCount(prepared.grid),
    deviceMemory: memory.device,
  });
  try {
    const budget = budgetFor(device, memory);
    const plan = planGraph(analysis.graph, device.place, budget, { cores: platform.pool.size });
    return { prepared, analysis, device, plan, budget };
  } catch (error) {
    await device.close();
    throw error;
  }
}

/** @throws EcofluxError; then nothing is left of the output folder, unless the run can be resumed, which the error says */
export async function runProject(
  file: ProjectFile,
  platform: Platform,
  options: ProjectRunOptions,
): Promise<ProjectRun> {
  const started = new Date();
  const { log = () => {}, signal } = options;
  const planned = await planProject(file, platform, options);
  const { prepared, analysis, device } = planned;
  try {
    log(device.sentence);
    for (const line of prepared.log) log(line);
    for (const finding of prepared.findings) log(`warning: ${findingLine(finding)}`);
    const folder =
      options.folder ??
      (await platform.beginFolder(options.out, {
        overwrite: options.overwrite ?? false,
        inputs: prepared.files,
        journaled: true,
        resume: options.resume,
        log,
      }));
    return await filling(folder, async () => {
      const readers = readersOf(prepared, analysis, platform);
      const tallies = talliesOf(prepared, analysis.outputs);
      const outputs = analysis.outputs.map((output) => {
        return { ...output, description: describeOutput(prepared, output), tally: tallies.get(output.id) };
      });
      const { graph } = analysis;
      const { summary, written, plan } = await runToFiles({
        graph,
        plan: planned.plan,
        budget: planned.budget,
        device,
        readers,
        outputs,
        folder,
        platform,
        facts: await factsOfProject(prepared, platform),
        signal,
        log,
        progress: options.progress,
      });
      checkNotEmpty(analysis, summary.records);
      await sayDoubtful(analysis.watched, prepared.grid, { records: summary.records, readers }, log, signal);
      const { hotspots } = prepared.steps;
      for (const remark of hotspots ? hotspotRemarks(hotspots, prepared.project.years, written) : [])
        log(`warning: ${remark}`);
      const totals = totalsOf(analysis.outputs, summary.records, written);
      await folder.writeText('tables/totals.csv', totalsCsv(totals));
      const told = await tellSteps({ prepared, analysis, summary, folder, device, platform, tallies, options });
      const bundled = told.bundles ? bundleOutputs(told.bundles) : [];
      const made = [...analysis.outputs, ...bundled.map(({ output }) => output)];
      const files = new Map([...written, ...bundled.map((each) => [each.output.id, each.written] as const)]);
      const maps = await previewMaps(folder, prepared, made, platform);
      const classAreas = classAreasCsv(maps, prepared.grid);
      if (classAreas) await folder.writeText('tables/class_areas.csv', classAreas);
      await writeStyles(folder, maps, made, files);
      const verification = options.verify ? await verifyRun(planned, readers, platform, options) : undefined;
      const seconds = (Date.now() - started.getTime()) / 1000;
      const provenance = await provenanceOf({
        prepared,
        outputs: made,
        device,
        plan,
        summary,
        written: files,
        totals,
        verification,
        platform,
        started,
        seconds,
      });
      await folder.writeText('run.json', `${JSON.stringify(provenance, undefined, 2)}\n`);
      await writeReport({ folder, prepared, maps, provenance, totals, stories: told.stories, verification });
      if (signal?.aborted) throw new EcofluxError('Interrupted', 'the run was interrupted');
      await folder.commit();
      return {
        out: options.out,
        report: `${options.out.replace(/\/+$/, '')}/report.html`,
        outputs: made,
        totals,
        verification,
        device: device.sentence,
        seconds,
      };
    });
  } finally {
    await device.close();
  }
}

export function readersOf(
  prepared: PreparedProject,
  { sources }: Analysis,
  platform: Platform,
): Map<string, FieldReader> {
  const { mask, layers, zones } = prepared;
  const readers = new Map(
    [...sources].map(([field, key]): [string, FieldReader] => {
      return [field, gridReader(layers.get(key)!, platform.pool, mask)];
    }),
  );
  if (zones) readers.set(ZONES_FIELD, zones.reader);
  return readers;
}

async function factsOfProject({ project, files, file }: PreparedProject, platform: Platform): Promise<RunFacts> {
  const inputs = files.filter((path) => path !== file.name);
  return { 'the project file': await digest(JSON.stringify(project)), ...(await factsOfFiles(platform, inputs)) };
}

/** A map without a value helps nobody: most often the inputs do not meet. */
function checkNotEmpty({ outputs }: Analysis, records: ReadonlyMap<string, Values>): void {
  for (const { id, quantity, totals } of outputs) {
    if (typeof totals !== 'object' || (quantity !== 'supply' && quantity !== 'demand')) continue;
    if (records.get(totals.range)!.count > 0) continue;
    throw new EcofluxError('InvalidInput', `${id} is nodata everywhere`, {
      fix: 'look for an input that is nodata or 0 everywhere (precipitation 0 gives nodata), or for inputs that do not overlap',
    });
  }
}
