/** Which steps follow supply and demand in a project, and with what settings: those that it asks for, and those that these need. */
import { throwAll } from '../../core/errors.ts';
import { cellCount, type Grid, isMetric } from '../../core/grid.ts';
import { hasRadius } from '../../core/neighbourhoods.ts';
import { shapeOf } from '../../engine/tile-context.ts';
import { flow } from '../../models/flow/spec.ts';
import { hotspots } from '../../models/hotspots/spec.ts';
import { nodesOf } from '../../solvers/som/map.ts';
import type { Finding } from '../preflight/types.ts';
import { Problems } from '../problems.ts';
import { fault } from '../project-fault.ts';
import type { ProjectFile } from '../project-file.ts';
import type { PreparedService } from '../service-models.ts';
import { type BundleSettings, bundleSettings } from './bundles.ts';
import { type FlowSettings, flowSettings } from './flow.ts';
import { type HotspotSettings, hotspotSettings } from './hotspots.ts';
import { type RiskSettings, riskSettings } from './risk.ts';

export interface Steps {
  readonly flow?: FlowSettings;
  readonly risk?: RiskSettings;
  readonly hotspots?: HotspotSettings;
  readonly bundles?: BundleSettings;
}

/** @throws EcofluxError or ManyErrors InvalidConfiguration */
export function prepareSteps(file: ProjectFile, services: readonly PreparedService[]): Steps {
  const { flow: flows, risk, hotspots: spots, bundles } = file.project;
  const problems = new Problems();
  const take = <T>(wanted: boolean, work: () => T): T | undefined => (wanted ? problems.take(work)[0] : undefined);
  const ofRisk = bundles?.of === 'risk';
  const ofFlow = bundles?.of === 'net' || bundles?.of === 'balance_dynamic';
  const steps: Steps = {
    flow: take([flows, risk].some(Boolean) || ofRisk || ofFlow, () => flowSettings(file, services)),
    risk: take(risk !== undefined || ofRisk, () => riskSettings(file)),
    hotspots: take(spots !== undefined, () => hotspotSettings(file)),
    bundles: take(bundles !== undefined, () => bundleSettings(file)),
  };
  throwAll(problems.all);
  return steps;
}

/** Distances are in metres of the grid, and hot spots have to reach the next cell. @throws EcofluxError or ManyErrors InvalidConfiguration */
export function checkStepsOn(grid: Grid, file: ProjectFile, { flow: flows, hotspots: spots, bundles }: Steps): void {
  if (bundles) checkNodes(grid, file, bundles);
  if (isMetric(grid)) {
    if (spots) checkRadius(grid, file, spots);
    return;
  }
  const problems = new Problems();
  const refuse = (path: readonly string[], what: string) =>
    problems.add(
      fault(file, path, `${what} is in metres, and the grid has none`, {
        found: grid.crs.name,
        fix: 'choose a grid in a projected CRS: grid: { crs: …, resolution: … }',
      }),
    );
  if ([...(flows?.ways.values() ?? [])].some(({ given }) => 'max_distance' in given))
    refuse(['flow', 'omnidirectional', 'max_distance'], 'the distance of a flow');
  if (spots && 'radius' in spots.given) refuse(['hotspots', 'radius'], 'the radius of hot spots');
  throwAll(problems.all);
}

/** Nodata apart, which only the run finds out. */
function checkNodes(grid: Grid, file: ProjectFile, { plan }: BundleSettings): void {
  const most = Math.max(...plan.trainings.map(({ map }) => nodesOf(map)));
  if (most <= cellCount(grid)) return;
  throw fault(file, ['bundles'], 'bundles: there are fewer cells than nodes', {
    found: `${most} nodes on ${grid.width} × ${grid.height} cells`,
    fix: 'ask for fewer bundles (nodes), or for a smaller map (rows, columns)',
  });
}

/** Said before the run, and where it stands; the operator has the same rule. */
function checkRadius(grid: Grid, file: ProjectFile, { params, given }: HotspotSettings): void {
  const { cellWidth, cellHeight } = shapeOf(grid);
  const cell = Math.min(cellWidth, cellHeight);
  const shape = params.shape ?? hotspots.params.shape.default;
  if (!hasRadius(shape) || params.radius * (1 + 1e-12) >= cell) return;
  throw fault(file, ['hotspots', 'radius'], 'the radius reaches no cell beside the centre', {
    found: given.radius,
    expected: `at least ${cell} m, the size of a cell`,
    fix: 'give a larger radius, or shape: queen for the cells that touch',
  });
}

/** What is set and says nothing, or not what it seems to say. */
export function stepFindings(grid: Grid, { flow: flows, hotspots: spots }: Steps): Finding[] {
  const cell = shapeOf(grid);
  const warnings: Finding[] = [];
  for (const [code, { params }] of flows?.ways ?? [])
    for (const what of flow.remarks(params, cell, []))
      warnings.push({ level: 'warning', about: `flow of ${code}`, what });
  for (const what of spots ? hotspots.remarks(spots.params) : [])
    warnings.push({ level: 'warning', about: 'hotspots', what });
  return warnings;
}
