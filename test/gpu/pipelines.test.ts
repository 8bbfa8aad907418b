/** Kernels are compiled once, with their overrides, and errors point into the .wgsl files. */
import { expect, test } from 'vitest';
import { SHADERS } from '../../src/generated/shaders.ts';
import { describeGpu } from './support.ts';

describeGpu('the pipeline cache', (open, driver) => {
  test('compiles once for requests at the same time and later', async () => {
    const gpu = await open();
    const [first, second] = await Promise.all([gpu.kernel('scale', 'scale'), gpu.kernel('scale', 'scale')]);
    expect(second).toBe(first);
    expect(await gpu.kernel('scale', 'scale', {})).toBe(first);
    expect(gpu.pipelines.compilations).toBe(1);
    expect(first).toMatchObject({ label: 'scale/scale', workgroup: [64, 4, 1] });
    const wide = await gpu.kernel('scale', 'scale', { WORKGROUP_X: 128, WORKGROUP_Y: 2 });
    expect(await gpu.kernel('scale', 'scale', { WORKGROUP_Y: 2, WORKGROUP_X: 128 })).toBe(wide);
    expect(wide.workgroup).toEqual([128, 2, 1]);
    expect(gpu.pipelines.compilations).toBe(2);
  });

  test('says file, line and column of a compile error', async () => {
    const gpu = await open();
    const problem = gpu.kernel('broken', 'twice');
    await expect(problem).rejects.toMatchObject({ code: 'Bug' });
    await expect(problem).rejects.toThrow(
      /^shaders\/test\/broken\.wgsl, line 3, column 16: the shader does not compile.*'y'/,
    );
    await expect(gpu.kernel('broken', 'twice')).rejects.toThrow('line 3, column 16');
  });

  test('says which entry point a device cannot run', async () => {
    const gpu = await open();
    await expect(gpu.kernel('greedy', 'greedy')).rejects.toThrow(
      /shaders\/test\/greedy\.wgsl: greedy could not be compiled for this device.*4096/s,
    );
  });

  test('names what is not in the table', async () => {
    const gpu = await open();
    await expect(gpu.kernel('skale', 'scale')).rejects.toThrow(/no shader named skale \(expected scale, sums/);
    await expect(gpu.kernel('scale', 'shrink')).rejects.toThrow(
      'no entry point of shaders/test/scale.wgsl named shrink (expected scale)',
    );
    await expect(gpu.kernel('scale', 'scale', { SPEED: 1 })).rejects.toThrow(
      'no override of shaders/test/scale.wgsl named SPEED',
    );
  });

  // SwiftShader takes seconds for each of the larger ones; the models' own tests run them there.
  if (driver.name === 'swiftshader') return;
  test('compiles every kernel of the generated table', async () => {
    const gpu = await open({ shaders: SHADERS });
    const names = Object.entries(SHADERS).flatMap(([id, { entries }]) =>
      Object.keys(entries).map((entry) => [id, entry]),
    );
    await Promise.all(names.map(([id, entry]) => gpu.kernel(id, entry)));
    expect(gpu.pipelines.compilations).toBe(names.length);
    expect(names.length).toBeGreaterThan(0);
  });
});
