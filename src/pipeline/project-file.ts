/** Reads a project file: YAML or JSON text to a checked value. Every mistake is named with line, column, what was found and the fix. */
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { EcofluxError, throwAll } from '../core/errors.ts';
import { nearest } from './nearest.ts';
import { LATER_SECTIONS, type Project, projectSchema, STEP_SECTIONS } from './schema.ts';

export interface ProjectFile {
  /** As the user named it. */
  readonly name: string;
  readonly project: Project;
  /** "line 4, column 3" of a value, for messages about what it means. */
  place(path: readonly (string | number)[]): string;
}

/** @throws EcofluxError InvalidConfiguration with all mistakes at once */
export function readProject(name: string, text: string): ProjectFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `line ${line}, column ${col}`;
  };
  if (document.errors.length > 0)
    throwAll(
      document.errors.map(
        (error) =>
          new EcofluxError('InvalidConfiguration', `this is not YAML: ${error.message}`, {
            file: name,
            place: at(error.pos[0]),
            fix: 'look at the indentation, quotes and brackets there',
          }),
      ),
    );
  const place = (path: readonly (string | number)[]) => at(offsetOf(document.contents, path));
  const keyPlace = (path: readonly (string | number)[]) => at(keyOffset(document.contents, path));
  const value: unknown = withoutEmpty(document.toJS() ?? {});
  const parsed = projectSchema.safeParse(value);
  const errors = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => problems(name, issue, value, place, keyPlace));
  throwAll(errors);
  const project = parsed.data!;
  throwAll([...checkYears(name, project, place)]);
  return { name, project, place };
}

/** A step that is asked for without a setting: `risk:` and nothing after it. */
function withoutEmpty(project: unknown): unknown {
  if (typeof project !== 'object' || project === null || Array.isArray(project)) return project;
  const entries = Object.entries(project);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value === null && STEP_SECTIONS.includes(name) ? {} : value]),
  );
}

type Issue = z.core.$ZodIssue;
type Place = (path: readonly (string | number)[]) => string;

function problems(file: string, issue: Issue, value: unknown, place: Place, keyPlace: Place): EcofluxError[] {
  const path = issue.path as (string | number)[];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(file, path, key, keyPlace));
  if (issue.code === 'invalid_union') {
    // The branch that was meant knows the most of the keys; of equals, the one with the fewest complaints, about the deepest place.
    const branches = [...issue.errors].sort(
      (a, b) => strangers(a) - strangers(b) || a.length - b.length || depth(b) - depth(a),
    );
    const inner =
      branches.find((branch) => branch.some(({ path: p, code }) => p.length > 0 || code === 'unrecognized_keys')) ??
      branches[0] ??
      [];
    return inner.flatMap((each) =>
      problems(file, { ...each, path: [...path, ...each.path] } as Issue, value, place, keyPlace),
    );
  }
  const found = valueAt(value, path);
  const label = path.join('.') || 'the project';
  if (found === undefined)
    return [
      new EcofluxError('InvalidConfiguration', `${label} is missing`, {
        file,
        place: place(path.slice(0, -1)),
        expected: expectation(issue),
        fix: missingFix(path, value),
      }),
    ];
  return [
    new EcofluxError('InvalidConfiguration', `${label} is not right`, {
      file,
      place: place(path),
      found: JSON.stringify(found),
      expected: expectation(issue),
      fix: 'correct the value',
    }),
  ];
}

/** A key that is nearly the missing one was most likely meant for it. */
function missingFix(path: readonly (string | number)[], value: unknown): string {
  const name = String(path.at(-1) ?? 'it');
  const beside = valueAt(value, path.slice(0, -1));
  const close = typeof beside === 'object' && beside !== null ? nearest(name, Object.keys(beside)) : undefined;
  return close ? `write '${name}' instead of '${close}'` : `add ${name}`;
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value);
}

function strangers(branch: readonly Issue[]): number {
  return branch.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0);
}

function depth(branch: readonly { readonly path: readonly PropertyKey[] }[]): number {
  return Math.max(0, ...branch.map(({ path }) => path.length));
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type') return `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
  if (issue.code === 'invalid_key') return 'a name of letters, digits and _ that starts with a letter';
  if (issue.code === 'invalid_value') return `one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_small') return `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  return issue.message;
}

function unknownKey(file: string, path: (string | number)[], key: string, keyPlace: Place): EcofluxError {
  const full = [...path, key];
  const where = { file, place: keyPlace(full) };
  if (path.length === 0 && (LATER_SECTIONS as readonly string[]).includes(key))
    return new EcofluxError('Unsupported', `'${key}' is not computed by this version of ecoflux`, {
      ...where,
      fix: `remove the section '${key}'`,
    });
  const known = knownKeys(path);
  if (known.includes(key))
    return new EcofluxError('InvalidConfiguration', `'${full.join('.')}' does not go with what stands beside it`, {
      ...where,
      expected: formsAt(path),
      fix: `remove '${key}', or the keys of the other form`,
    });
  const close = nearest(key, known);
  return new EcofluxError('InvalidConfiguration', `there is no key '${full.join('.')}'`, {
    ...where,
    expected: `one of ${known.join(', ')}`,
    fix: close ? `write '${close}'` : `remove '${key}'`,
  });
}

/** Keys that the schema knows at a place of the file. */
function knownKeys(path: readonly (string | number)[]): string[] {
  return [...new Set(optionsAt(path).flatMap((schema) => Object.keys(shapeOf(schema))))];
}

/** The kinds of object that may stand at a place, by their keys: "{ like } or { crs, resolution, bounds }". */
function formsAt(path: readonly (string | number)[]): string {
  const keys = optionsAt(path).map((schema) => Object.keys(shapeOf(schema)));
  const forms = keys.filter(({ length }) => length > 0).map((form) => `{ ${form.join(', ')} }`);
  return forms.join(' or ');
}

function optionsAt(path: readonly (string | number)[]): z.core.$ZodType[] {
  let options: z.core.$ZodType[] = [projectSchema];
  for (const key of path) options = options.flatMap((schema) => childrenAt(schema, String(key)));
  return options;
}

function childrenAt(schema: z.core.$ZodType, key: string): z.core.$ZodType[] {
  const shape = shapeOf(schema);
  if (key in shape) return flatten(shape[key]);
  const { def } = (schema as z.core.$ZodRecord)._zod;
  return def.type === 'record' ? flatten(def.valueType) : [];
}

function shapeOf(schema: z.core.$ZodType): Record<string, z.core.$ZodType> {
  const { def } = (schema as z.core.$ZodObject)._zod;
  return def.type === 'object' ? def.shape : {};
}

/** The schemas behind optional, default and union. */
function flatten(schema: z.core.$ZodType): z.core.$ZodType[] {
  const def = schema._zod.def as { type: string; innerType?: z.core.$ZodType; options?: readonly z.core.$ZodType[] };
  if (def.innerType) return flatten(def.innerType);
  return def.options ? def.options.flatMap(flatten) : [schema];
}

function* checkYears(file: string, { years }: Project, place: Place): Generator<EcofluxError> {
  for (let i = 1; i < years.length; i++) {
    if (years[i] > years[i - 1]) continue;
    const what = years[i] === years[i - 1] ? `year ${years[i]} stands there twice` : 'the years are out of order';
    yield new EcofluxError('InvalidConfiguration', what, {
      file,
      place: place(['years', i]),
      found: years.join(', '),
      fix: 'list each year once, the earliest first',
    });
  }
}

function offsetOf(node: unknown, path: readonly (string | number)[]): number {
  let current = node as Node | null;
  for (const key of path) {
    const next = (current as { get?: (key: unknown, keep: boolean) => unknown } | null)?.get?.(key, true) as
      | Node
      | undefined;
    if (!next?.range) break;
    current = next;
  }
  return current?.range?.[0] ?? 0;
}

function keyOffset(node: unknown, path: readonly (string | number)[]): number {
  const parent = path
    .slice(0, -1)
    .reduce<unknown>(
      (current, key) => (current as { get?: (key: unknown, keep: boolean) => unknown })?.get?.(key, true),
      node,
    );
  if (!isMap(parent)) return offsetOf(node, path);
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  return (pair?.key as Node | undefined)?.range?.[0] ?? offsetOf(node, path);
}
