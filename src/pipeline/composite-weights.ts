/** How much each service counts in the composites of a project. */
import { EcofluxError } from '../core/errors.ts';
import type { PreparedProject } from './prepare.ts';

/** Equal weights, or those of the project scaled to add up to 1. */
export function weightsOf({ services, project }: PreparedProject): ReadonlyMap<string, number> {
  const given = project.composite?.weights ?? {};
  const unknown = Object.keys(given).find((code) => !services.some((service) => service.code === code));
  if (unknown)
    throw new EcofluxError(
      'InvalidConfiguration',
      `composite.weights names '${unknown}', which is no service of the project`,
      { expected: services.map(({ code }) => code).join(', ') },
    );
  const raw = services.map(({ code }) => (project.composite?.weights ? (given[code] ?? 0) : 1));
  const sum = raw.reduce((a, b) => a + b, 0);
  if (sum === 0)
    throw new EcofluxError('InvalidConfiguration', 'composite.weights are all 0', {
      fix: 'give at least one service a weight',
    });
  return new Map(services.map(({ code }, i) => [code, raw[i] / sum]));
}
