/** A run with global operators that was interrupted in the middle of one of them continues and ends with the same bytes. */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { EcofluxError } from '../../src/core/errors.ts';
import type { TaskPool } from '../../src/core/tasks.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { freshFolders, runModelOf, smallRouted } from '../support/invest-files.ts';
import { filesOf } from '../support/journaled-run.ts';

const platform = nodePlatform({ workers: 2 });
let dir: string;
let args: Awaited<ReturnType<typeof smallRouted>>;
freshFolders(platform, (folder) => {
  dir = folder;
});
beforeEach(async () => {
  args = await smallRouted(platform, dir);
});

/** Calls before each task of that name, with how many there were. */
function poolThat(task: string, before: (call: number) => void): TaskPool {
  const { pool } = platform;
  let calls = 0;
  return {
    ...pool,
    run(name, input, options) {
      if (name === task) before(++calls);
      return pool.run(name, input, options);
    },
  };
}

interface Changes {
  readonly pool?: TaskPool;
  readonly signal?: AbortSignal;
  readonly resume?: boolean;
}

const run = (model: 'sdr' | 'ndr', workspace: string, { pool = platform.pool, ...options }: Changes = {}) =>
  runModelOf({ ...platform, pool }, model, dir, args[model], {
    workspace,
    intermediates: true,
    order: 'free',
    options: { tile: 4, ...options },
  });

/** Times are not the same twice. */
function bytesOf(folder: string): Record<string, string> {
  const { 'run.json': _, ...files } = filesOf(folder);
  return files;
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('the run should have been interrupted'),
    (error: EcofluxError) => error,
  );

// Each stands for an operator: of the terrain, of directions, along the flow, and the last one of the model.
describe.each([
  ['sdr', 'fill_raise'],
  ['sdr', 'direction_tile'],
  ['sdr', 'accumulate_flow'],
  ['sdr', 'deposit_sediment'],
  ['ndr', 'retain_downslope'],
] as const)('%s in the middle of %s', (model, task) => {
  test('interrupted, and killed', async () => {
    const plain = join(dir, 'plain');
    let calls = 0;
    await run(model, plain, { pool: poolThat(task, () => calls++) });
    const expected = bytesOf(plain);
    expect(Object.keys(expected).filter((name) => name.endsWith('.tif')).length).toBeGreaterThan(20);
    expect(calls).toBeGreaterThan(2);

    const [out, killed] = [join(dir, 'interrupted'), join(dir, 'killed')];
    const stop = new AbortController();
    const middle = (call: number) => {
      if (call !== Math.ceil(calls / 2)) return;
      // What lies on the disk now is what a killed process leaves; the process that made it is not there any more.
      cpSync(`${out}.partial`, `${killed}.partial`, { recursive: true });
      writeFileSync(`${killed}.partial/.ecoflux-partial`, '999999999');
      stop.abort();
    };
    const error = await failure(run(model, out, { pool: poolThat(task, middle), signal: stop.signal }));
    expect(error.message).toContain('continue with --resume');
    expect(existsSync(out)).toBe(false);
    for (const folder of [out, killed]) {
      const { log } = await run(model, folder, { resume: true });
      expect(log).toContain(`Continues the run that was interrupted in ${folder}.partial.`);
      expect(bytesOf(folder), folder).toEqual(expected);
      expect(existsSync(`${folder}.partial`)).toBe(false);
    }
  });
});

test('in another order it is another run', async () => {
  const stop = new AbortController();
  const out = join(dir, 'out');
  await failure(run('sdr', out, { pool: poolThat('accumulate_flow', () => stop.abort()), signal: stop.signal }));
  const other = runModelOf(platform, 'sdr', dir, args.sdr, {
    workspace: out,
    intermediates: true,
    order: 'invest',
    options: { tile: 4, resume: true },
  });
  expect((await failure(other)).message).toContain('not the same any more: the arguments');
  expect(readFileSync(join(`${out}.partial`, '.ecoflux-journal'), 'utf8').length).toBeGreaterThan(0);
});
