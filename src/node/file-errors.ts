/** Errors of the file system in words: which file, what is wrong, what to do. */
import { EcofluxError } from '../core/errors.ts';

const READING: Readonly<Record<string, [what: string, fix: string]>> = {
  ENOENT: ['there is no such file', 'check the path'],
  ENOTDIR: ['there is no such file', 'check the path: a part of it is not a directory'],
  EISDIR: ['this is a directory, not a file', 'name a file inside it'],
  EACCES: ['the file may not be read', 'give yourself permission to read it'],
  EPERM: ['the file may not be read', 'give yourself permission to read it'],
  EMFILE: ['too many files are open', 'raise the limit with ulimit -n'],
};

const WRITING: Readonly<Record<string, [what: string, fix: string]>> = {
  ENOENT: ['the directory to write to does not exist', 'create it or choose another output directory'],
  ENOTDIR: ['the place to write to is not a directory', 'choose another output directory'],
  EISDIR: ['a directory of this name is in the way', 'choose another name'],
  EACCES: ['the file may not be written', 'choose another output directory or change its permissions'],
  EPERM: ['the file may not be written', 'choose another output directory or change its permissions'],
  EROFS: ['the file system is read-only', 'choose another output directory'],
  ENOSPC: ['the disk is full', 'free some space, or choose another disk with --out or --scratch'],
  EDQUOT: ['the disk quota is used up', 'free some space, or choose another disk with --out or --scratch'],
  EFBIG: ['the file would be larger than the file system allows', 'choose another disk with --out or --scratch'],
};

export function readingFailed(path: string, cause: unknown): EcofluxError {
  return explain('InvalidInput', 'the file cannot be read', READING, path, cause);
}

export function writingFailed(path: string, cause: unknown): EcofluxError {
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(cause));
  return explain(full ? 'OutOfCapacity' : 'InvalidInput', 'the file cannot be written', WRITING, path, cause);
}

function explain(
  code: 'InvalidInput' | 'OutOfCapacity',
  otherwise: string,
  table: typeof READING,
  path: string,
  cause: unknown,
) {
  const [what, fix] = table[codeOf(cause)] ?? [otherwise, undefined];
  return new EcofluxError(code, what, {
    file: path,
    found: fix ? undefined : String((cause as Error).message),
    fix,
    cause,
  });
}

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException)?.code ?? '';
}
