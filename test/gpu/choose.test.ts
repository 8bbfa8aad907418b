/** Which adapter each --device choice gives, with hardware, with software only and with nothing. */
import { describe, expect, test } from 'vitest';
import { chooseAdapter, SMALL_JOB_CELLS } from '../../src/gpu/choose.ts';
import { type FoundAdapter, findAdapters, type GpuProvider } from '../../src/gpu/provider.ts';

function adapter(description: string, software: boolean): FoundAdapter {
  return {
    description: { vendor: 'v', architecture: 'a', device: 'd', description, software },
    limits: {},
    features: [],
    request: async () => undefined,
  };
}

const HARDWARE = adapter('Fast GPU: 550.1', false);
const SOFTWARE = adapter('llvmpipe: Mesa 25', true);
const providing = (...adapters: FoundAdapter[]): GpuProvider => ({ name: 'dawn', adapters: async () => adapters });
const BIG = { cells: SMALL_JOB_CELLS };
const SMALL = { cells: SMALL_JOB_CELLS - 1 };

describe('chooseAdapter', () => {
  test('auto takes hardware, then software for big jobs, then the CPU', async () => {
    const both = providing(SOFTWARE, HARDWARE);
    expect(await chooseAdapter(both, 'auto', SMALL)).toEqual({
      adapter: HARDWARE,
      kind: 'hardware',
      sentence: 'Runs on Fast GPU: 550.1: it is a GPU.',
    });
    expect(await chooseAdapter(providing(SOFTWARE), 'auto', BIG)).toMatchObject({
      adapter: SOFTWARE,
      kind: 'software',
    });
    expect(await chooseAdapter(providing(SOFTWARE), 'auto')).toMatchObject({
      kind: 'software',
      sentence: expect.stringContaining('Runs on llvmpipe: Mesa 25 (software): there is no GPU'),
    });
    expect(await chooseAdapter(providing(SOFTWARE), 'auto', SMALL)).toMatchObject({
      adapter: undefined,
      kind: 'cpu',
      sentence: `Runs on the CPU: there is no GPU, and ${SMALL.cells} cells are done before a software adapter has started.`,
    });
    const slow = adapter('SwiftShader driver 5.0.0', true);
    expect(await chooseAdapter(providing(slow), 'auto', BIG)).toEqual({
      adapter: undefined,
      kind: 'cpu',
      sentence: 'Runs on the CPU: there is no GPU, and it is faster than SwiftShader driver 5.0.0 (software).',
    });
    expect((await chooseAdapter(providing(slow, SOFTWARE), 'auto', BIG)).adapter).toBe(SOFTWARE);
    expect((await chooseAdapter(providing(slow), 'software', SMALL)).adapter).toBe(slow);
    expect((await chooseAdapter(providing(), 'auto', BIG)).sentence).toBe(
      'Runs on the CPU: there is no GPU and no software adapter.',
    );
    expect((await chooseAdapter(undefined, 'auto', BIG)).sentence).toBe('Runs on the CPU: WebGPU could not be loaded.');
  });

  test('auto with any adapter takes the slow one too, and the CPU only where there is none', async () => {
    const slow = adapter('SwiftShader driver 5.0.0', true);
    const any = { ...SMALL, anyAdapter: true };
    expect((await chooseAdapter(providing(slow), 'auto', any)).adapter).toBe(slow);
    expect((await chooseAdapter(providing(slow, HARDWARE), 'auto', any)).adapter).toBe(HARDWARE);
    expect((await chooseAdapter(providing(), 'auto', any)).kind).toBe('cpu');
  });

  test('gpu takes hardware or fails', async () => {
    expect(await chooseAdapter(providing(SOFTWARE, HARDWARE), 'gpu', SMALL)).toMatchObject({
      adapter: HARDWARE,
      kind: 'hardware',
    });
    await expect(chooseAdapter(providing(SOFTWARE), 'gpu')).rejects.toMatchObject({
      code: 'NoDevice',
      message:
        'no GPU was found (found llvmpipe: Mesa 25 (software)). Install its Vulkan driver, or use --device auto, software or cpu',
    });
    await expect(chooseAdapter(undefined, 'gpu')).rejects.toThrow('found no WebGPU on this platform');
  });

  test('software takes a software adapter or fails', async () => {
    expect(await chooseAdapter(providing(HARDWARE, SOFTWARE), 'software', SMALL)).toMatchObject({
      adapter: SOFTWARE,
      kind: 'software',
    });
    await expect(chooseAdapter(providing(HARDWARE), 'software')).rejects.toThrow(
      'no software adapter was found (found Fast GPU: 550.1). Install one (Debian and Ubuntu: mesa-vulkan-drivers)',
    );
    await expect(chooseAdapter(providing(), 'software')).rejects.toMatchObject({ code: 'NoDevice' });
  });

  test('cpu asks nobody', async () => {
    const forbidden: GpuProvider = { name: 'dawn', adapters: () => expect.unreachable('asked for adapters') };
    expect(await chooseAdapter(forbidden, 'cpu', BIG)).toEqual({
      adapter: undefined,
      kind: 'cpu',
      sentence: 'Runs on the CPU: as asked.',
    });
  });
});

describe('findAdapters', () => {
  const info = (description: string, isFallbackAdapter?: boolean) =>
    ({ vendor: '', architecture: '', device: '', description, isFallbackAdapter }) as GPUAdapterInfo;
  const fake = (answer: (question: GPURequestAdapterOptions) => GPUAdapterInfo | undefined) => {
    let asked = 0;
    const requestAdapter = async (question: GPURequestAdapterOptions) => {
      asked++;
      const found = answer(question);
      return found
        ? { info: found, limits: { maxBufferSize: 7, label: 'x' }, features: new Set(['b', 'a']), number: asked }
        : null;
    };
    return { requestAdapter } as unknown as GPU;
  };

  test('lists different adapters once, hardware first, and can ask for each again', async () => {
    const gpu = fake(({ forceFallbackAdapter }) =>
      forceFallbackAdapter ? info('SwiftShader driver') : info('Big GPU', false),
    );
    const found = await findAdapters(gpu);
    expect(found.map(({ description }) => [description.description, description.software])).toEqual([
      ['Big GPU', false],
      ['SwiftShader driver', true],
    ]);
    expect(found[0]).toMatchObject({ limits: { maxBufferSize: 7 }, features: ['a', 'b'] });
    expect(found[0].limits).not.toHaveProperty('label');
    expect(await found[0].request()).not.toBe(await found[0].request());
  });

  test('believes isFallbackAdapter as well as names', async () => {
    const [mystery] = await findAdapters(fake(() => info('', true)));
    expect(mystery.description.software).toBe(true);
    expect(await findAdapters(fake(() => undefined))).toEqual([]);
  });
});
