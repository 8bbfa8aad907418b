/** What the buffer pool does when the device itself has no memory left: with a fake device, since software drivers promise anything. */
import { expect, test } from 'vitest';
import { BufferPool } from '../../src/gpu/buffers.ts';

class GPUOutOfMemoryError {
  readonly message = 'no more pages';
}

/** Buffers of more than 2 MiB cannot be had; mapped ones throw, as WebGPU says. */
function smallDevice(): GPUDevice {
  let failed: GPUOutOfMemoryError | null = null;
  const scopes: string[] = [];
  const device = {
    limits: { maxBufferSize: 2 ** 30 },
    pushErrorScope: (filter: string) => scopes.push(filter),
    popErrorScope: async () => {
      if (scopes.pop() !== 'out-of-memory') return null;
      const error = failed;
      failed = null;
      return error;
    },
    createBuffer: ({ size, label, mappedAtCreation }: GPUBufferDescriptor) => {
      if (size > 2 ** 21) {
        if (mappedAtCreation) throw new RangeError('cannot map');
        failed = new GPUOutOfMemoryError();
      }
      return { size, label, mapState: mappedAtCreation ? 'mapped' : 'unmapped', destroy() {} };
    },
  };
  return device as unknown as GPUDevice;
}

test('a buffer that the device has no memory for is reported and never lent again', async () => {
  const pool = new BufferPool(smallDevice(), { total: 2 ** 30 });
  const good = pool.acquire(2 ** 20, 'plane', 'model/good');
  const bad = pool.acquire(2 ** 22, 'plane', 'model/bad');
  expect(await pool.confirm([good.buffer])).toBeUndefined();
  expect(await pool.confirm([good.buffer, bad.buffer])).toMatchObject({
    code: 'OutOfCapacity',
    message:
      'the device has no memory left for model/bad (4 MiB) (found no more pages). Lower --device-memory or --tile',
  });
  bad.release();
  good.release();
  expect(pool).toMatchObject({ liveBuffers: 1, liveBytes: 2 ** 20 });
  expect(pool.acquire(2 ** 22, 'plane', 'model/again').buffer).not.toBe(bad.buffer);
});

test('one given back before the device has refused it is not lent again either', async () => {
  const pool = new BufferPool(smallDevice(), { total: 2 ** 30 });
  pool.acquire(2 ** 22, 'plane', 'model/bad').release();
  expect(pool.liveBuffers).toBe(1);
  await new Promise((resolve) => setTimeout(resolve));
  expect(pool).toMatchObject({ liveBuffers: 0, liveBytes: 0 });
});

test('a mapped buffer that cannot be had throws at once and costs nothing', () => {
  const pool = new BufferPool(smallDevice(), { total: 2 ** 30 });
  expect(() => pool.acquire(2 ** 22, 'upload', 'model/upload')).toThrow(
    'the device has no memory left for model/upload',
  );
  expect(pool).toMatchObject({ liveBuffers: 0, liveBytes: 0 });
});
