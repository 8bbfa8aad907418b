/** The page's pool of workers with workers that are not there: what cannot be sent to one fails, and the worker goes on. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { workerPool } from '../../web/src/worker-pool.ts';

interface Sent {
  readonly kind: string;
  readonly id: number;
  readonly input: unknown;
}

/** Answers each task with its input, later; clones messages as a worker's port does. */
class FakeWorker {
  static hired = 0;
  onmessage?: (event: { data: unknown }) => void;
  constructor() {
    FakeWorker.hired++;
  }
  postMessage(message: Sent): void {
    const { kind, id, input } = structuredClone(message);
    if (kind === 'task') setTimeout(() => this.onmessage?.({ data: { kind: 'done', id, output: input } }));
  }
  terminate(): void {}
}

beforeEach(() => {
  FakeWorker.hired = 0;
  vi.stubGlobal('Worker', FakeWorker);
});
afterEach(() => vi.unstubAllGlobals());

const PATIENCE = 2000;

describe('a task that cannot be sent', () => {
  it('fails by itself and leaves its worker to the others', { timeout: PATIENCE }, async () => {
    const pool = workerPool(1);
    const tasks = [1, () => {}, 3].map((input) => pool.run('echo', input));
    const results = await Promise.allSettled(tasks);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((results[1] as PromiseRejectedResult).reason).toMatchObject({ name: 'DataCloneError' });
    expect(await pool.run('echo', 4)).toBe(4);
    expect(FakeWorker.hired).toBe(1);
  });

  it('is the first one', { timeout: PATIENCE }, async () => {
    const pool = workerPool(1);
    await expect(pool.run('echo', () => {})).rejects.toMatchObject({ name: 'DataCloneError' });
    const rest = await Promise.all([1, 2, 3].map((input) => pool.run('echo', input)));
    expect(rest).toEqual([1, 2, 3]);
    expect(FakeWorker.hired).toBe(1);
  });
});
