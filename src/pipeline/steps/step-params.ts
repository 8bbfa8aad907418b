/** Parameters of the model behind a section of the project file, read where they stand. */

import { throwAll } from '../../core/errors.ts';
import type { Model } from '../../core/model.ts';
import type { Values } from '../../core/values.ts';
import { readParam } from '../param-values.ts';
import { Problems } from '../problems.ts';
import { at, type Path } from '../project-fault.ts';
import type { ProjectFile } from '../project-file.ts';

export interface StepParams {
  readonly params: Values;
  /** As the user wrote them; those left out are defaults. */
  readonly given: Readonly<Record<string, string>>;
}

/** Of what is written, the parameters of the model. @throws EcofluxError or ManyErrors InvalidConfiguration */
export function stepParams(
  file: ProjectFile,
  path: Path,
  model: Pick<Model, 'params'>,
  written: Readonly<Record<string, unknown>>,
): StepParams {
  const problems = new Problems();
  const params: Record<string, number> = {};
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(written)) {
    const spec = model.params[name];
    if (!spec || (typeof value !== 'number' && typeof value !== 'string')) continue;
    problems.take(() => {
      params[name] = at(file, [...path, name], () => readParam(name, spec, value).value);
      given[name] = String(value);
    });
  }
  throwAll(problems.all);
  return { params, given };
}
