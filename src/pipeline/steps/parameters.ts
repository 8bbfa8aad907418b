/** The settings of flow, risk, hot spots and bundles for the list of parameters: what was given, and what else was taken. */
import type { Model } from '../../core/model.ts';
import { flow } from '../../models/flow/spec.ts';
import { hotspots } from '../../models/hotspots/spec.ts';
import { risk } from '../../models/risk/spec.ts';
import type { ReportParameter } from '../../report/index.ts';
import { periodName } from '../analysis-output.ts';
import { shownParam } from '../param-values.ts';
import type { PreparedService } from '../service-models.ts';
import { FLOW_SETTINGS } from './flow.ts';
import type { Steps } from './settings.ts';
import type { StepParams } from './step-params.ts';

export function stepParameters(services: readonly PreparedService[], steps: Steps): ReportParameter[] {
  const rows: ReportParameter[] = [];
  for (const { code } of steps.flow ? services : []) {
    const way = steps.flow!.ways.get(code)!;
    rows.push(...modelRows(`${code}: ${flow.title}`, flow, way, ['mode', ...FLOW_SETTINGS[way.mode]]));
  }
  if (steps.risk) {
    const where = risk.title;
    const value = periodName(steps.risk.period);
    rows.push({ where, name: 'period', value, about: 'from the first year to the last', defaulted: false });
    rows.push(...modelRows(where, risk, steps.risk, ['trend', 'surplus', 'tolerance']));
  }
  if (steps.hotspots) {
    const where = hotspots.title;
    const value = steps.hotspots.of.join(', ');
    rows.push({ where, name: 'of', value, about: 'composites that are looked at', defaulted: false });
    rows.push(...modelRows(where, hotspots, steps.hotspots, ['shape', 'radius', 'correction']));
  }
  if (steps.bundles) rows.push(...bundleRows(steps.bundles));
  return rows;
}

function modelRows(
  where: string,
  { params: specs }: Pick<Model, 'params'>,
  { params, given }: StepParams,
  names: readonly string[],
): ReportParameter[] {
  return names.flatMap((name): ReportParameter[] => {
    const { about, unit, default: fallback, ...spec } = specs[name];
    const number = params[name] ?? fallback;
    const value = given[name] ?? (number === undefined ? undefined : String(shownParam(spec, number)));
    if (value === undefined) return [];
    const shown = unit === '1' || unit.startsWith('any') ? undefined : unit;
    return [{ where, name, value, unit: shown, about, defaulted: !(name in given) }];
  });
}

function bundleRows({ of, year, options, plan }: NonNullable<Steps['bundles']>): ReportParameter[] {
  const where = 'Bundles';
  const { topology } = plan.trainings[0].map;
  const { epochs, cooling, init, seed } = plan.trainings[0];
  const taken: Readonly<Record<string, string>> = {
    of: of === 'risk' ? of : `${of} ${year}`,
    nodes: plan.numbers.length > 0 ? range(plan.numbers) : 'one for each node of the map',
    topology,
    epochs: String(epochs),
    cooling,
    init,
    seed: String(seed),
    scale: plan.scaling,
    choose: plan.choose,
    two_stage: plan.twoStage ? 'yes' : 'no',
  };
  return Object.entries(taken).map(([name, value]) => ({ where, name, value, defaulted: !(name in options) }));
}

function range(numbers: readonly number[]): string {
  return numbers.length === 1 ? String(numbers[0]) : `${numbers[0]}..${numbers[numbers.length - 1]}`;
}
