/** Argument files of InVEST: a plain object of arguments, or a parameter set (datastack) with the arguments in its member `args`. */
import { EcofluxError } from '../../core/errors.ts';
import type { RawArguments } from './argument.ts';

export interface ParameterSet {
  readonly args: RawArguments;
  /** As the file names the model: "carbon" or "natcap.invest.carbon". */
  readonly model?: string;
  readonly version?: string;
}

/** @throws EcofluxError InvalidInput for what is neither */
export function parseParameterSet(file: string, text: string): ParameterSet {
  if (text.startsWith('\u001f') || /\.(tar\.gz|tgz|tar|gz|zip)$/i.test(file))
    throw new EcofluxError('Unsupported', 'datastack archives are not read in this version', {
      file,
      fix: `unpack it (tar -xzf ${file} -C FOLDER) and give FOLDER/parameters.invest.json`,
    });
  const json = parseJson(file, text.replace(/^\uFEFF/, ''));
  if (!isObject(json))
    throw new EcofluxError('InvalidInput', 'this is no argument file', {
      file,
      found: Array.isArray(json) ? 'a list' : JSON.stringify(json),
      expected: 'an object of arguments, or one with a member args',
    });
  if (!('args' in json)) return { args: json };
  const { args } = json;
  if (!isObject(args))
    throw new EcofluxError('InvalidInput', 'the member args is no object', {
      file,
      found: JSON.stringify(args),
      expected: 'an object of arguments',
    });
  const text_ = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  return { args, model: text_(json.model_id) ?? text_(json.model_name), version: text_(json.invest_version) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { message } = cause as Error;
    const position = /position (\d+)/.exec(message)?.[1];
    throw new EcofluxError('InvalidInput', 'this is not JSON', {
      file,
      place: position === undefined ? undefined : placeOf(text, Number(position)),
      found: message,
      fix: 'correct it; text stands in double quotes, a backslash in a path is written \\\\',
      cause,
    });
  }
}

function placeOf(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}
