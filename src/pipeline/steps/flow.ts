/** The step flow: for each service and year from where it is supplied to where it is used, in the ways that the project file says. */

import { throwAll } from '../../core/errors.ts';
import type { InputSpec } from '../../core/model.ts';
import { flow, MODES } from '../../models/flow/spec.ts';
import type { AnalysisOutput } from '../analysis-output.ts';
import { Problems } from '../problems.ts';
import { fault, type Path } from '../project-fault.ts';
import type { ProjectFile } from '../project-file.ts';
import type { PreparedService } from '../service-models.ts';
import type { FlowMode } from '../step-schema.ts';
import type { StepContext } from './context.ts';
import type { Steps } from './settings.ts';
import { type StepParams, stepParams } from './step-params.ts';

export interface FlowSettings {
  /** By code of the service. */
  readonly ways: ReadonlyMap<string, StepParams & { readonly mode: FlowMode }>;
  /** Layers that are read beside supply and demand. */
  readonly layers: readonly { readonly layer: string; readonly spec: InputSpec }[];
  readonly dem?: string;
  readonly permeability?: string;
}

/** Settings that mean something in one mode only. */
export const FLOW_SETTINGS: Readonly<Record<FlowMode, readonly string[]>> = {
  in_situ: [],
  omnidirectional: ['max_distance', 'mass_tolerance', 'spill'],
  directional: ['retention', 'algorithm'],
};

/** @throws EcofluxError or ManyErrors InvalidConfiguration */
export function flowSettings(file: ProjectFile, services: readonly PreparedService[]): FlowSettings {
  const { layers, services: written, flow: section = {} } = file.project;
  const problems = new Problems();
  const shared = new Map<FlowMode, StepParams>(
    MODES.map((mode) => {
      const settings = mode === 'in_situ' ? {} : (section[mode] ?? {});
      const [read] = problems.take(() => stepParams(file, ['flow', mode], flow, settings));
      return [mode, read ?? { params: {}, given: {} }];
    }),
  );
  const ways = new Map<string, StepParams & { mode: FlowMode }>();
  for (const { code, flow: mode } of services) {
    const own = written[code].flow;
    const { mode: _, ...settings } = typeof own === 'object' ? own : { mode };
    const path: Path = ['services', code, 'flow'];
    for (const name of Object.keys(settings).filter((each) => !FLOW_SETTINGS[mode].includes(each)))
      problems.add(
        fault(file, [...path, name], `${name} says nothing of a flow that is ${words(mode)}`, {
          expected: FLOW_SETTINGS[mode].length > 0 ? `one of ${FLOW_SETTINGS[mode].join(', ')}` : 'no setting',
          fix: `remove ${name}, or change the mode`,
        }),
      );
    const [read] = problems.take(() => stepParams(file, path, flow, settings));
    const common = shared.get(mode)!;
    ways.set(code, {
      mode,
      params: { mode: MODES.indexOf(mode), ...common.params, ...read?.params },
      given: { mode, ...common.given, ...read?.given },
    });
  }
  const directed = [...ways].find(([, { mode }]) => mode === 'directional')?.[0];
  const dem = directed === undefined ? undefined : (section.directional?.dem ?? 'dem');
  const { permeability } = section;
  if (dem !== undefined && !(dem in layers))
    problems.add(
      fault(
        file,
        section.directional ? ['flow', 'directional'] : ['services', directed!],
        `there is no layer '${dem}'`,
        {
          expected: `heights, for the flow of ${directed} is directional`,
          fix: `add layers: { ${dem}: path/of/it.tif }, or another flow for the service`,
        },
      ),
    );
  if (permeability !== undefined && !(permeability in layers))
    problems.add(
      fault(file, ['flow', 'permeability'], `there is no layer '${permeability}'`, {
        fix: `add layers: { ${permeability}: path/of/it.tif }`,
      }),
    );
  throwAll(problems.all);
  const read = [
    ...(dem === undefined ? [] : [{ layer: dem, spec: flow.inputs.dem }]),
    ...(permeability === undefined ? [] : [{ layer: permeability, spec: flow.inputs.permeability }]),
  ];
  return { ways, dem, permeability, layers: read };
}

function words(mode: FlowMode): string {
  return mode.replace('_', ' ');
}

/** What each mode writes; in place nothing moves. */
const IN_PLACE = [
  'consumption',
  'outflow',
  'residual',
  'deficit',
  'net',
  'balance_semi_static',
  'balance_dynamic',
  'role',
] as const;
const MOVING = [...IN_PLACE, 'inflow', 'transit'] as const;
const DRAWN: readonly string[] = ['role', 'balance_dynamic'];

export function addFlows(context: StepContext, settings: FlowSettings): void {
  const { services, project, zones } = context.prepared;
  for (const { code, name, unit } of services) {
    const { mode, params } = settings.ways.get(code)!;
    const spills = mode === 'directional' || params.spill === 1;
    const outputs = mode === 'in_situ' ? IN_PLACE : [...MOVING, ...(spills ? (['spill'] as const) : [])];
    for (const year of project.years) {
      const inputs: Record<string, string> = { ...context.sides(year, code) };
      if (settings.permeability !== undefined && mode !== 'in_situ')
        inputs.permeability = context.source(settings.permeability, year, flow.inputs.permeability);
      if (mode === 'directional') inputs.dem = context.source(settings.dem!, year, flow.inputs.dem);
      if (zones) inputs.zones = context.zones();
      const made = context.graph.model(flowPrefix(year, code), flow, { inputs, params, outputs: [...outputs] });
      for (const quantity of outputs) {
        const spec = flow.outputs[quantity];
        const classes = 'classes' in spec;
        context.put({
          id: `${year}/${code}/${quantity}`,
          field: made[quantity],
          step: 'flow',
          year,
          service: code,
          serviceName: name,
          quantity,
          unit: classes ? '1' : unit,
          about: spec.about,
          centre: 'centre' in spec ? spec.centre : undefined,
          made: classes ? spec : undefined,
          drawn: drawnAs(quantity, year, context.prepared.steps),
          totals: classes ? undefined : 'of the file',
        });
      }
    }
  }
}

/** What was sent out in the last year is among the indices of risk. */
function drawnAs(quantity: string, year: number, { risk }: Steps): AnalysisOutput['drawn'] {
  if (quantity === 'outflow' && year === risk?.period.to) return { step: 'risk', quantity };
  return DRAWN.includes(quantity) ? { step: 'flow', quantity, year } : undefined;
}

/** Where the fields of a flow are in a graph. */
export function flowPrefix(year: number, code: string): string {
  return `${year}/${code}/flow`;
}

/** The operator that counts what moves. */
export function flowNode(year: number, code: string, mode: FlowMode): string {
  return `${flowPrefix(year, code)}/${mode === 'directional' ? 'flow_directional' : 'flow_omnidirectional'}`;
}
