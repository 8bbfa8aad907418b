/**
 * The arguments of a run checked by themselves, before any file is opened: required and conditional ones, numbers and booleans in the
 * forms in which InVEST takes them. An empty text is an argument that is not there.
 */
import { EcofluxError } from '../../core/errors.ts';
import { nearest } from '../nearest.ts';
import type { Platform } from '../platform.ts';
import { Problems } from '../problems.ts';
import type { Argument, ArgumentCheck, Arguments, RawArguments } from './argument.ts';

/** Arguments that every model of InVEST has. */
const COMMON = ['workspace_dir', 'results_suffix', 'n_workers'];
/** Arguments of versions after 3.20 that would change the results, so that they cannot be passed over. */
const LATER: Readonly<Record<string, string>> = {
  aoi_vector_path: 'an area of interest',
  target_projection: 'another projection of the results',
  target_pixelsize: 'another cell size of the results',
};

export function checkArguments(
  file: string,
  args: RawArguments,
  known: Arguments,
  { relativeTo }: Pick<Platform, 'relativeTo'>,
): ArgumentCheck {
  const problems = new Problems();
  const notes: string[] = [];
  const booleans: Record<string, boolean> = {};
  const numbers: Record<string, number> = {};
  const paths: Record<string, string> = {};
  const given = new Map(Object.entries(args).filter(([, value]) => value !== null && String(value).trim() !== ''));

  const strangers = [...given.keys()].filter((name) => !(name in known || name in LATER) && !COMMON.includes(name));
  for (const [name, asked] of Object.entries(LATER))
    if (given.has(name) && !(name in known)) problems.add(notThere(file, name, asked));
  for (const name of strangers) notes.push(`${file}: ${unknown(name, known)}`);
  for (const [name, { kind }] of Object.entries(known))
    if (kind === 'boolean')
      for (const value of problems.take(() => readBoolean(file, name, given.get(name)))) booleans[name] = value;

  for (const [name, argument] of Object.entries(known)) {
    const { kind, when, optional, refused } = argument;
    const value = given.get(name);
    if (kind === 'boolean') continue;
    if (when !== undefined && booleans[when] !== true) {
      if (value !== undefined) notes.push(`${file}: ${name} is not used, because ${when} is not true`);
    } else if (value === undefined) {
      if (!optional && !refused) problems.add(missing(file, name, argument, given, strangers));
    } else if (refused) problems.add(notThere(file, name, refused));
    else if (kind === 'choice')
      for (const choice of problems.take(() => readChoice(file, name, value, argument))) numbers[name] = choice;
    else if (kind === 'number')
      for (const number of problems.take(() => readNumber(file, name, value, argument))) numbers[name] = number;
    else for (const path of problems.take(() => readPath(file, name, value))) paths[name] = relativeTo(file, path);
  }

  const [suffix = ''] = problems.take(() => readSuffix(file, given.get('results_suffix')));
  const [workspace] = problems.take(() => workspaceOf(file, given.get('workspace_dir'), relativeTo));
  return { checked: { file, paths, numbers, booleans, suffix, workspace, notes }, problems: problems.all };
}

function unknown(name: string, known: Arguments): string {
  const close = nearest(name, Object.keys(known));
  return `there is no argument '${name}'; it is not looked at${close ? ` (did you mean ${close}?)` : ''}`;
}

/** @param strangers names in the file that no argument has: one of them may be meant for this one */
function missing(
  file: string,
  name: string,
  { about, kind, when, formerly }: Argument,
  given: ReadonlyMap<string, unknown>,
  strangers: readonly string[],
) {
  const old = formerly !== undefined && given.has(formerly);
  const close = nearest(name, strangers);
  return new EcofluxError('InvalidConfiguration', `the argument ${name} is missing or empty`, {
    file,
    place: name,
    expected: `${WORDS[kind]}: ${about}${when ? `; required because ${when} is true` : ''}`,
    fix: old
      ? `rename ${formerly}, as it was called before InVEST 3.15`
      : close
        ? `rename '${close}', or add ${name}`
        : `add "${name}": …${when ? `, or make ${when} false` : ''}`,
  });
}

const WORDS: Readonly<Record<Argument['kind'], string>> = {
  raster: 'a raster',
  classes: 'a raster of class codes',
  vector: 'a vector of polygons',
  table: 'a CSV table',
  number: 'a number',
  boolean: 'true or false',
  choice: 'a choice',
};

function notThere(file: string, name: string, refused: string): EcofluxError {
  return new EcofluxError('Unsupported', `${name} asks for ${refused}, which is not in this version`, {
    file,
    place: name,
    fix: `leave ${name} out, or empty: everything else is computed without it`,
  });
}

function fault(file: string, name: string, what: string, found: unknown, expected: string): EcofluxError {
  return new EcofluxError('InvalidConfiguration', `the argument ${name} ${what}`, {
    file,
    place: name,
    found: JSON.stringify(found),
    expected,
    fix: 'correct the value',
  });
}

function readBoolean(file: string, name: string, value: unknown): boolean {
  if (value === undefined) return false;
  const text = String(value).trim().toLowerCase();
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw fault(file, name, 'is neither true nor false', value, 'true or false');
}

/** Upper case is as good as lower, as in InVEST. */
function readChoice(file: string, name: string, value: unknown, { choices = [] }: Argument): number {
  const index = choices.indexOf(String(value).trim().toLowerCase());
  if (index >= 0) return index;
  throw fault(file, name, 'is none of its choices', value, choices.join(' or '));
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function readNumber(file: string, name: string, value: unknown, { accepts, about }: Argument): number {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  const number = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number)) throw fault(file, name, 'is not a number', value, `a number: ${about}`);
  if (accepts && !accepts.test(number)) throw fault(file, name, 'is out of range', value, accepts.words);
  return number;
}

/** With slashes: argument files that were written on Windows have backslashes, which only Windows reads. */
function readPath(file: string, name: string, value: unknown): string {
  if (typeof value === 'string') return value.trim().replaceAll('\\', '/');
  throw fault(file, name, 'is no path', value, 'the path of a file, as text');
}

/** As InVEST: an underscore stands before the suffix, whether the user wrote one or not. */
function readSuffix(file: string, value: unknown): string {
  if (value === undefined) return '';
  const text = String(value).trim();
  if (!/^[\w-]+$/.test(text))
    throw fault(file, 'results_suffix', 'cannot be part of a file name', value, 'letters, digits, _ and -');
  return text.startsWith('_') ? text : `_${text}`;
}

function workspaceOf(file: string, value: unknown, relativeTo: Platform['relativeTo']): string | undefined {
  return value === undefined ? undefined : relativeTo(file, readPath(file, 'workspace_dir', value));
}
