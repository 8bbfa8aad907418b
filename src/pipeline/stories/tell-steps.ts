/** What the steps after supply and demand have to tell, from the files and counts of a run: data for the report, tables, the zones with their numbers. */
import type { OpenDevice } from '../../engine/open-device.ts';
import type { RunSummary } from '../../engine/run.ts';
import type { ZoneTally } from '../../io/zonal/zone-tally.ts';
import type { ReportData } from '../../report/index.ts';
import type { Analysis } from '../analysis.ts';
import { type AnalysisOutput, periodName } from '../analysis-output.ts';
import type { OutputFolder, Platform } from '../platform.ts';
import type { PreparedProject } from '../prepare.ts';
import type { RunOptions } from '../run-project.ts';
import { flowReport } from '../service-flow/report-data.ts';
import { bundledOutputs } from '../steps/bundles.ts';
import { flowNode } from '../steps/flow.ts';
import type { Steps } from '../steps/settings.ts';
import { tellBundles } from './bundles.ts';
import type { StoryContext, Tables } from './context.ts';
import { type ToldFlow, tellFlows } from './flows.ts';
import { tellHotspots } from './hotspots.ts';
import { type ProjectBundles, runProjectBundles } from './project-bundles.ts';
import { tellRisks } from './risks.ts';
import { columnsOfBundles, columnsOfFlows, columnsOfRisks, columnsOfSums } from './zone-columns.ts';
import { writeZones } from './zone-shapes.ts';
import { tallyFor, tellZones, type ZoneFile } from './zone-sums.ts';

export interface FinishedRun {
  readonly prepared: PreparedProject;
  readonly analysis: Analysis;
  readonly summary: Pick<RunSummary, 'timings'>;
  readonly folder: OutputFolder;
  readonly device: Pick<OpenDevice, 'executor'>;
  readonly platform: Platform;
  /** What saw files of `summedByZone` on their way, by id of the output. */
  readonly tallies: ReadonlyMap<string, ZoneTally>;
  readonly options: Pick<RunOptions, 'memory' | 'tile' | 'signal' | 'log' | 'progress'>;
}

export type Stories = Pick<ReportData, 'zones' | 'flows' | 'risks' | 'riskTransitions' | 'hotspots' | 'bundles'>;

export interface ToldSteps {
  readonly stories: Stories;
  readonly bundles?: ProjectBundles;
}

/** Writes bundles/, zones/ and the tables of all steps. */
export async function tellSteps(run: FinishedRun): Promise<ToldSteps> {
  const { prepared, analysis, folder, platform, options } = run;
  const { grid, zones } = prepared;
  const steps = wantedSteps(run);
  const context: StoryContext = { grid, zones, pool: platform.pool, signal: options.signal };
  const pathOf = ({ id }: AnalysisOutput) => `${folder.path}/${id}.tif`;
  const put = async (tables: Tables) => {
    for (const [name, text] of Object.entries(tables)) await folder.writeText(`tables/${name}`, text);
  };
  const flows = steps.flow ? toldFlows(run) : [];
  for (const { year, service, report } of flows)
    for (const remark of report.remarks) options.log?.(`warning: flow of ${service}, ${year}: ${remark}`);
  const flowing = flows.length > 0 ? tellFlows(flows, context) : undefined;
  await put(flowing?.tables ?? {});

  const ofRisk = analysis.outputs.filter(({ step, quantity }) => step === 'risk' && quantity === 'risk');
  const riskFile = (output: AnalysisOutput) => {
    const { service, serviceName, period } = output;
    return { path: pathOf(output), service, serviceName, ...period! };
  };
  const whole = ofRisk.filter(({ id, service }) => id === `risk/${service}`);
  const parts = ofRisk.filter((output) => !whole.includes(output));
  const risks = steps.risk && (await tellRisks(whole.map(riskFile), parts.map(riskFile), context));
  await put(risks?.tables ?? {});

  const hotspots = steps.hotspots && (await tellHotspots(hotspotFiles(run, pathOf), context));
  await put(hotspots?.tables ?? {});

  const bundles = steps.bundles && (await bundlesOf(run));
  const of = steps.bundles && wordsOf(prepared, steps.bundles.of, steps.bundles.year);
  const bundled =
    bundles && (await tellBundles(bundles, { of: of!, path: `${folder.path}/bundles/bundle.tif` }, context));
  await put(bundled?.tables ?? {});

  if (zones) {
    const files = analysis.outputs.filter(summedByZone).map((output): ZoneFile => {
      const { id, year, service, quantity, unit } = output;
      return { path: pathOf(output), year: year!, service, quantity, unit, tally: run.tallies.get(id) };
    });
    const summed = await tellZones(files, { ...context, zones });
    await put(summed.tables);
    const columns = [
      ...columnsOfSums(summed.rows),
      ...columnsOfFlows(flows),
      ...columnsOfRisks(risks?.stories ?? []),
      ...(bundled ? columnsOfBundles(bundled.story) : []),
    ];
    await writeZones(zones, columns, folder);
  }
  return {
    bundles,
    stories: {
      zones: zones?.zones,
      flows: flowing?.stories,
      risks: risks?.stories,
      riskTransitions: risks?.transitions,
      hotspots: hotspots?.stories,
      bundles: bundled?.story,
    },
  };
}

/** Those that were asked for. */
function wantedSteps({ prepared: { steps }, analysis: { stages } }: FinishedRun): Steps {
  const names = ['flow', 'risk', 'hotspots', 'bundles'] as const;
  return Object.fromEntries(names.flatMap((name) => (stages.has(name) ? [[name, steps[name]]] : [])));
}

function toldFlows({ prepared, analysis, summary }: FinishedRun): ToldFlow[] {
  const { services, project, steps } = prepared;
  return services.flatMap(({ code, name, unit }) =>
    project.years.flatMap((year): ToldFlow[] => {
      const { mode } = steps.flow!.ways.get(code)!;
      const solve = summary.timings.solves.get(analysis.nodeOf(flowNode(year, code, mode)));
      const report = solve && flowReport(solve.facts);
      return report ? [{ year, service: code, serviceName: name, mode, unit, report }] : [];
    }),
  );
}

function hotspotFiles({ prepared, analysis }: FinishedRun, pathOf: (output: AnalysisOutput) => string) {
  const { window } = prepared.steps.hotspots!;
  return analysis.outputs.flatMap((output) => {
    const { step, drawn, quantity } = output;
    if (step !== 'hotspots' || !drawn) return [];
    const correction = quantity === 'bin_fdr' ? ('fdr' as const) : ('none' as const);
    return [{ path: pathOf(output), year: output.year!, of: drawn.quantity as 'supply', window, correction }];
  });
}

function bundlesOf({ prepared, analysis, folder, device, platform, options }: FinishedRun) {
  const settings = prepared.steps.bundles!;
  const features = bundledOutputs(analysis.outputs, settings).map(({ id, service, serviceName }) => {
    return { file: `${id}.tif`, service, serviceName };
  });
  const { grid } = prepared;
  const { of: quantity, plan } = settings;
  return runProjectBundles({ features, quantity, plan, grid, folder, device, platform, run: options });
}

/** "risk 2003-2023", "net 2023". */
function wordsOf({ steps }: PreparedProject, of: string, year: number): string {
  return of === 'risk' ? `risk ${periodName(steps.risk!.period)}` : `${of} ${year}`;
}

/** Amounts and ratios of services and composites. */
function summedByZone({ step, year, service }: AnalysisOutput): boolean {
  return step === 'services' && year !== undefined && service !== 'land_cover';
}

/** To be given to the run for the outputs that are summed by zone. */
export function talliesOf(
  { zones, grid }: PreparedProject,
  outputs: readonly AnalysisOutput[],
): Map<string, ZoneTally> {
  const tallies = new Map<string, ZoneTally>();
  for (const output of zones ? outputs.filter(summedByZone) : []) {
    const tally = tallyFor(zones!, grid);
    if (tally) tallies.set(output.id, tally);
  }
  return tallies;
}
