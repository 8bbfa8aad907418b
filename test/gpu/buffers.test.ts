/** Buffers are reused, capped and counted; uploads go through few staging buffers. */
import { expect, test } from 'vitest';
import { describeGpu } from './support.ts';

const MIB = 2 ** 20;

describeGpu('the buffer pool', (open) => {
  test('lends a buffer again that was given back', async () => {
    const { buffers } = await open();
    const first = buffers.acquire(3 * MIB, 'plane', 'test/0');
    first.release();
    first.release();
    const second = buffers.acquire(2 * MIB, 'plane', 'test/1');
    expect(second.buffer).toBe(first.buffer);
    expect(second).toMatchObject({ size: 2 * MIB, offset: 0, label: 'test/1' });
    expect(second.buffer.label).toBe('test/1');
    expect(buffers.acquire(2 * MIB, 'plane', 'test/2').buffer).not.toBe(second.buffer);
    expect(buffers).toMatchObject({ liveBuffers: 2, liveBytes: 5 * MIB });
    for (const loan of [...buffers.lent]) loan.release();
  });

  test('does not spend a large buffer on something small, nor one use on another', async () => {
    const { buffers } = await open();
    buffers.acquire(8 * MIB, 'plane', 'test/large').release();
    using small = buffers.acquire(3 * MIB, 'plane', 'test/small');
    using other = buffers.acquire(8 * MIB, 'readback', 'test/other');
    expect(buffers.liveBuffers).toBe(3);
    expect([small.buffer.size, other.buffer.size]).toEqual([3 * MIB, 8 * MIB]);
    expect(buffers.acquire(5, 'uniform', 'test/tiny').buffer.size).toBe(256);
    for (const loan of [...buffers.lent]) loan.release();
  });

  test('makes room from idle buffers before it refuses', async () => {
    const { buffers } = await open({ deviceMemory: 10 * MIB, caps: { readback: 4 * MIB } });
    buffers.acquire(8 * MIB, 'plane', 'test/old').release();
    using kept = buffers.acquire(3 * MIB, 'plane', 'test/kept');
    expect(buffers).toMatchObject({ liveBuffers: 1, liveBytes: 3 * MIB });
    expect(() => buffers.acquire(8 * MIB, 'plane', 'test/much')).toThrow(
      'test/much does not fit on the device (found 8 MiB, expected 10 MiB for all buffers, of which 3 MiB are in use). ' +
        'Use smaller tiles (--tile) or allow more (--device-memory)',
    );
    expect(() => buffers.acquire(5 * MIB, 'readback', 'test/read')).toThrow(
      '4 MiB for readback buffers, of which 0 KiB are in use',
    );
    using exact = buffers.acquire(7 * MIB, 'plane', 'test/exact');
    expect(buffers.liveBytes).toBe(kept.buffer.size + exact.buffer.size);
  });

  test('refuses what no buffer of the device can hold', async () => {
    const { buffers, limits } = await open({ deviceMemory: 2 ** 40 });
    expect(() => buffers.acquire(limits.maxBufferSize + 1, 'plane', 'test/huge')).toThrow(
      /test\/huge does not fit.*buffers up to .* GiB/,
    );
    expect(buffers.liveBuffers).toBe(0);
  });

  test('has nothing left after the device was closed, and names what was not given back', async () => {
    const gpu = await open();
    gpu.buffers.acquire(MIB, 'plane', 'carbon/pools/3').release();
    const { buffers } = gpu;
    await gpu.destroy();
    expect(buffers).toMatchObject({ liveBuffers: 0, liveBytes: 0 });
    buffers.acquire(MIB, 'plane', 'to a visit that has not heard of it').release();
    expect(buffers).toMatchObject({ liveBuffers: 0, liveBytes: 0 });
    const leaky = await open();
    leaky.buffers.acquire(MIB, 'plane', 'carbon/pools/4');
    await expect(leaky.destroy()).rejects.toThrow('1 buffers were not given back (found carbon/pools/4)');
    expect(leaky.buffers.liveBuffers).toBe(0);
    expect(() => leaky.batch('late').submit()).not.toThrow();
    await expect(leaky.batch('late').submit()).rejects.toThrow('late uses a device that was closed');
  });
});

describeGpu('uploads', (open) => {
  test('arrive whatever their size, through few staging buffers', async () => {
    const gpu = await open();
    const sizes = [4, 100, 256 * 1024, 256 * 1024 + 4, ...Array.from({ length: 12 }, () => 8 * MIB)];
    const planes = sizes.map((size, i) => gpu.buffers.acquire(size, 'plane', `test/${i}`));
    let staged = 0;
    await Promise.all(
      planes.map((plane, i) =>
        gpu.upload(plane, (view, offset, length) => {
          expect(length).toBe(sizes[i]);
          new Uint32Array(view, offset, length / 4).fill(i + 1);
          staged = Math.max(staged, [...gpu.buffers.lent].filter(({ use }) => use === 'upload').length);
        }),
      ),
    );
    expect(staged).toBeGreaterThan(1);
    expect(staged).toBeLessThanOrEqual(4); // 32 MiB in flight
    const batch = gpu.batch('test/read');
    const right = planes.map((plane, i) =>
      batch.read(
        plane,
        plane.label,
        (bytes) =>
          Buffer.compare(
            new Uint8Array(bytes),
            new Uint8Array(new Uint32Array(bytes.byteLength / 4).fill(i + 1).buffer),
          ) === 0,
      ),
    );
    await batch.submit();
    expect(await Promise.all(right)).toEqual(sizes.map(() => true));
    for (const plane of planes) plane.release();
  });

  test('reuse their staging buffers', async () => {
    const gpu = await open();
    // Those under way come back idle.
    const staged = async () => {
      await gpu.idle();
      return gpu.buffers.liveBuffers - gpu.buffers.lent.size;
    };
    using small = gpu.buffers.acquire(MIB, 'plane', 'test/small');
    for (let i = 0; i < 100; i++) await gpu.upload(small, () => {});
    expect(await staged()).toBeLessThanOrEqual(32);
    gpu.buffers.trim();
    using large = gpu.buffers.acquire(40 * MIB, 'plane', 'test/large');
    for (let i = 0; i < 6; i++) await gpu.upload(large, () => {});
    expect(await staged()).toBeLessThanOrEqual(3);
  });

  test('pass on what `fill` throws, and refuse what is not aligned', async () => {
    const gpu = await open();
    using plane = gpu.buffers.acquire(MIB, 'plane', 'test/plane');
    const broken = () => {
      throw new Error('no data');
    };
    for (let i = 0; i < 5; i++) await expect(gpu.upload(plane, broken)).rejects.toThrow('no data');
    await expect(gpu.upload(plane.slice(2, 4), () => {})).rejects.toThrow('the upload of test/plane is not aligned');
    await gpu.upload(plane, () => {}); // a failed one has not kept its place in the ring
  });
});
