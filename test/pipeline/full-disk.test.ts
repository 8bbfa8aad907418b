/** Disks that fill up in the midst of a run: a small file system of its own where that can be had, and writes that fail elsewhere. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileTarget } from '../../src/node/files.ts';
import type { Platform } from '../../src/pipeline/platform.ts';
import { filesOf, platform, run } from '../support/journaled-run.ts';
import { failure } from '../support/two-passes.ts';

const work = mkdtempSync(join(tmpdir(), 'ecoflux-full-'));
const plain = join(work, 'plain');
afterAll(async () => {
  rmSync(work, { recursive: true, force: true });
  await platform.pool.close();
});

const mounted = join(work, 'small');
mkdirSync(mounted);
const mount = (size: string) =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', mounted]).status === 0;
const able = process.platform === 'linux' && process.getuid?.() === 0 && mount('64k');
if (able) execFileSync('umount', [mounted]);

describe.skipIf(!able)(`a small disk${able ? '' : ' (skipped: only root may mount one)'}`, () => {
  beforeEach(() => {
    expect(mount('256k')).toBe(true);
  });
  afterEach(() => execFileSync('umount', [mounted]));

  test('for the output: what was done is kept, and continues when there is room', async () => {
    await run(plain);
    const out = join(mounted, 'out');
    const error = await failure(run(out));
    expect(error.code).toBe('OutOfCapacity');
    expect(error.message).toMatch(
      /small\/out.*: the disk is full \(expected some [\d.]+ [kM]B more\)\. Free some space, or choose another disk with --out or --scratch; what was done is kept: continue with --resume$/,
    );
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(mounted)).toEqual(['out.partial']);
    expect(spawnSync('mount', ['-o', 'remount,size=4m', mounted]).status).toBe(0);
    await run(out, { resume: true });
    expect(filesOf(out)).toEqual(filesOf(plain));
    expect(readdirSync(mounted)).toEqual(['out']);
  });

  test('for scratch files: the folder is named, with what is needed', async () => {
    execFileSync('mount', ['-o', 'remount,size=16k', mounted]);
    const scratch: Platform = {
      ...platform,
      openScratch: () => fileTarget(join(mounted, 'ecoflux-fields'), { spoolDir: mounted }).openSpool(),
    };
    const out = join(work, 'out');
    // No room in memory for fields between passes: they go to the scratch file.
    const error = await failure(run(out, { platform: scratch, tile: 16, host: 1.6e5 }));
    expect(error.code).toBe('OutOfCapacity');
    expect(error.message).toMatch(
      /small: the disk for scratch files is full \(expected some [\d.]+ [kM]B.*\)\. Free some space, or choose another folder with --scratch; what was done is kept: continue with --resume$/,
    );
    expect(readdirSync(mounted)).toEqual([]);
    await run(out, { resume: true, tile: 16, host: 1.6e5 });
    await run(join(work, 'other'), { tile: 16, host: 1.6e5 });
    expect(filesOf(out)).toEqual(filesOf(join(work, 'other')));
  });
});

describe('scratch files', () => {
  const opened = (names: string[]): Platform => ({
    ...platform,
    async openScratch() {
      const spool = await fileTarget(join(work, 'fields'), { spoolDir: work }).openSpool();
      names.push('open');
      return {
        ...spool,
        async dispose() {
          names.push('removed');
          await spool.dispose();
        },
      };
    },
  });

  test('are not made where memory holds what is kept', async () => {
    const seen: string[] = [];
    await run(join(work, 'roomy'), { platform: opened(seen) });
    expect(seen).toEqual([]);
  });

  test('are made where it does not, and are gone after: at the end, and when the run is interrupted', async () => {
    const seen: string[] = [];
    await run(join(work, 'tight'), { platform: opened(seen), tile: 16, host: 1.6e5 });
    expect(seen).toEqual(['open', 'removed']);
    const stop = new AbortController();
    let visits = 0;
    const onVisit = () => {
      if (++visits === 100) stop.abort();
    };
    await failure(
      run(join(work, 'cut'), { platform: opened(seen), tile: 16, host: 1.6e5, signal: stop.signal, onVisit }),
    );
    expect(seen).toEqual(['open', 'removed', 'open', 'removed']);
    expect(readdirSync(work).filter((name) => name.includes('tmp'))).toEqual([]);
  });
});
