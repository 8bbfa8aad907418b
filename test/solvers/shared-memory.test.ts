/** Memory that operators share with workers: what one leaves the next uses, and together they keep to a limit. */
import { beforeEach, expect, test } from 'vitest';
import { forgetSpare, SharedMemory } from '../../src/solvers/routing/shared-memory.ts';

const MB = 2 ** 20;
beforeEach(() => forgetSpare(0));

/** An operator that has `count` buffers of a size in use at once, three times over; its buffers. */
function operator(memory: SharedMemory, bytes: number, count: number): Set<ArrayBufferLike> {
  const seen = new Set<ArrayBufferLike>();
  for (let round = 0; round < 3; round++) {
    const taken = Array.from({ length: count }, () => memory.take(bytes));
    for (const buffer of taken) seen.add(buffer);
    memory.give(taken);
  }
  return seen;
}

test('an operator uses what the one before it left', () => {
  const first = operator(new SharedMemory({ limit: 64 * MB }), MB, 40);
  const second = operator(new SharedMemory({ limit: 64 * MB }), MB, 40);
  expect(second).toEqual(first);
  expect(first.size).toBe(40);
});

test('spare buffers of another length go before the limit is passed, and the collector hears of it', () => {
  let collections = 0;
  const collect = () => collections++;
  const before = operator(new SharedMemory({ limit: 100 * MB, collect }), MB, 80);
  const memory = new SharedMemory({ limit: 100 * MB, collect });
  const taken = Array.from({ length: 40 }, () => memory.take(2 * MB));
  expect(collections).toBeGreaterThan(0);
  // 80 MB of the new ones in use leave room for 20 of the old.
  const other = new SharedMemory();
  const left = Array.from({ length: 80 }, () => other.take(MB)).filter((buffer) => before.has(buffer));
  expect(left.length).toBe(20);
  memory.give(taken);
});

test('a plane is what it was filled with, in memory for all threads', () => {
  const shared = new SharedMemory().share(Float32Array.of(1, 2, 3));
  expect([...shared]).toEqual([1, 2, 3]);
  expect(shared.buffer).toBeInstanceOf(SharedArrayBuffer);
});
