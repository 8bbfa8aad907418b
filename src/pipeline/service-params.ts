/** Parameters of the models of a service, as they stand beside `model:` in the project file. */
import { throwAll } from '../core/errors.ts';
import type { Model } from '../core/model.ts';
import { nearest } from './nearest.ts';
import { readParam } from './param-values.ts';
import { Problems } from './problems.ts';
import { at, fault, type Path } from './project-fault.ts';
import type { ProjectFile } from './project-file.ts';
import { perPersonAmount } from './services.ts';

/** Counted over a time, which stands beside the amount. */
const OVER = 'over';

export interface ParamsQuestion {
  readonly file: ProjectFile;
  readonly path: Path;
  readonly model: Model;
  /** What stands for a parameter, and where. */
  readonly find: (name: string) => { readonly value: unknown; readonly path: Path } | undefined;
  /** Names that others were mistyped for: not missed as well. */
  readonly meant: readonly string[];
  /** Of the service. */
  readonly unit: string;
}

/** @throws EcofluxError or ManyErrors InvalidConfiguration */
export function readParams({ file, path, model, find, meant, unit }: ParamsQuestion): {
  readonly params: Readonly<Record<string, number>>;
  readonly given: Readonly<Record<string, string>>;
} {
  const params: Record<string, number> = {};
  const given: Record<string, string> = {};
  const problems = new Problems();
  const over = model.id === 'per_capita' ? find(OVER) : undefined;
  for (const [name, spec] of Object.entries(model.params)) {
    const found = find(name);
    if (found === undefined) {
      const wanting = spec.default === undefined && !spec.optional && !spec.found;
      if (wanting && !meant.includes(name))
        problems.add(fault(file, path, `${model.id} needs '${name}' (${spec.about})`, { fix: `add ${name}` }));
      continue;
    }
    const { value } = found;
    const choice = spec.choices && typeof value === 'boolean';
    if (typeof value !== 'number' && typeof value !== 'string' && !choice) {
      problems.add(
        fault(file, found.path, `${name} is no number`, {
          found: JSON.stringify(value),
          fix: 'give a number, with a unit where it has one',
        }),
      );
      continue;
    }
    const text = choice ? String(value) : (value as string | number);
    const read = () =>
      model.id === 'per_capita' && name === 'amount'
        ? perPersonAmount(text, over?.value as string | number | undefined, unit)
        : readParam(name, spec, text).value;
    for (const number of problems.take(() => at(file, found.path, read))) {
      params[name] = number;
      given[name] = String(value);
    }
  }
  if (over) given[OVER] = String(over.value);
  throwAll(problems.all);
  return { params, given };
}

/** Reports names that no model of the chain has; gives those they were most likely meant for. */
export function unknownNames(
  {
    file,
    path,
    written,
    models,
    problems,
  }: {
    readonly file: ProjectFile;
    readonly path: Path;
    readonly written: Readonly<Record<string, unknown>>;
    readonly models: readonly Model[];
    readonly problems: Problems;
  },
  others: readonly string[],
): string[] {
  const extra = models.some(({ id }) => id === 'per_capita') ? [OVER] : [];
  const known = [...new Set([...models.flatMap(({ params }) => Object.keys(params)), ...extra])];
  return Object.keys(written).flatMap((name) => {
    if (known.includes(name) || others.includes(name)) return [];
    const close = nearest(name, known);
    problems.add(
      fault(file, [...path, name], `${models[0].id} has no parameter '${name}'`, {
        expected: known.length > 0 ? `one of ${known.join(', ')}` : 'none',
        fix: close ? `write '${close}'` : `remove '${name}'`,
      }),
    );
    return close ? [close] : [];
  });
}
