/** Which global operators of a pass run beside each other: those of one thread, as many as have threads and memory, none before what it reads. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { SolveNode } from '../../src/engine/graph.ts';
import { OPERATOR_SHARE } from '../../src/engine/memory-shares.ts';
import type { Pass } from '../../src/engine/passes.ts';
import type { RunParts } from '../../src/engine/run-parts.ts';
import { runSolves } from '../../src/engine/run-solves.ts';
import { gridOf } from '../support/rasters.ts';

const BYTES = 100;
vi.mock('../../src/solvers/index.ts', () => ({
  solverOf: (id: string) => (id === 'single' ? { bytesInOneThread: BYTES, gpu: () => {} } : {}),
}));
vi.mock('../../src/engine/run-solve.ts', () => ({
  runSolve: async (_run: RunParts, _pass: Pass, { name }: SolveNode, atOnce = 1) => {
    said.push(`${name} begins, one of ${atOnce}`);
    await new Promise((done) => setTimeout(done, 2));
    if (name === fails) throw new Error(`${name} failed`);
    said.push(`${name} ends`);
  },
}));

let said: string[] = [];
let fails: string | undefined;
beforeEach(() => {
  said = [];
  fails = undefined;
});

function node(name: string, solver: 'single' | 'other', reads = 'input'): SolveNode {
  return {
    kind: 'solve',
    name,
    model: '',
    solver,
    reads: { plane: reads },
    writes: { plane: `${name}/out` },
    params: {},
  };
}

async function run(
  solves: readonly SolveNode[],
  { threads = 4, room = 100, device = false }: { threads?: number; room?: number; device?: boolean } = {},
): Promise<readonly string[]> {
  const grid = gridOf(10, 10);
  const host = (room * BYTES * 100) / OPERATOR_SHARE;
  const parts = {
    graph: { grid },
    options: { budget: { host, device: 0 }, pool: { size: threads } },
    live: { executor: { solvesOn: device ? {} : undefined } },
  } as unknown as RunParts;
  const stop = new AbortController();
  await runSolves(parts, { solves } as unknown as Pass, stop);
  return said;
}

/** The most that were under way at once. */
function most(lines: readonly string[]): number {
  let [now, largest] = [0, 0];
  for (const line of lines) {
    now += line.includes('begins') ? 1 : -1;
    largest = Math.max(largest, now);
  }
  return largest;
}

const five = ['a', 'b', 'c', 'd', 'e'].map((name) => node(name, 'single'));

test('as many as there are threads, and as memory holds', async () => {
  expect(most(await run(five))).toBe(4);
  expect(said[0]).toBe('a begins, one of 4');
  said = [];
  expect(most(await run(five, { room: 2.5 }))).toBe(2);
  said = [];
  expect(most(await run(five, { room: 0.5 }))).toBe(1);
  expect(said).toHaveLength(10);
});

test('on a device, and operators that use all threads, one after the other', async () => {
  expect(most(await run(five, { device: true }))).toBe(1);
  said = [];
  expect(most(await run(['a', 'b', 'c'].map((name) => node(name, 'other'))))).toBe(1);
});

test('what reads what others make waits for them', async () => {
  const after = node('after', 'other', 'b/out');
  const lines = await run([
    node('a', 'single'),
    node('b', 'single'),
    node('free', 'other'),
    after,
    node('c', 'single'),
  ]);
  expect(lines.indexOf('after begins, one of 1')).toBeGreaterThan(lines.indexOf('b ends'));
  expect(lines.indexOf('free ends')).toBeLessThan(lines.indexOf('a begins, one of 2'));
  expect(lines.at(-1)).toBe('c ends');
  said = [];
  const chain = await run([node('a', 'single'), node('b', 'single', 'a/out')]);
  expect(chain.indexOf('b begins, one of 1')).toBeGreaterThan(chain.indexOf('a ends'));
});

test('the first failure stops the rest and is the one heard', async () => {
  fails = 'b';
  await expect(run(five, { threads: 2 })).rejects.toThrow('b failed');
  expect(said.some((line) => line.startsWith('e'))).toBe(false);
});
