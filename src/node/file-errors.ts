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

const SCRATCH: typeof WRITING = {
  ...WRITING,
  ENOENT: ['the folder for scratch files does not exist', 'create it, or choose another one with --scratch'],
  ENOTDIR: ['the place for scratch files is not a folder', 'choose another one with --scratch'],
  EACCES: ['scratch files may not be written there', 'choose another folder with --scratch'],
  EPERM: ['scratch files may not be written there', 'choose another folder with --scratch'],
  EROFS: ['the file system for scratch files is read-only', 'choose another folder with --scratch'],
  ENOSPC: ['the disk for scratch files is full', 'free some space, or choose another folder with --scratch'],
  EDQUOT: ['the disk quota for scratch files is used up', 'free some space, or choose another folder with --scratch'],
  EFBIG: [
    'a scratch file would be larger than its file system allows',
    'choose another folder with --scratch, or give more memory with --memory',
  ],
};

export function readingFailed(path: string, cause: unknown): EcofluxError {
  return explain('InvalidInput', 'the file cannot be read', READING, path, cause);
}

export function writingFailed(path: string, cause: unknown): EcofluxError {
  return explain(codeOfWriting(cause), 'the file cannot be written', WRITING, path, cause);
}

/** `directory`: the folder of the scratch files, which the user knows by name; their own names tell nothing. */
export function scratchFailed(directory: string, cause: unknown): EcofluxError {
  return explain(codeOfWriting(cause), 'scratch files cannot be written', SCRATCH, directory, cause);
}

function codeOfWriting(cause: unknown): 'InvalidInput' | 'OutOfCapacity' {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(cause)) ? 'OutOfCapacity' : 'InvalidInput';
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
