/** The last moment of a run: killed between the steps that put its folder into place, or with something new in that place. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { throwIfAborted } from '../../src/core/errors.ts';
import { filesOf, run } from '../support/journaled-run.ts';

const NOBODY = 2 ** 22 + 1; // beyond the numbers that Linux gives to processes
let dir: string;
let out: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ecoflux-commit-'));
  out = join(dir, 'out');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const messageOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('it should have failed'),
    (error: Error) => error.message,
  );

/** A folder `out` of an older run, and beside it all of a new one that wanted to replace it and has only to take its place. */
async function atTheEnd(): Promise<{ before: Record<string, string>; fresh: Record<string, string> }> {
  await run(join(dir, 'fresh'), { tile: 30 });
  const fresh = filesOf(join(dir, 'fresh'));
  rmSync(join(dir, 'fresh'), { recursive: true });
  await run(out, { tile: 20 });
  writeFileSync(join(out, 'older'), '');
  const stop = new AbortController();
  const atEnd = () => {
    stop.abort();
    throwIfAborted(stop.signal);
  };
  await messageOf(run(out, { tile: 30, overwrite: true, atEnd }));
  const mark = JSON.stringify({ pid: NOBODY, overwrite: true });
  writeFileSync(join(out, '../out.partial/.ecoflux-partial'), mark);
  return { before: filesOf(out), fresh };
}

test('killed between the two moves: the older folder is back at the next run, which may continue', async () => {
  const { before, fresh } = await atTheEnd();
  renameSync(out, join(dir, `.out.${NOBODY}.old`));
  cpSync(join(dir, 'out.partial'), join(dir, 'kept'), { recursive: true });
  expect(await messageOf(run(out))).toContain('the output folder is there already');
  expect(filesOf(out)).toEqual(before);
  await run(out, { tile: 30, resume: true });
  expect(filesOf(out)).toEqual(fresh);
  expect(readdirSync(dir).sort()).toEqual(['kept', 'out']);
});

test('killed after the second move: notes and the older folder go', async () => {
  const { fresh } = await atTheEnd();
  await run(out, { tile: 30, resume: true });
  cpSync(out, join(dir, `.out.${NOBODY}.old`), { recursive: true });
  writeFileSync(join(out, '.ecoflux-journal'), '');
  writeFileSync(join(out, '.ecoflux-partial'), JSON.stringify({ pid: NOBODY }));
  expect(await messageOf(run(out, { resume: true }))).toContain('there is nothing to resume');
  expect(filesOf(out)).toEqual(fresh);
  expect(readdirSync(dir)).toEqual(['out']);
});

test('a folder of such a name that a living process, or somebody else, has put there stays', async () => {
  for (const name of ['.out.1.old', `.out.${NOBODY}.old`, '.out.old']) mkdirSync(join(dir, name));
  writeFileSync(join(dir, '.out.1.old/run.json'), '');
  writeFileSync(join(dir, `.out.${NOBODY}.old/mine`), '');
  await run(out);
  expect(readdirSync(dir).sort()).toEqual(['.out.1.old', `.out.${NOBODY}.old`, '.out.old', 'out']);
});

test('what took the place of the folder while the run went on is not lost, nor is the run', async () => {
  const atEnd = () => {
    mkdirSync(out);
    writeFileSync(join(out, 'mine'), 'precious');
  };
  expect(await messageOf(run(out, { atEnd }))).toContain(
    'something took the place of the output folder while the run went on (found the output folder is there already). Move it away; what was done is kept: continue with --resume',
  );
  expect(readFileSync(join(out, 'mine'), 'utf8')).toBe('precious');
  renameSync(out, join(dir, 'mine'));
  const labels: string[] = [];
  await run(out, { resume: true, onVisit: (label) => labels.push(label) });
  expect(labels).toEqual([]);
  expect(existsSync(join(out, 'bend.tif'))).toBe(true);
});
