/** Upload, kernels, readback: what comes back is what the kernel's text says, and mistakes are named before or by the device. */
import { expect, test } from 'vitest';
import type { BufferSlice } from '../../src/gpu/buffers.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import { describeGpu, tileOf } from './support.ts';

const floats = (bytes: ArrayBuffer) => [...new Float32Array(bytes)];

async function uploadFloats(gpu: Gpu, slice: BufferSlice, value: (i: number) => number): Promise<void> {
  await gpu.upload(slice, (view, at, length) => {
    const cells = new Float32Array(view, at, length / 4);
    for (let i = 0; i < cells.length; i++) cells[i] = value(i);
  });
}

describeGpu('a batch', (open) => {
  test('runs a kernel between an upload and a readback', async () => {
    const gpu = await open();
    using source = gpu.buffers.acquire(4 * 5 * 3, 'plane', 'test/source');
    using scaled = gpu.buffers.acquire(4 * 5 * 3, 'plane', 'test/scaled');
    await uploadFloats(gpu, source, (i) => i);
    const scale = await gpu.kernel('scale', 'scale');
    const batch = gpu.batch('test/scale/0');
    const tile = tileOf(5, 3, { x: 100 });
    batch.dispatch(scale, { source, scaled }, tile, { factor: 10, offset: -2 }, { width: 5, height: 3 }, 'test/scale');
    const values = batch.read(scaled, 'test/scaled', floats);
    const result = await batch.submit();
    const expected = Array.from({ length: 15 }, (_, i) => 10 * i - 2 * (100 + (i % 5)));
    expect(await values).toEqual(expected);
    expect(result).toMatchObject({ label: 'test/scale/0', bytesDown: 60, bytesUp: 512 });
    expect(gpu.traffic).toEqual({ batches: 1, bytesUp: 60 + 512, bytesDown: 60 });
  });

  test('covers a tile with a halo and leaves its padding alone', async () => {
    const gpu = await open();
    const [width, height, halo, pitch] = [70, 9, 2, 80];
    const bytes = 4 * pitch * (height + 2 * halo);
    using source = gpu.buffers.acquire(bytes, 'plane', 'test/source');
    using scaled = gpu.buffers.acquire(bytes, 'plane', 'test/scaled');
    await uploadFloats(gpu, source, () => 1);
    const batch = gpu.batch('test/halo/0');
    batch.clear(scaled);
    const tile = tileOf(width, height, { halo, pitch });
    const scale = await gpu.kernel('scale', 'scale');
    batch.dispatch(scale, { source, scaled }, tile, { factor: 1, offset: 0 }, { width, height }, 'test/halo');
    const cells = batch.read(scaled, 'test/scaled', floats);
    await batch.submit();
    const inside = (i: number) => {
      const [x, y] = [(i % pitch) - halo, Math.floor(i / pitch) - halo];
      return x >= 0 && x < width && y >= 0 && y < height;
    };
    expect(await cells).toEqual(Array.from({ length: bytes / 4 }, (_, i) => (inside(i) ? 1 : 0)));
  });

  test('writes several planes packed in one buffer and reads one of them', async () => {
    const gpu = await open();
    const plane = 64 * 4; // elements: a slice may start at any multiple of 256 bytes
    using a = gpu.buffers.acquire(4 * plane, 'plane', 'test/a');
    using b = gpu.buffers.acquire(4 * plane, 'plane', 'test/b');
    using both = gpu.buffers.acquire(8 * plane, 'plane', 'test/both');
    await Promise.all([uploadFloats(gpu, a, (i) => i), uploadFloats(gpu, b, (i) => 3 * i + 1)]);
    const batch = gpu.batch('test/sums/0');
    const sums = await gpu.kernel('sums', 'sums');
    batch.dispatch(sums, { a, b, both }, tileOf(64, 4), {}, { width: 64, height: 4 }, 'test/sums');
    const difference = batch.read(both.slice(4 * plane), 'test/difference', floats);
    const sum = batch.read(both.slice(0, 4 * plane), 'test/sum', floats);
    await batch.submit();
    expect(await sum).toEqual(Array.from({ length: plane }, (_, i) => 4 * i + 1));
    expect(await difference).toEqual(Array.from({ length: plane }, (_, i) => -2 * i - 1));
  });

  test('takes several batches without waiting for one of them', async () => {
    const gpu = await open();
    const [width, height] = [512, 300];
    const bytes = 4 * width * height; // above what writeBuffer takes: through staging
    const scale = await gpu.kernel('scale', 'scale');
    const results = [];
    for (let tile = 0; tile < 5; tile++) {
      // Given back right after the submit: the next tile gets the same buffers while this one still runs.
      using source = gpu.buffers.acquire(bytes, 'plane', `test/${tile}/source`);
      using scaled = gpu.buffers.acquire(bytes, 'plane', `test/${tile}/scaled`);
      await uploadFloats(gpu, source, (i) => (i % 1000) + tile);
      const batch = gpu.batch(`test/scale/${tile}`);
      batch.dispatch(
        scale,
        { source, scaled },
        tileOf(width, height),
        { factor: 2, offset: 0 },
        { width, height },
        'test/scale',
      );
      results.push(
        batch.read(scaled, 'test/scaled', (view) =>
          new Float32Array(view).every((v, i) => v === 2 * ((i % 1000) + tile)),
        ),
      );
      void batch.submit();
    }
    expect(await Promise.all(results)).toEqual([true, true, true, true, true]);
    expect([...gpu.buffers.lent].filter(({ use }) => use === 'plane')).toEqual([]);
  });

  test('times each dispatch', async () => {
    const gpu = await open();
    expect(gpu.timestamps).toBe(true);
    using words = gpu.buffers.acquire(1 << 20, 'plane', 'test/words');
    const [short, long] = [
      await gpu.kernel('spin', 'spin', { ROUNDS: 1 }),
      await gpu.kernel('spin', 'spin', { ROUNDS: 500 }),
    ];
    const size = { workgroups: [4096, 1] } as const;
    const timesOf = async (label: string) => {
      const batch = gpu.batch(label);
      batch.dispatch(short, { words }, tileOf(1, 1), {}, size, 'test/short');
      batch.dispatch(long, { words }, tileOf(1, 1), {}, size, 'test/long');
      return (await batch.submit()).gpuNanoseconds!;
    };
    await timesOf('test/warm-up'); // software drivers compile at the first dispatch
    const times = await timesOf('test/spin/0');
    expect([...times.keys()]).toEqual(['test/short', 'test/long']);
    expect(times.get('test/short')).toBeGreaterThan(0);
    expect(times.get('test/long')).toBeGreaterThan(2 * times.get('test/short')!);
    const untimed = gpu.batch('test/spin/1', { timed: false });
    untimed.dispatch(short, { words }, tileOf(1, 1), {}, size, 'test/short');
    expect(await untimed.submit()).toMatchObject({ gpuNanoseconds: undefined, bytesUp: 0, bytesDown: 0 });
  });

  test('copies and clears slices', async () => {
    const gpu = await open();
    using from = gpu.buffers.acquire(32, 'plane', 'test/from');
    using to = gpu.buffers.acquire(32, 'plane', 'test/to');
    await uploadFloats(gpu, from, (i) => i + 1);
    const batch = gpu.batch('test/copy');
    batch.copy(from, to);
    batch.clear(to.slice(8, 16));
    const values = batch.read(to, 'test/to', floats);
    await batch.submit();
    expect(await values).toEqual([1, 2, 0, 0, 0, 0, 7, 8]);
  });

  test('names what does not fit the kernel', async () => {
    const gpu = await open();
    using source = gpu.buffers.acquire(1024, 'plane', 'test/source');
    using scaled = gpu.buffers.acquire(1024, 'plane', 'test/scaled');
    const scale = await gpu.kernel('scale', 'scale');
    const params = { factor: 1, offset: 0 };
    const size = { width: 4, height: 4 };
    const run =
      (
        bindings: Record<string, BufferSlice>,
        values: Record<string, number> = params,
        extent: typeof size = size,
        tile = tileOf(4, 4),
      ) =>
      () =>
        gpu.batch('t').dispatch(scale, bindings, tile, values, extent, 'test/scale/7');
    expect(run({ source })).toThrow('test/scale/7: binding scaled of scale/scale is missing (expected source, scaled)');
    expect(run({ source, scaled, more: source })).toThrow('scale/scale has no binding more');
    expect(run({ source: source.slice(4), scaled })).toThrow('source starts at byte 4 (expected a multiple of 256)');
    expect(run({ source, scaled: source.slice(256) })).toThrow('source and scaled lie in one buffer');
    expect(run({ source, scaled }, { factor: 1 })).toThrow('parameters of test/scale/7: offset has no value');
    expect(run({ source, scaled }, { ...params, speed: 1 })).toThrow(
      'parameters of test/scale/7: speed is no field (expected factor, offset)',
    );
    expect(run({ source, scaled }, { ...params, offset: 0.5 })).toThrow('offset is 0.5 (expected i32)');
    expect(run({ source, scaled }, { ...params, factor: Number.NaN })).toThrow(
      'factor is NaN (expected a finite number)',
    );
    expect(run({ source, scaled }, params, size, tileOf(4, -4))).toThrow(
      'tile of test/scale/7: height is -4 (expected u32)',
    );
    expect(run({ source, scaled }, params, { width: 64 * 70_000, height: 1 })).toThrow(
      '70000 × 1 workgroups (expected 1 to 65535 each way)',
    );
    expect(() => source.slice(512, 1024)).toThrow('a slice of test/source is outside of it');
  });

  test('fails alone when the device refuses it', async () => {
    const gpu = await open();
    using plane = gpu.buffers.acquire(1024, 'plane', 'test/plane');
    const bad = gpu.batch('test/bad/0');
    bad.copy({ buffer: plane.buffer, offset: 0, size: 64 }, { buffer: plane.buffer, offset: 0, size: 64 });
    const value = bad.read(plane, 'test/plane', floats);
    const problem = bad.submit();
    await expect(problem).rejects.toMatchObject({ code: 'Bug' });
    await expect(problem).rejects.toThrow(/the device refused test\/bad\/0.*(test\/plane|test\/bad)/s);
    await expect(value).rejects.toThrow('the device refused test/bad/0');
    const good = gpu.batch('test/good/0');
    good.clear(plane);
    const zeros = good.read(plane.slice(0, 8), 'test/plane', floats);
    await good.submit();
    expect(await zeros).toEqual([0, 0]);
  });

  test('passes on what a reader throws and still gives its buffers back', async () => {
    const gpu = await open();
    using plane = gpu.buffers.acquire(1024, 'plane', 'test/plane');
    const batch = gpu.batch('test/read/0');
    batch.read(plane, 'test/plane', () => {
      throw new RangeError('no place for it');
    });
    await expect(batch.submit()).rejects.toThrow('no place for it');
    expect([...gpu.buffers.lent]).toEqual([plane]);
    expect(() => batch.submit()).toThrow('submitted twice');
  });

  test('an error outside of any batch fails what comes next', async () => {
    const gpu = await open();
    gpu.device.createBuffer({ label: 'stray', size: 16, usage: 3 });
    await gpu.device.queue.onSubmittedWorkDone();
    await expect(gpu.batch('test/next').submit()).rejects.toThrow(/refused something outside of any batch.*MapRead/s);
    await expect(gpu.destroy()).rejects.toThrow('outside of any batch');
  });
});
