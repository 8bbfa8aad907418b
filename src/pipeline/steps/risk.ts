/** The step risk: how supply, demand and the balance after flow moved between two years, and the classes of risk that follow. */

import { throwAll } from '../../core/errors.ts';
import type { Params } from '../../engine/graph.ts';
import { risk } from '../../models/risk/spec.ts';
import { type Period, periodName } from '../analysis-output.ts';
import { nearest } from '../nearest.ts';
import { Problems } from '../problems.ts';
import { fault } from '../project-fault.ts';
import type { ProjectFile } from '../project-file.ts';
import type { StepContext } from './context.ts';
import { flowPrefix } from './flow.ts';
import { type StepParams, stepParams } from './step-params.ts';

export interface RiskSettings extends StepParams {
  readonly period: Period;
  /** From each year to the next, where these are not the period itself. */
  readonly parts: readonly Period[];
}

/** @throws EcofluxError or ManyErrors InvalidConfiguration */
export function riskSettings(file: ProjectFile): RiskSettings {
  const { years, risk: section = {} } = file.project;
  if (years.length < 2)
    throw fault(file, ['risk'], 'risk needs two years: it tells how things moved between them', {
      found: `years: [${years.join(', ')}]`,
      fix: 'add a year, or remove the section',
    });
  const problems = new Problems();
  const { from = years[0], to = years[years.length - 1] } = section;
  for (const [name, year] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (!years.includes(year))
      problems.add(
        fault(file, ['risk', name], `the project has no year ${year}`, {
          expected: `one of ${years.join(', ')}`,
          fix: `write ${nearest(String(year), years.map(String)) ?? years[0]}, or add ${year} to years`,
        }),
      );
  if (from >= to)
    problems.add(
      fault(file, ['risk', 'from' in section ? 'from' : 'to'], 'the period of the risk does not run forward', {
        found: `from ${from} to ${to}`,
        expected: 'from an earlier year to a later one',
        fix: from > to ? `write from: ${to} and to: ${from}` : 'choose two different years',
      }),
    );
  const [read] = problems.take(() => stepParams(file, ['risk'], risk, section));
  throwAll(problems.all);
  const within = years.filter((year) => year >= from && year <= to);
  const parts = within.slice(1).map((year, i) => ({ from: within[i], to: year }));
  return { period: { from, to }, parts: parts.length > 1 ? parts : [], ...read };
}

const INDICES = ['sti', 'dti', 'sdi', 'sdti'] as const;

export function addRisks(context: StepContext, settings: RiskSettings): void {
  for (const { code, name, unit } of context.prepared.services) {
    for (const period of [settings.period, ...settings.parts]) {
      const whole = period === settings.period;
      const prefix = whole ? `risk/${code}` : `risk/${periodName(period)}/${code}`;
      const made = context.graph.model(`${prefix}/classes`, risk, {
        inputs: inputsOf(context, code, period, settings),
        params: paramsOf(context, code, settings),
        outputs: whole ? [...INDICES, 'risk'] : ['risk'],
      });
      const common = { step: 'risk', period, service: code, serviceName: name } as const;
      context.put({
        ...common,
        id: prefix,
        field: made.risk,
        quantity: 'risk',
        unit: '1',
        about: `${risk.outputs.risk.about}, ${period.from} to ${period.to}`,
        made: risk.outputs.risk,
        drawn: whole ? { step: 'risk', quantity: 'risk' } : undefined,
      });
      for (const quantity of whole ? INDICES : []) {
        const spec = risk.outputs[quantity];
        context.put({
          ...common,
          id: `${prefix}/${quantity}`,
          field: made[quantity],
          quantity,
          unit,
          about: `${spec.about}, ${period.from} to ${period.to}`,
          centre: 'centre' in spec ? spec.centre : undefined,
          drawn: { step: 'risk', quantity },
        });
      }
    }
  }
}

function inputsOf(context: StepContext, code: string, { from, to }: Period, { params }: RiskSettings) {
  const [first, last] = [context.sides(from, code), context.sides(to, code)];
  return {
    supply_1: first.supply,
    supply_2: last.supply,
    demand_1: first.demand,
    demand_2: last.demand,
    net_1: `${flowPrefix(from, code)}/net`,
    net_2: `${flowPrefix(to, code)}/net`,
    ...(params.surplus === 1 && { outflow_2: `${flowPrefix(to, code)}/outflow` }),
  };
}

/** What counts as zero follows from all years, so that periods compare. */
function paramsOf({ rangeOf }: StepContext, code: string, { params }: RiskSettings): Params {
  const high = (side: 'supply' | 'demand') => ({ record: rangeOf(code, side), field: 'high' });
  return {
    ...params,
    supply_1_max: high('supply'),
    supply_2_max: high('supply'),
    demand_1_max: high('demand'),
    demand_2_max: high('demand'),
  };
}
