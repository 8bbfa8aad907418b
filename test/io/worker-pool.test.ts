/** Worker threads: results, order, errors with their facts, interruption, and workers that die. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { isEcofluxError } from '../../src/core/errors.ts';
import { writeRaster } from '../../src/io/raster-writer.ts';
import type { ReadPlaneInput } from '../../src/io/tasks.ts';
import { fileTarget } from '../../src/node/files.ts';
import { threadPool } from '../../src/node/worker-pool.ts';
import { temporaryFolder } from './gdal.ts';
import { cutPlane, gridOf, hills, inline } from './rasters.ts';

const folder = temporaryFolder();
const pool = threadPool({ size: 2 });
afterAll(() => pool.close());

const read = (file: string, window = { x: 10, y: 20, width: 50, height: 30 }) =>
  pool.run<ReadPlaneInput, Float32Array>('read_plane', { file, window, mapping: { type: 'f32' } });

it('reads planes of files, and sees when a file has been replaced', async () => {
  const file = join(folder, 'a.tif');
  for (const seed of [1, 2]) {
    const cells = hills(100, 80, seed);
    await writeRaster(
      fileTarget(file),
      { grid: gridOf(100, 80), sampleType: 'f32', nodata: -1, kind: 'quantity' },
      cells,
      { pool: inline },
    );
    const planes = await Promise.all(Array.from({ length: 5 }, () => read(file)));
    for (const plane of planes) expect(plane).toEqual(cutPlane(cells, 100, { x: 10, y: 20, width: 50, height: 30 }));
  }
});

it('errors keep their code, message and facts', async () => {
  const error = await read(join(folder, 'none.tif')).catch((reason) => reason);
  expect(isEcofluxError(error, 'InvalidInput')).toBe(true);
  expect(error.message).toMatch(/none\.tif: there is no such file/);
  expect(error.details.fix).toBe('check the path');
  expect(error.details.cause).toMatchObject({ code: 'ENOENT' });
  await expect(pool.run('no_such_task', {})).rejects.toThrow(/there is no task 'no_such_task'/);
});

/** A pool over a script of the test, which speaks the messages of the real worker. */
function poolOf(name: string, body: string, size = 1) {
  const script = join(folder, `${name}.mjs`);
  writeFileSync(script, `import { parentPort as port } from 'node:worker_threads';\n${body}`);
  return threadPool({ size, script: pathToFileURL(script) });
}

it('tasks of a higher priority first, equal ones in order', async () => {
  const echo = poolOf(
    'echo',
    `port.on('message', ({ id, input }) => setTimeout(() => port.postMessage({ id, output: input }), 5));`,
  );
  const done: string[] = [];
  const run = (input: string, priority?: number) => echo.run('echo', input, { priority }).then(() => done.push(input));
  await Promise.all([run('first'), run('a'), run('b'), run('urgent', 2), run('c')]);
  expect(done).toEqual(['first', 'urgent', 'a', 'b', 'c']);
  await echo.close();
});

it('a task that no worker survives fails, and the pool goes on', async () => {
  const mortal = poolOf(
    'mortal',
    `port.on('message', ({ id, input }) => (input === 'die' ? process.exit(3) : port.postMessage({ id, output: input })));`,
  );
  const results = await Promise.allSettled(['a', 'die', 'b'].map((input) => mortal.run<string, string>('t', input)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((results[1] as PromiseRejectedResult).reason.message).toMatch(
    /a worker thread stopped while it ran 't', 3 times in a row \(found exit code 3\)/,
  );
  await mortal.close();
});

it('the task of a worker that is killed runs again, with what it was given', async () => {
  const deaths = join(folder, 'deaths');
  writeFileSync(deaths, '');
  // The first two workers die of their first task, in the midst of it and having changed what they were given.
  const killed = poolOf(
    'killed',
    `import { appendFileSync, readFileSync } from 'node:fs';
     port.on('message', ({ id, input }) => {
       const sum = input.reduce((a, b) => a + b, 0);
       input.fill(0);
       if (readFileSync(${JSON.stringify(deaths)}, 'utf8').length < 2) {
         appendFileSync(${JSON.stringify(deaths)}, 'x');
         process.exit(9);
       }
       port.postMessage({ id, output: sum });
     });`,
    2,
  );
  const tasks = Array.from({ length: 6 }, (_, i) => {
    const input = new Float32Array(1000).fill(i);
    return killed.run<Float32Array, number>('sum', input, { transfer: [input.buffer] });
  });
  expect(await Promise.all(tasks)).toEqual([0, 1000, 2000, 3000, 4000, 5000]);
  expect(readFileSync(deaths, 'utf8')).toBe('xx');
  await killed.close();
});

it('an abort signal ends waiting and running tasks, and only those', async () => {
  const slow = poolOf(
    'slow',
    `port.on('message', ({ id, kind, input }) => kind === 'run' && setTimeout(() => port.postMessage({ id, output: input }), 50));`,
  );
  const stop = new AbortController();
  const running = slow.run('t', 1, { signal: stop.signal });
  const waiting = slow.run('t', 2, { signal: stop.signal });
  const other = slow.run('t', 3);
  setTimeout(() => stop.abort(), 10);
  await expect(running).rejects.toMatchObject({ code: 'Interrupted' });
  await expect(waiting).rejects.toMatchObject({ code: 'Interrupted' });
  await expect(other).resolves.toBe(3);
  const never = expect(slow.run('t', 4)).rejects.toMatchObject({ code: 'Interrupted' });
  await slow.close();
  await never;
  await expect(slow.run('t', 5)).rejects.toMatchObject({ code: 'Interrupted' });
});
