/** Puts right what a run left that was killed in the last moment, between the steps that put its folder into place. */
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive, MARK, readMark } from './claim.ts';

export const JOURNAL = '.ecoflux-journal';

/** Where what a folder held before is kept while a new one takes its place. */
export function setAside(final: string): string {
  return join(dirname(final), `.${basename(final)}.${process.pid}.old`);
}

/** The older folder comes back where no new one has taken its place, and goes where one has; so do the notes of the run in the new one. */
export async function settleKilledCommit(final: string): Promise<void> {
  const mark = await readMark(final);
  if (mark && isAlive(mark)) return;
  const start = `.${basename(final)}.`;
  const beside = await readdir(dirname(final)).catch(() => []);
  for (const name of beside) {
    const pid = name.startsWith(start) ? /^(\d+)\.old$/.exec(name.slice(start.length))?.[1] : undefined;
    const old = join(dirname(final), name);
    if (pid === undefined || isAlive({ pid: Number(pid) }) || !isOurs(old)) continue;
    if (existsSync(final)) await rm(old, { recursive: true, force: true });
    else await rename(old, final).catch(() => undefined); // another process did it
  }
  if (mark) await removeNotes(final);
}

/** The journal and the marks of a folder that is complete. */
export async function removeNotes(final: string): Promise<void> {
  for (const name of await readdir(final))
    if (name === JOURNAL || name.startsWith(MARK)) await rm(join(final, name), { force: true });
}

function isOurs(folder: string): boolean {
  return ['run.json', 'project.schema.json'].some((name) => existsSync(join(folder, name)));
}
