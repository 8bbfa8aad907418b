/** A dispatch whose workgroups the device is told by a buffer, which an earlier dispatch of the batch may have written. */
import { expect, test } from 'vitest';
import { SHADERS } from '../../src/generated/shaders.ts';
import type { BufferSlice } from '../../src/gpu/buffers.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import { describeGpu, TEST_SHADERS, tileOf } from './support.ts';

const upload = (gpu: Gpu, slice: BufferSlice, words: number[]) =>
  gpu.upload(slice, (view, offset) => new Uint32Array(view, offset, words.length).set(words));

describeGpu('indirect dispatch', (open) => {
  test.each([
    [0, 0],
    [1, 64],
    [3, 192],
  ])('%i workgroups of 64', async (count, expected) => {
    const gpu = await open({ shaders: { ...TEST_SHADERS, relax_rounds: SHADERS.relax_rounds } });
    const arrange = await gpu.kernel('relax_rounds', 'arrange');
    const spin = await gpu.kernel('spin', 'spin', { ROUNDS: 1 });
    using counters = gpu.buffers.acquire(256, 'plane', 'counters');
    using workgroups = gpu.buffers.acquire(256, 'plane', 'workgroups');
    using words = gpu.buffers.acquire(1024, 'plane', 'words');
    await upload(gpu, counters.slice(0, 8), [99, count]);
    const batch = gpu.batch('indirect');
    batch.clear(words.slice(0));
    const bindings = { counters: counters.slice(0), workgroups: workgroups.slice(0) };
    batch.dispatch(arrange, bindings, tileOf(1, 1), { slot: 1 }, { workgroups: [1, 1] }, 'arrange');
    const indirect = workgroups.slice(0);
    batch.dispatch(spin, { words: words.slice(0) }, tileOf(1, 1), {}, { indirect }, 'spin');
    const read = batch.read(words.slice(0), 'words', (bytes) => new Uint32Array(bytes.slice(0)));
    await batch.submit();
    expect((await read).filter((word) => word !== 0)).toEqual(new Uint32Array(expected).fill(1013904223));
  });
});
