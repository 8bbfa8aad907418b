/** A run that was interrupted, wherever it was, continues and ends with the same bytes. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EcofluxError, throwIfAborted } from '../../src/core/errors.ts';
import { filesOf, outputs, platform, type RunChanges, run } from '../support/journaled-run.ts';
import { failure } from '../support/two-passes.ts';

const work = mkdtempSync(join(tmpdir(), 'ecoflux-resume-'));
const plain = join(work, 'plain');
let expected: Record<string, string>;
let visits: string[];
let out: string;
let runs = 0;

beforeAll(async () => {
  visits = [];
  await run(plain, { onVisit: (label) => visits.push(label) });
  expected = filesOf(plain);
});
beforeEach(() => {
  out = join(work, `out-${++runs}`);
});
afterAll(async () => {
  rmSync(work, { recursive: true, force: true });
  await platform.pool.close();
});

/** Interrupts at the nth visit, counted from 1. */
async function interruptAt(
  visit: number,
  changes: RunChanges = {},
): Promise<{ error: EcofluxError; labels: string[] }> {
  const stop = new AbortController();
  const labels: string[] = [];
  const onVisit = (label: string) => {
    labels.push(label);
    if (labels.length === visit) stop.abort();
  };
  return { error: await failure(run(out, { ...changes, signal: stop.signal, onVisit })), labels };
}

const partial = () => `${out}.partial`;

test('what is compared has several passes, files and skipped tiles', () => {
  expect(Object.keys(expected)).toEqual([
    'again/difference.tif',
    'bend.tif',
    'classes.tif',
    'classes.tif.aux.xml',
    'difference.tif',
    'ratio.tif',
    'run.json',
  ]);
  const passes = new Set(visits.map((label) => label.split(' tile')[0]));
  expect(passes.size).toBe(4);
  expect(visits.length).toBeLessThan(4 * 48);
  // Nothing of the run is beside its files.
  expect(readdirSync(work)).toEqual(['plain']);
  expect(existsSync(join(plain, '.ecoflux-journal'))).toBe(false);
});

describe('interrupted by the user', () => {
  test.each([1, 20, 39, 90, 140])('at visit %s', async (at) => {
    const { error } = await interruptAt(at);
    expect(error).toMatchObject({ code: 'Interrupted' });
    expect(error.message).toMatch(/partial: the run was interrupted\. What was done is kept: continue with --resume$/);
    expect(existsSync(out)).toBe(false);
    await run(out, { resume: true });
    expect(filesOf(out)).toEqual(expected);
    expect(existsSync(partial())).toBe(false);
  });

  test('again and again', async () => {
    let times = 0;
    for (;;) {
      const stop = new AbortController();
      let count = 0;
      const onVisit = () => {
        if (++count === 45) stop.abort();
      };
      const ended = await run(out, { tile: 32, resume: times++ > 0, signal: stop.signal, onVisit }).then(
        () => true,
        (error: EcofluxError) => {
          expect(error.code).toBe('Interrupted');
          return false;
        },
      );
      if (ended) break;
      expect(times).toBeLessThan(40);
    }
    expect(times).toBeGreaterThan(2);
    expect({ ...filesOf(out), 'run.json': '' }).toEqual({ ...expected, 'run.json': '' }); // which tells the tile
  });

  test('after the last file, before the end', async () => {
    const stop = new AbortController();
    const atEnd = () => {
      stop.abort();
      throwIfAborted(stop.signal);
    };
    await failure(run(out, { atEnd }));
    expect(Object.keys(filesOf(partial()))).toContain('bend.tif');
    expect(readdirSync(join(partial(), '.ecoflux-spools'))).toEqual([]);
    const labels: string[] = [];
    await run(out, { resume: true, onVisit: (label) => labels.push(label) });
    expect(labels).toEqual([]);
    expect(filesOf(out)).toEqual(expected);
  });

  test('an error that is no interruption leaves nothing', async () => {
    const atEnd = () => {
      throw new Error('broken');
    };
    expect(await failure(run(out, { atEnd }))).toMatchObject({ message: 'broken' });
    expect(existsSync(partial())).toBe(false);
  });

  test('what went wrong outside of the run, as with a server that is away, leaves what is done', async () => {
    const away = { file: 'https://a.org/dem.tif', cause: Object.assign(new Error('503'), { code: 'ETIMEDOUT' }) };
    let visit = 0;
    const onVisit = () => {
      if (++visit === 60) throw new EcofluxError('InvalidInput', 'the file cannot be read to its end', away);
    };
    expect((await failure(run(out, { onVisit }))).message).toBe(
      'https://a.org/dem.tif: the file cannot be read to its end. What was done is kept: continue with --resume',
    );
    await run(out, { resume: true });
    expect(filesOf(out)).toEqual(expected);
  });

  test('what is done is not visited again', async () => {
    await interruptAt(visits.length - 3);
    const labels: string[] = [];
    await run(out, { resume: true, onVisit: (label) => labels.push(label) });
    const again = labels.filter((label) => label.startsWith('pass 3'));
    expect(again.length).toBeLessThan(12);
    expect(filesOf(out)).toEqual(expected);
  });
});

describe('killed', () => {
  /** What lies on the disk at some visit is what a killed process leaves. */
  async function snapshots(at: readonly number[]): Promise<string[]> {
    const found: string[] = [];
    let count = 0;
    const source = join(work, `source-${runs}`);
    await run(source, {
      onVisit: () => {
        if (!at.includes(++count)) return;
        const copy = join(work, `killed-${runs}-${count}`);
        cpSync(`${source}.partial`, `${copy}.partial`, { recursive: true });
        // The process that made it is not there any more.
        writeFileSync(`${copy}.partial/.ecoflux-partial`, '999999999');
        found.push(copy);
      },
      // Lines have time to be written.
      log: undefined,
    });
    return found;
  }

  test('at any visit', async () => {
    for (const copy of await snapshots([1, 37, 77, 100, 150])) {
      expect(existsSync(`${copy}.partial/.ecoflux-journal`)).toBe(true);
      await run(copy, { resume: true });
      expect(filesOf(copy), copy).toEqual(expected);
    }
  });

  test('a line that was cut short, and lines that are none, are passed over', async () => {
    await interruptAt(100);
    const journal = join(partial(), '.ecoflux-journal');
    const lines = readFileSync(journal, 'utf8').split('\n').slice(0, -1);
    expect(lines.length).toBeGreaterThan(60);
    lines[20] = '\0\0\0\0';
    writeFileSync(journal, `${lines.join('\n')}\n["tile",0,5,{"b#ra`);
    await run(out, { resume: true });
    expect(filesOf(out)).toEqual(expected);
  });

  test('nor does JSON of another shape do harm', async () => {
    await interruptAt(100);
    const journal = join(partial(), '.ecoflux-journal');
    const lines = readFileSync(journal, 'utf8').split('\n').slice(0, -1);
    const strange = [
      'null',
      '[]',
      '{"x":1}',
      '["tile",0]',
      '["block",0,"a",{}]',
      '["block",0,3]',
      '["file",0]',
      '["run",{}]',
    ];
    writeFileSync(journal, [...lines.slice(0, 40), ...strange, ...lines.slice(40), ''].join('\n'));
    await run(out, { resume: true });
    expect(filesOf(out)).toEqual(expected);
  });

  test('blocks that did not reach the disk are made again', async () => {
    await interruptAt(100);
    const spools = join(partial(), '.ecoflux-spools');
    const [first, second] = readdirSync(spools);
    const bytes = readFileSync(join(spools, first));
    writeFileSync(join(spools, first), bytes.subarray(0, bytes.length / 2));
    // A power cut may leave zeros where a block should be.
    const other = readFileSync(join(spools, second));
    writeFileSync(join(spools, second), other.fill(0, 0, other.length / 3));
    await run(out, { resume: true });
    expect(filesOf(out)).toEqual(expected);
  });

  test('half a file at the end, and strangers, do not stay', async () => {
    await interruptAt(100);
    writeFileSync(join(partial(), '.bend.tif.123-1.tmp'), 'half');
    writeFileSync(join(partial(), 'report.html'), 'old');
    await run(out, { resume: true });
    expect(filesOf(out)).toEqual(expected);
  });

  test('a journal without a first line is none', async () => {
    await interruptAt(60);
    writeFileSync(join(partial(), '.ecoflux-journal'), '');
    await run(out, { resume: true });
    expect(filesOf(out)).toEqual(expected);
  });
});

describe('--resume', () => {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  beforeEach(() => lines.splice(0));

  test('with nothing to resume starts anew and says so', async () => {
    await run(out, { resume: true, log });
    expect(lines).toEqual([`There is nothing to resume in ${partial()}: the run starts anew.`]);
    expect(filesOf(out)).toEqual(expected);
  });

  test('of a complete folder says so', async () => {
    const before = filesOf(plain);
    const error = await failure(run(plain, { resume: true }));
    expect(error).toMatchObject({ code: 'InvalidConfiguration' });
    expect(error.message).toContain('the output folder is complete: there is nothing to resume');
    expect(filesOf(plain)).toEqual(before);
  });

  test('says that it continues; without it what was left is discarded, which is said too', async () => {
    await interruptAt(60);
    await interruptAt(30, { resume: true, log });
    expect(lines).toEqual([`Continues the run that was interrupted in ${partial()}.`]);
    lines.splice(0);
    await run(out, { log });
    expect(lines).toEqual([
      `What an interrupted run had left in ${partial()} was discarded; --resume would have continued it.`,
    ]);
    expect(filesOf(out)).toEqual(expected);
  });

  test('of another run is refused, naming what changed, and nothing is lost', async () => {
    await interruptAt(60, { facts: { 'data/lulc.tif': '10 bytes', 'data/dem.tif': 'same' } });
    const before = filesOf(partial());
    const changed = { 'the project file': 'b', 'data/lulc.tif': '11 bytes', 'data/dem.tif': 'same' };
    const error = await failure(run(out, { resume: true, facts: changed }));
    expect(error.code).toBe('InvalidConfiguration');
    expect(error.message).toContain(
      'the interrupted run cannot be continued: not the same any more: the project file, data/lulc.tif (found b, 11 bytes, expected a, 10 bytes)',
    );
    expect(filesOf(partial())).toMatchObject({ ...before, '.ecoflux-partial': expect.any(String) });
    const versions = { ...platform.versions, ecoflux: '99.0.0' };
    const facts = { 'data/lulc.tif': '10 bytes', 'data/dem.tif': 'same' };
    expect((await failure(run(out, { resume: true, facts, platform: { ...platform, versions } }))).message).toContain(
      'the version of ecoflux (found 99.0.0, expected',
    );
    expect((await failure(run(out, { resume: true, facts, outputs: outputs.slice(1) }))).message).toContain(
      'not the same any more: the outputs',
    );
    await run(out, { resume: true, facts });
    expect(filesOf(out)).toEqual(expected);
  });

  test('keeps the tiles of the run, whatever is asked for now', async () => {
    await interruptAt(60);
    await run(out, { resume: true, tile: 64, host: 2 ** 27 });
    expect(filesOf(out)).toEqual(expected);
  });

  test('of a run that was to replace a folder replaces it', async () => {
    await run(out, { facts: { other: '1' } });
    const before = filesOf(out);
    await interruptAt(60, { overwrite: true });
    expect(filesOf(out)).toEqual(before);
    await run(out, { resume: true });
    expect(filesOf(out)).toEqual(expected);
  });
});

test('two runs into one folder: the second is refused while the first lives', async () => {
  const second: Promise<EcofluxError>[] = [];
  await run(out, {
    onVisit: () => {
      if (second.length === 0) second.push(failure(run(out)), failure(run(out, { resume: true })));
    },
  });
  for (const error of await Promise.all(second))
    expect(error.message).toContain('another run (of this process) is writing into this folder');
  expect(second).toHaveLength(2);
  expect(filesOf(out)).toEqual(expected);
});

test('the journal grows by whole lines only', async () => {
  await interruptAt(60);
  const text = readFileSync(join(partial(), '.ecoflux-journal'), 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  appendFileSync(join(partial(), '.ecoflux-journal'), '["block",0');
  await interruptAt(20, { resume: true });
  const lines = readFileSync(join(partial(), '.ecoflux-journal'), 'utf8').trimEnd().split('\n');
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
});
