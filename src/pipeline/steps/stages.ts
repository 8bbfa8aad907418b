/** The parts of an analysis that can be asked for by name: `--only flow,risk`. */
import { EcofluxError } from '../../core/errors.ts';
import type { AnalysisOutput } from '../analysis-output.ts';
import { nearest } from '../nearest.ts';
import { bundledOutputs } from './bundles.ts';
import type { Steps } from './settings.ts';

export const STAGES = ['services', 'composite', 'flow', 'risk', 'hotspots', 'bundles'] as const;
export type StageName = (typeof STAGES)[number];

/** "flow, risk". @throws EcofluxError InvalidConfiguration for what is no stage */
export function readStages(text: string): ReadonlySet<StageName> {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  const unknown = names.find((name) => !(STAGES as readonly string[]).includes(name));
  if (unknown === undefined) return new Set(names as StageName[]);
  const close = nearest(unknown, STAGES);
  throw new EcofluxError('InvalidConfiguration', '--only names what is no stage of an analysis', {
    found: `'${unknown}'`,
    expected: STAGES.join(', '),
    fix: close ? `write ${close}` : 'choose some of them, with commas between',
  });
}

/** All that the project computes where nothing is asked for. @throws EcofluxError InvalidConfiguration for a stage that it has not */
export function stagesOf(
  steps: Steps,
  outputs: readonly AnalysisOutput[],
  only: ReadonlySet<StageName> | undefined,
): ReadonlySet<StageName> {
  const there = new Set<StageName>([...outputs.map(stageOf), ...(steps.bundles ? (['bundles'] as const) : [])]);
  const missing = [...(only ?? [])].find((name) => !there.has(name));
  if (missing === undefined) return only ?? there;
  throw new EcofluxError('InvalidConfiguration', `the project does not compute '${missing}'`, {
    found: `--only ${[...only!].join(',')}`,
    expected: `some of ${[...there].join(', ')}`,
    fix:
      missing === 'composite' ? 'the composite needs two services' : `add the section '${missing}' to the project file`,
  });
}

/** The files of these stages, and those that bundles are made of. */
export function outputsOfStages(
  steps: Steps,
  outputs: readonly AnalysisOutput[],
  stages: ReadonlySet<StageName>,
): readonly AnalysisOutput[] {
  const bundled = new Set(steps.bundles && stages.has('bundles') ? bundledOutputs(outputs, steps.bundles) : []);
  return outputs.filter((output) => stages.has(stageOf(output)) || bundled.has(output));
}

function stageOf({ step, service }: AnalysisOutput): StageName {
  return step === 'services' && service === 'composite' ? 'composite' : step;
}
