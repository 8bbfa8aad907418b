/** A folder that appears complete or not at all: filled under NAME.partial, renamed at the end. What it replaces must be a result of ours. */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { access, constants, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { EcofluxError } from '../core/errors.ts';
import type { OutputFolder } from '../pipeline/platform.ts';
import { writingFailed } from './file-errors.ts';
import { fileTarget } from './files.ts';

export interface FolderOptions {
  readonly overwrite: boolean;
  /** Files that the run reads: a folder that holds one of them is never replaced. */
  readonly inputs?: readonly string[];
  /** Folder for spools. */
  readonly scratch: string;
}

/** Says who fills a `.partial` folder; gone when it is complete. */
const MARK = '.ecoflux-partial';

export async function beginFolder(
  path: string,
  { overwrite, inputs = [], scratch }: FolderOptions,
): Promise<OutputFolder> {
  const final = resolve(path);
  const partial = `${final}.partial`;
  checkReplaceable(path, final, overwrite, inputs);
  checkAbandoned(path, partial);
  const failed = (cause: unknown): never => {
    throw writingFailed(path, cause);
  };
  await rm(partial, { recursive: true, force: true }).catch(failed);
  await mkdir(partial, { recursive: true }).catch(failed);
  await access(partial, constants.W_OK).catch(failed);
  await writeFile(join(partial, MARK), String(process.pid)).catch(failed);
  const place = async (file: string) => {
    const full = join(partial, file);
    await mkdir(dirname(full), { recursive: true }).catch(failed);
    return full;
  };
  return {
    path: partial,
    target: async (file) => fileTarget(await place(file), { spoolDir: scratch }),
    writeText: async (file, text) => writeFile(await place(file), text).catch(failed),
    async commit() {
      await rm(join(partial, MARK)).catch(failed);
      const old = join(dirname(final), `.${basename(final)}.${process.pid}.old`);
      const replaces = existsSync(final);
      if (replaces) await rename(final, old).catch(failed);
      await rename(partial, final).catch(async (cause: unknown) => {
        if (replaces) await rename(old, final);
        return failed(cause);
      });
      if (replaces) await rm(old, { recursive: true, force: true });
    },
    async abort() {
      await rm(partial, { recursive: true, force: true });
    },
  };
}

/** Only an empty folder or one that ecoflux wrote is replaced, and only if nothing in it is needed. */
function checkReplaceable(path: string, final: string, overwrite: boolean, inputs: readonly string[]): void {
  if (!existsSync(final)) return;
  const fault = (what: string, fix: string) => new EcofluxError('InvalidConfiguration', what, { file: path, fix });
  if (!overwrite)
    throw fault('the output folder is there already', 'give another one (--out), or replace it with --overwrite');
  const held = [process.cwd(), ...inputs].find((input) => existsSync(input) && contains(final, input));
  if (held !== undefined)
    throw fault(
      `the output folder holds ${held === process.cwd() ? 'the folder you are in' : held}, which would be lost`,
      'give another folder (--out)',
    );
  const names = readNames(final);
  if (names === undefined) throw fault('a file of this name is in the way', 'give another name (--out)');
  const ours = names.includes('run.json') || (names.includes('project.yaml') && names.includes('project.schema.json'));
  if (names.length > 0 && !ours)
    throw fault(
      'the folder is not one that ecoflux wrote, so --overwrite does not touch it',
      'give another folder (--out), or remove this one yourself',
    );
}

/** A partial folder without our mark is somebody else's; one whose run is alive is in use. */
function checkAbandoned(path: string, partial: string): void {
  const names = existsSync(partial) ? readNames(partial) : [];
  if (names !== undefined && names.length === 0) return;
  const fault = (what: string, fix: string) =>
    new EcofluxError('InvalidConfiguration', what, { file: `${path}.partial`, fix });
  if (!names?.includes(MARK))
    throw fault('this is in the way, and ecoflux did not write it', 'remove it, or give another output folder (--out)');
  const pid = Number(readFileSync(join(partial, MARK), 'utf8'));
  if (pid !== process.pid && isAlive(pid))
    throw fault(
      `another run (process ${pid}) is writing into this folder`,
      'wait for it, or give another folder (--out)',
    );
}

function readNames(path: string): string[] | undefined {
  try {
    return readdirSync(path);
  } catch {
    return undefined;
  }
}

function contains(folder: string, path: string): boolean {
  const inside = relative(realpathSync(folder), realpathSync(path));
  return inside === '' || (!inside.startsWith('..') && inside !== realpathSync(path));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
