/** Which process fills a folder: a mark that only one of several can make, and that says whether its maker still lives. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { link, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EcofluxError } from '../core/errors.ts';

/** Whoever made it, and what the run was allowed. */
export interface Mark {
  readonly id?: string;
  readonly pid: number;
  /** When the process started, in a measure of the system; a number of a process may come again. */
  readonly started?: string;
  /** The run may replace the folder that is there. */
  readonly overwrite?: boolean;
}

export const MARK = '.ecoflux-partial';

/** Folders that this process fills. */
const ours = new Set<string>();

/**
 * Makes the folder this process's. `path`: its name in messages.
 * @throws EcofluxError InvalidConfiguration where the folder is somebody else's, or another run fills it
 */
export async function claim(folder: string, path: string, overwrite: boolean): Promise<void> {
  const fault = (what: string, fix: string) => new EcofluxError('InvalidConfiguration', what, { file: path, fix });
  const busy = (by: string) =>
    fault(`another run (${by}) is writing into this folder`, 'wait for it, or give another folder (--out)');
  if (ours.has(folder)) throw busy('of this process');
  ours.add(folder);
  try {
    const names = await readdir(folder);
    if (names.length > 0 && !names.some((name) => name.startsWith(MARK)))
      throw fault(
        'this is in the way, and ecoflux did not write it',
        'remove it, or give another output folder (--out)',
      );
    const mark: Mark = { id: randomUUID(), pid: process.pid, started: startOf(process.pid), overwrite };
    if (await make(join(folder, MARK), mark)) return;
    // Who takes over from a dead run says so in a file that is named after its mark and that only one can make; nobody removes it.
    let last = await readMark(folder);
    for (let next = await successor(folder, last); next; next = await successor(folder, last)) last = next;
    if (last && isAlive(last)) throw busy(`process ${last.pid}`);
    if (!(await make(successorPath(folder, last), mark))) throw busy('which has just begun');
    await writeFile(join(folder, `${MARK}-new`), JSON.stringify(mark));
    await rename(join(folder, `${MARK}-new`), join(folder, MARK));
  } catch (error) {
    ours.delete(folder);
    throw error;
  }
}

/** The folder is nobody's any more, or gone. */
export function release(folder: string): void {
  ours.delete(folder);
}

/** Whether this process fills the folder now. */
export function isClaimed(folder: string): boolean {
  return ours.has(folder);
}

/** The mark of a folder, if it has one. */
export async function readMark(folder: string): Promise<Mark | undefined> {
  return existsSync(join(folder, MARK)) ? parse(await readFile(join(folder, MARK), 'utf8').catch(() => '')) : undefined;
}

/** Whether this process made it: never over another one, and never seen half written. */
async function make(path: string, mark: Mark): Promise<boolean> {
  const text = JSON.stringify(mark);
  const draft = `${path}-${mark.id}`;
  await writeFile(draft, text);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // A file system without hard links.
    return await writeFile(path, text, { flag: 'wx' }).then(
      () => true,
      (reason: NodeJS.ErrnoException) => {
        if (reason.code === 'EEXIST') return false;
        throw reason;
      },
    );
  } finally {
    await unlink(draft);
  }
}

function successorPath(folder: string, mark: Mark | undefined): string {
  return join(folder, `${MARK}-after-${mark?.id ?? mark?.pid ?? 0}`);
}

async function successor(folder: string, mark: Mark | undefined): Promise<Mark | undefined> {
  const path = successorPath(folder, mark);
  return existsSync(path) ? parse(await readFile(path, 'utf8')) : undefined;
}

/** One that is cut short was left by a process that died as it made it. */
function parse(text: string): Mark | undefined {
  try {
    const mark = JSON.parse(text) as Mark | number;
    return typeof mark === 'number' ? { pid: mark } : mark;
  } catch {
    return { pid: 0 };
  }
}

/** Whether the process that made the mark still runs; of this one it is known otherwise. */
export function isAlive({ pid, started }: Mark): boolean {
  if (pid === 0 || pid === process.pid) return false; // what this process fills is known otherwise
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = startOf(pid);
  return started === undefined || now === undefined || now === started;
}

/** Where the system tells (Linux): the ticks from its start to that of the process. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
