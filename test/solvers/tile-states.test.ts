/** The store of tiles between visits: what goes in comes out, from memory and from scratch, and room is used again. */
import { describe, expect, test } from 'vitest';
import type { Scratch } from '../../src/core/scratch.ts';
import { SharedMemory } from '../../src/solvers/routing/shared-memory.ts';
import { TileStates } from '../../src/solvers/tile-states.ts';

function memoryScratch(rewrites = true): Scratch & { bytes: number; disposed: boolean; writes: number } {
  const pieces = new Map<number, Uint8Array>();
  const scratch = {
    bytes: 0,
    disposed: false,
    writes: 0,
    async append(bytes: Uint8Array) {
      const at = scratch.bytes;
      pieces.set(at, bytes.slice());
      scratch.bytes += bytes.length;
      return at;
    },
    write: rewrites
      ? async (at: number, bytes: Uint8Array) => {
          expect(pieces.get(at)?.length).toBe(bytes.length);
          pieces.set(at, bytes.slice());
          scratch.writes++;
        }
      : undefined,
    async read(at: number, length: number) {
      expect(pieces.get(at)?.length).toBe(length);
      return pieces.get(at)!.slice();
    },
    async dispose() {
      scratch.disposed = true;
    },
  };
  return scratch;
}

const state = (value: number, bytes = 100) => new Uint8Array(bytes).fill(value).buffer;
const first = (buffers: readonly ArrayBufferLike[]) => new Uint8Array(buffers[0])[0];

describe('with room for two', () => {
  test('the least recently used goes to scratch, and comes back as it was', async () => {
    const scratch = memoryScratch();
    const states = new TileStates(200, async () => scratch);
    for (const tile of [1, 2]) await states.put(tile, [state(tile)]);
    expect(scratch.bytes).toBe(0);
    await states.put(1, await states.take(1)); // now 2 is the oldest
    await states.put(3, [state(3)]);
    expect([scratch.bytes, states.spilled]).toEqual([100, 100]);
    for (const tile of [1, 2, 3]) expect(first(await states.take(tile))).toBe(tile);
    await states.close();
    expect(scratch.disposed).toBe(true);
  });

  test('what changed while it was out replaces what scratch has, in its place', async () => {
    const scratch = memoryScratch();
    const states = new TileStates(0, async () => scratch);
    await states.put(7, [state(1), state(2, 40)]);
    const [a, b] = await states.take(7);
    new Uint8Array(a).fill(9);
    await states.put(7, [a, b]);
    expect(scratch.bytes).toBe(140);
    expect((await states.take(7)).map((buffer) => new Uint8Array(buffer)[0])).toEqual([9, 2]);
    await states.close();
  });

  test('the room of a dropped tile is used again, where the file can be rewritten', async () => {
    for (const [rewrites, bytes] of [
      [true, 100],
      [false, 200],
    ] as const) {
      const scratch = memoryScratch(rewrites);
      const states = new TileStates(0, async () => scratch);
      await states.put(1, [state(1)]);
      await states.take(1);
      states.drop(1);
      expect(states.has(1)).toBe(false);
      await states.put(2, [state(2)]);
      expect(scratch.bytes).toBe(bytes);
      expect(first(await states.take(2))).toBe(2);
      await states.close();
    }
  });

  test('shared memory that leaves for scratch is used again, by the next state that comes back', async () => {
    const memory = new SharedMemory();
    const states = new TileStates<ArrayBufferLike>(0, async () => memoryScratch(), memory);
    const shared = new SharedArrayBuffer(64);
    new Uint8Array(shared).fill(5);
    await states.put(1, [shared]);
    const [back] = await states.take(1);
    expect(back).toBe(shared);
    await states.put(2, [state(3)]);
    expect(first([back])).toBe(5);
    const [other] = await states.take(2);
    expect(other).not.toBe(back);
    await states.close();
  });

  test('mistakes are told', async () => {
    const states = new TileStates(1000, async () => memoryScratch());
    await states.put(1, [state(1)]);
    expect(() => states.put(1, [state(1)])).toThrow(/twice/);
    expect(() => states.drop(1)).toThrow(/not taken/);
    await states.take(1);
    await expect(states.take(1)).rejects.toThrow(/taken already/);
    await expect(states.take(2)).rejects.toThrow(/no state/);
    await states.close();
  });

  test('many at once, under way to scratch while others are wanted', async () => {
    const states = new TileStates(300, async () => memoryScratch());
    await Promise.all(Array.from({ length: 50 }, (_, tile) => states.put(tile, [state(tile)])));
    const taken = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const tile = (i * 7) % 50;
        const buffers = await states.take(tile);
        const value = first(buffers);
        await states.put(tile, buffers);
        return value - tile;
      }),
    );
    expect(new Set(taken)).toEqual(new Set([0]));
    await states.close();
  });

  test('a scratch that cannot be opened is told to whoever puts', async () => {
    const states = new TileStates(0, async () => {
      throw new Error('the disk is full');
    });
    await expect(states.put(1, [state(1)])).rejects.toThrow('the disk is full');
    await states.close();
  });
});
