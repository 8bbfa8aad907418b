/** The rasters of threats of a project: shares from 0 to 1, as far as a look at them before the run can tell. */
import type { ClassQuestion } from '../class-checks.ts';
import { type BoundLayer, layerKey } from '../layers.ts';
import type { Project } from '../schema.ts';
import { allParts } from '../service-models.ts';
import { checkThreatValues } from './threat-values.ts';

type ThreatQuestion = Pick<ClassQuestion, 'services' | 'layers' | 'platform' | 'problems' | 'signal'> & {
  readonly project: Project;
};

/** Values outside are among the problems. */
export async function checkThreats(question: ThreatQuestion): Promise<void> {
  const { services, layers, project, platform, problems, signal } = question;
  const threats = new Map<string, BoundLayer>();
  for (const { model, inputs } of allParts(services)) {
    if (model?.id !== 'habitat_quality') continue;
    for (const [name, { layer, spec }] of Object.entries(inputs))
      for (const year of name.startsWith('threat_') ? project.years : []) {
        const bound = layers.get(layerKey(layer, year, spec));
        if (bound) threats.set(bound.path, bound);
      }
  }
  await problems.wait(() => checkThreatValues(threats.values(), platform.pool, signal));
}
