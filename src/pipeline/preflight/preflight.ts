/** Everything that can be known before a run: layers, findings, resources. Reads the rasters once, computes nothing, writes nothing. */
import { isEcofluxError } from '../../core/errors.ts';
import { describeGrid } from '../../core/grid.ts';
import type { Plan } from '../../engine/plan.ts';
import { type Analysis, buildAnalysis } from '../analysis.ts';
import { layerOptions } from '../layers.ts';
import type { Platform } from '../platform.ts';
import { type PreparedProject, prepareProject } from '../prepare.ts';
import type { ProjectFile } from '../project-file.ts';
import { planPrepared, type RunOptions } from '../run-project.ts';
import { allParts } from '../service-models.ts';
import { classFindings } from './class-findings.ts';
import { type CheckSettings, checkLayers } from './layer-checks.ts';
import { findingOf } from './problem-findings.ts';
import { resourcesOf } from './resources.ts';
import { areaShare } from './study-area.ts';
import type { Finding, LayerCheck, Level, Resources } from './types.ts';

export interface PreflightOptions
  extends Pick<RunOptions, 'device' | 'memory' | 'deviceMemory' | 'tile'>,
    CheckSettings {
  /** The output folder of the run; that of the project when absent. */
  readonly out?: string;
}

export interface Preflight {
  /** No finding is an error. */
  readonly valid: boolean;
  readonly prepared: PreparedProject;
  readonly analysis: Analysis;
  readonly layers: readonly LayerCheck[];
  readonly findings: readonly Finding[];
  readonly device: string;
  /** Absent where no plan fits the budget; the findings say why. */
  readonly plan?: Plan;
  readonly resources?: Resources;
}

/** @throws EcofluxError (or ManyErrors) where the project file itself, or a file it names, does not let anything be checked; NoDevice, Interrupted */
export async function preflight(file: ProjectFile, platform: Platform, options: PreflightOptions): Promise<Preflight> {
  const prepared = await prepareProject(file, platform, options.signal, { classes: false });
  const analysis = buildAnalysis(prepared);
  const { checks, findings: ofLayers } = await checkLayers(prepared, platform, options);
  const ofClasses = await classFindings(prepared, checks, platform, options.signal);
  const planned = await plan(prepared, analysis, platform, options);
  const findings = sorted([...prepared.findings, ...ofLayers, ...ofClasses, ...unused(prepared), ...planned.findings]);
  return {
    valid: findings.every(({ level }) => level !== 'error'),
    prepared,
    analysis,
    layers: [...new Set(checks.values())],
    findings,
    device: planned.device,
    plan: planned.plan,
    resources: planned.resources,
  };
}

/** Layers and tables that no service asks for: a name that was mistaken, or something left over. */
function unused({ project, services, layers }: PreparedProject): Finding[] {
  const read = new Set([...layers.values()].map(({ layer }) => layer));
  const looked = new Set(allParts(services).flatMap((part) => Object.values(part.tables)));
  const what = 'no service of the project reads it';
  return [
    ...Object.entries(project.layers).flatMap(([name, layer]): Finding[] =>
      read.has(name) ? [] : [{ level: 'note', about: name, file: layerOptions(layer).file, what }],
    ),
    ...Object.entries(project.tables).flatMap(([name, file]): Finding[] =>
      looked.has(name) ? [] : [{ level: 'note', about: name, file, what }],
    ),
  ];
}

type Planned = Pick<Preflight, 'device' | 'plan' | 'resources' | 'findings'>;

async function plan(
  prepared: PreparedProject,
  analysis: Analysis,
  platform: Platform,
  options: PreflightOptions,
): Promise<Planned> {
  const { project, file } = prepared;
  try {
    const planned = await planPrepared(prepared, analysis, platform, options);
    await planned.device.close();
    const { resources, findings } = await resourcesOf({
      plan: planned.plan,
      budget: planned.budget,
      outputs: analysis.outputs.length,
      share: areaShare(prepared),
      compression: project.output.compression ?? 'deflate',
      out: options.out ?? platform.relativeTo(file.name, project.output.dir),
      platform,
    });
    return { device: planned.device.sentence, plan: planned.plan, resources, findings };
  } catch (error) {
    if (!isEcofluxError(error, 'OutOfCapacity')) throw error;
    return { device: '', findings: [findingOf(error)] };
  }
}

const LEVELS: readonly Level[] = ['error', 'warning', 'note'];

/** Errors first, each once. */
function sorted(findings: readonly Finding[]): Finding[] {
  const once = [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
  return LEVELS.flatMap((level) => once.filter((finding) => finding.level === level));
}

/** One document, with names that stay. */
export function preflightJson(result: Preflight): Record<string, unknown> {
  const { valid, prepared, analysis, layers, findings, device, resources } = result;
  return {
    valid,
    grid: describeGrid(prepared.grid),
    device,
    layers,
    alignment: prepared.log,
    findings,
    resources,
    outputs: analysis.outputs.map(({ id }) => id),
  };
}
