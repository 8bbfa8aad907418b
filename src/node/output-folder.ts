/**
 * A folder that appears complete or not at all: filled under NAME.partial, renamed at the end. What it replaces must be a result of ours.
 * A run that keeps a journal there and is interrupted leaves it for one that resumes.
 */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { access, constants, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { EcofluxError } from '../core/errors.ts';
import type { BeginOptions, OutputFolder } from '../pipeline/platform.ts';
import { claim, isClaimed, MARK, readMark, release } from './claim.ts';
import { writingFailed } from './file-errors.ts';
import { fileTarget } from './files.ts';
import { openJournalFile } from './journal-file.ts';
import { JOURNAL, removeNotes, setAside, settleKilledCommit } from './killed-commit.ts';

export interface FolderOptions extends BeginOptions {
  /** Folder for spools. */
  readonly scratch: string;
}

/** Blocks of files that are not complete, beside the journal that knows where they lie. */
const SPOOLS = '.ecoflux-spools';

export async function beginFolder(path: string, options: FolderOptions): Promise<OutputFolder> {
  const { scratch, journaled = false, resume = false, log = () => {} } = options;
  const final = resolve(path);
  const partial = `${final}.partial`;
  const failed = (cause: unknown): never => {
    throw cause instanceof EcofluxError ? cause : writingFailed(path, cause);
  };
  if (!isClaimed(partial)) await settleKilledCommit(final).catch(failed);
  const interrupted = resume && existsSync(join(partial, JOURNAL));
  if (resume && !interrupted) checkNotComplete(path, final);
  // What the interrupted run was allowed, the one that continues it is.
  const overwrite = options.overwrite || (interrupted && ((await readMark(partial))?.overwrite ?? false));
  const checkPlace = () => checkReplaceable(path, final, overwrite, options.inputs ?? []);
  checkPlace();
  await mkdir(partial, { recursive: true }).catch(failed);
  await claim(partial, `${path}.partial`, overwrite).catch(failed);
  const abort = async () => {
    await rm(partial, { recursive: true, force: true });
    release(partial);
  };
  try {
    checkPlace(); // a run that ended meanwhile put its folder there
    await access(partial, constants.W_OK).catch(failed);
    if (!interrupted) {
      const discarded = await empty(partial);
      if (resume) log(`There is nothing to resume in ${path}.partial: the run starts anew.`);
      else if (discarded)
        log(`What an interrupted run had left in ${path}.partial was discarded; --resume would have continued it.`);
    }
    const journal = journaled ? await openJournalFile(join(partial, JOURNAL), interrupted) : undefined;
    const place = async (file: string) => {
      const full = join(partial, file);
      await mkdir(dirname(full), { recursive: true }).catch(failed);
      return full;
    };
    return {
      path: partial,
      journal,
      target: async (file) =>
        fileTarget(await place(file), {
          spoolDir: scratch,
          keptSpool: journal && join(partial, SPOOLS, encodeURIComponent(file)),
        }),
      writeText: async (file, text) => writeFile(await place(file), text).catch(failed),
      async tidy(keep) {
        const kept = new Set([JOURNAL, ...keep]);
        for (const name of await readdir(partial, { recursive: true, withFileTypes: true })) {
          const file = relative(partial, join(name.parentPath, name.name));
          const own = file.startsWith(MARK) || file.startsWith(SPOOLS);
          if (name.isFile() && !own && !kept.has(file)) await rm(join(partial, file));
        }
      },
      async commit() {
        try {
          checkPlace();
        } catch (error) {
          throw appeared(path, error);
        }
        await rm(join(partial, SPOOLS), { recursive: true, force: true }).catch(failed);
        await journal?.close();
        const old = setAside(final);
        const replaces = existsSync(final);
        if (replaces) await rename(final, old).catch(failed);
        await rename(partial, final).catch(async (cause: unknown) => {
          if (replaces) await rename(old, final);
          return failed(cause);
        });
        // Only now: killed before, the run could still be resumed.
        await removeNotes(final).catch(failed);
        if (replaces) await rm(old, { recursive: true, force: true });
        release(partial);
      },
      async abort() {
        await journal?.close();
        await abort();
      },
      async leave() {
        if (!journal?.begun) return undefined;
        await journal.close();
        release(partial);
        return `${path}.partial`;
      },
    };
  } catch (error) {
    if (interrupted) release(partial);
    else await abort();
    throw error;
  }
}

/** What came into the place of the folder while the run went on is not ours to replace. */
function appeared(path: string, error: unknown): EcofluxError {
  return new EcofluxError(
    'InvalidConfiguration',
    'something took the place of the output folder while the run went on',
    {
      file: path,
      found: (error as EcofluxError).what,
      fix: 'move it away',
      cause: Object.assign(new Error('the folder is there'), { code: 'EEXIST' }),
    },
  );
}

/** Removes all but the mark; whether there was anything. */
async function empty(partial: string): Promise<boolean> {
  const names = (await readdir(partial)).filter((name) => !name.startsWith(MARK));
  for (const name of names) await rm(join(partial, name), { recursive: true, force: true });
  return names.length > 0;
}

function checkNotComplete(path: string, final: string): void {
  if (!existsSync(join(final, 'run.json'))) return;
  throw new EcofluxError('InvalidConfiguration', 'the output folder is complete: there is nothing to resume', {
    file: path,
    fix: 'use it as it is, or compute it again with --overwrite instead of --resume',
  });
}

/** Only an empty folder or one that ecoflux wrote is replaced, and only if nothing in it is needed. */
function checkReplaceable(path: string, final: string, overwrite: boolean, inputs: readonly string[]): void {
  if (!existsSync(final)) return;
  const fault = (what: string, fix: string) => new EcofluxError('InvalidConfiguration', what, { file: path, fix });
  const names = readNames(final);
  // An empty folder is as good as none: many make one first.
  if (names?.length === 0 && resolve(process.cwd()) !== final) return;
  if (!overwrite)
    throw fault('the output folder is there already', 'give another one (--out), or replace it with --overwrite');
  const held = [process.cwd(), ...inputs].find((input) => existsSync(input) && contains(final, input));
  if (held !== undefined)
    throw fault(
      `the output folder holds ${held === process.cwd() ? 'the folder you are in' : held}, which would be lost`,
      'give another folder (--out)',
    );
  if (names === undefined) throw fault('a file of this name is in the way', 'give another name (--out)');
  const ours = names.includes('run.json') || (names.includes('project.yaml') && names.includes('project.schema.json'));
  if (names.length > 0 && !ours)
    throw fault(
      'the folder is not one that ecoflux wrote, so --overwrite does not touch it',
      'give another folder (--out), or remove this one yourself',
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
