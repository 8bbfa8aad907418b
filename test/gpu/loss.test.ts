/** A lost device: what was under way rejects with DeviceLost, what comes later too, and a new device can be opened. */
import { expect, test } from 'vitest';
import { describeGpu, tileOf } from './support.ts';

describeGpu('device loss', (open) => {
  test('rejects pending and later work, and the next device works', async () => {
    const gpu = await open();
    expect(gpu.isLost).toBe(false);
    const words = gpu.buffers.acquire(1 << 20, 'plane', 'test/words');
    const spin = await gpu.kernel('spin', 'spin');
    const batch = gpu.batch('model/stage/5');
    batch.dispatch(spin, { words }, tileOf(1, 1), {}, { workgroups: [64, 1] }, 'test/spin');
    const read = batch.read(words, 'test/words', () => 'read');
    const submitted = batch.submit();
    const silent = gpu.batch('model/stage/6');
    const nothing = silent.submit();
    const upload = gpu.upload(words, () => {});
    const kernel = gpu.kernel('scale', 'scale');
    gpu.simulateLoss();
    const outcomes = await Promise.allSettled([read, submitted, nothing, kernel, upload]);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'DeviceLost' } });
    await expect(submitted).rejects.toThrow(
      /the device was lost during (model\/stage\/5|test\/words) \(found unknown: simulated\). Run it again/,
    );
    expect(gpu.isLost).toBe(true);
    await gpu.lost;

    await expect(gpu.batch('later').submit()).rejects.toMatchObject({ code: 'DeviceLost' });
    await expect(gpu.upload(words, () => {})).rejects.toMatchObject({ code: 'DeviceLost' });
    await expect(gpu.kernel('spin', 'spin')).rejects.toThrow('the device was lost during the compilation of spin/spin');

    const next = await gpu.reopen(); // although `words` was not given back
    expect(gpu.buffers.liveBuffers).toBe(0);
    expect(next.device).not.toBe(gpu.device);
    const plane = next.buffers.acquire(256, 'plane', 'test/plane');
    await next.upload(plane, (view) => new Uint8Array(view).fill(7));
    const again = next.batch('model/stage/5');
    const bytes = again.read(plane, 'test/plane', (view) => [...new Uint8Array(view)]);
    await again.submit();
    expect(await bytes).toEqual(new Array(256).fill(7));
    plane.release();
    await next.destroy();
  });

  test('is also seen when it comes from the device alone', async () => {
    const gpu = await open();
    using plane = gpu.buffers.acquire(1 << 20, 'plane', 'test/plane');
    const batch = gpu.batch('model/stage/0');
    const read = batch.read(plane, 'test/plane', () => 'read');
    const submitted = batch.submit();
    gpu.device.destroy();
    await expect(read).rejects.toMatchObject({ code: 'DeviceLost' });
    await expect(submitted).rejects.toMatchObject({ code: 'DeviceLost' });
    expect(gpu.isLost).toBe(true);
  });

  test('closing is no loss', async () => {
    const gpu = await open();
    const batch = gpu.batch('model/stage/0');
    const submitted = batch.submit();
    await gpu.destroy();
    await gpu.destroy();
    await expect(submitted).resolves.toMatchObject({ label: 'model/stage/0' });
    expect(gpu.isLost).toBe(false);
    await expect(gpu.lost).resolves.toMatchObject({ reason: 'destroyed' });
  });
});
