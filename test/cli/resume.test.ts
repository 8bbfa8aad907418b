/** Runs that are killed, interrupted and continued, as a user does it: processes of their own, kill -9 and Ctrl-C at any moment. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withoutSteps } from '../support/project.ts';
import { randomNumbers } from '../support/rasters.ts';

const BIN = resolve(import.meta.dirname, '../../bin/ecoflux.mjs');
let work: string;

interface Ended {
  readonly code: number | null;
  readonly killed: boolean;
  readonly stderr: string;
}

/** `stop`: the signal, once the journal holds so many lines. */
function ecoflux(
  args: readonly string[],
  stop?: { readonly signal: NodeJS.Signals; readonly journal: string; readonly lines: number },
): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [BIN, ...args, '--progress', 'none'], { cwd: work });
    let stderr = '';
    child.stderr.on('data', (text) => (stderr += text));
    const watch =
      stop &&
      setInterval(() => {
        if (linesOf(stop.journal) < stop.lines) return;
        clearInterval(watch); // Ctrl-C twice would not wait for anything
        child.kill(stop.signal);
      }, 5);
    child.on('close', (code, signal) => {
      clearInterval(watch);
      done({ code, killed: signal === 'SIGKILL', stderr });
    });
  });
}

function linesOf(journal: string): number {
  return existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length - 1 : 0;
}

/** The hash of every file; of run.json what does not tell the time. */
function filesOf(folder: string): Record<string, string> {
  const names = (readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  return Object.fromEntries(
    names.sort().map((name) => {
      const bytes = readFileSync(join(folder, name));
      if (name === 'run.json') return [name, timeless(JSON.parse(String(bytes)))];
      return [name, createHash('sha256').update(bytes).digest('hex')];
    }),
  );
}

function timeless({ started: _, seconds: __, timings: ___, traffic: ____, ...rest }: Record<string, unknown>): string {
  return JSON.stringify(rest);
}

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'ecoflux-resume-cli-'));
  expect((await ecoflux(['init', 'p', '--size', '640', '--seed', '3', '--device', 'cpu'])).code).toBe(0);
  withoutSteps(join(work, 'p'));
  const text = readFileSync(join(work, 'p/project.yaml'), 'utf8');
  writeFileSync(join(work, 'p/project.yaml'), text.replace('years: [2003, 2013, 2023]', 'years: [2003]'));
}, 60_000);
afterAll(() => rmSync(work, { recursive: true, force: true }));

test('a project that is killed once and interrupted once ends with the same bytes', async () => {
  const run = ['run', 'p/project.yaml', '--device', 'cpu', '--tile', '256'];
  const plain = await ecoflux([...run, '--out', 'plain']);
  expect(plain.stderr).not.toContain('Error');
  expect(plain.code).toBe(0);
  const random = randomNumbers(Date.now());
  const journal = join(work, 'out.partial/.ecoflux-journal');
  let lines = 2;
  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    lines += 1 + Math.floor(random() * 19); // a line of this run: before it, Node itself would answer the signal
    const ended = await ecoflux([...run, '--out', 'out', '--resume'], { signal, journal, lines });
    if (existsSync(join(work, 'out'))) break; // it was quicker
    expect(existsSync(join(work, 'out'))).toBe(false);
    if (signal === 'SIGKILL') expect(ended.killed).toBe(true);
    else {
      expect(ended.code).toBe(130);
      expect(ended.stderr).toContain(
        'Interrupted: out.partial: the run was interrupted. What was done is kept: continue with --resume',
      );
    }
    lines = Math.max(lines, linesOf(journal));
  }
  if (!existsSync(join(work, 'out'))) {
    const last = await ecoflux([...run, '--out', 'out', '--resume']);
    expect(last.stderr).toContain('Continues the run that was interrupted');
    expect(last.code).toBe(0);
  }
  expect(filesOf(join(work, 'out'))).toEqual(filesOf(join(work, 'plain')));
  expect(existsSync(join(work, 'out.partial'))).toBe(false);
  const again = await ecoflux([...run, '--out', 'out', '--resume']);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('the output folder is complete: there is nothing to resume');
}, 180_000);

test('a process that is killed; another input is noticed; two at once', async () => {
  const inputs = ['lulc', 'precipitation', 'et0', 'soil_depth', 'pawc'].flatMap((name) => {
    const file = ['lulc', 'precipitation'].includes(name) ? `${name}_2003` : name;
    return [`--${name}`, `p/data/${file}.tif`];
  });
  const run = ['annual_water_yield', ...inputs, '--biophysical', 'p/data/biophysical.csv', '--device', 'cpu'];
  const journal = join(work, 'wy.partial/.ecoflux-journal');
  expect((await ecoflux([...run, '--out', 'wy-plain'])).code).toBe(0);
  const killed = await ecoflux([...run, '--out', 'wy', '--tile', '128'], { signal: 'SIGKILL', journal, lines: 4 });
  expect(killed.killed).toBe(true);
  const other = await ecoflux([...run, '--out', 'wy', '--resume', '--seasonality_constant', '3']);
  expect(other.code).toBe(2);
  expect(other.stderr).toContain('cannot be continued: not the same any more: the options');
  const both = await Promise.all([0, 1].map(() => ecoflux([...run, '--out', 'wy', '--resume'])));
  const codes = both.map(({ code }) => code).sort();
  expect(codes).toEqual([0, 2]);
  expect(both.find(({ code }) => code === 2)!.stderr).toMatch(
    /another run \(.*\) is writing into this folder|nothing to resume/,
  );
  const strip = (folder: string) => {
    const { 'run.json': _, ...files } = filesOf(join(work, folder));
    return files;
  };
  expect(strip('wy')).toEqual(strip('wy-plain'));
}, 120_000);
