/** Dawn through src/node/dawn.ts: adapters, limits asked for, and a process that ends by itself. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { expect, onTestFinished, test } from 'vitest';
import { REQUESTED_LIMITS } from '../../src/gpu/open-device.ts';
import { describeGpu, providerOf } from './support.ts';

describeGpu('opening', (open, driver) => {
  test('asks for all the adapter offers', async () => {
    const gpu = await open();
    const [adapter] = await providerOf(driver).adapters();
    for (const limit of REQUESTED_LIMITS) expect(gpu.limits[limit], limit).toBe(adapter.limits[limit]);
    // Who does not ask gets 256 MiB, 128 MiB, 8 buffers, 16 KiB and 256 invocations: on each driver some of it less than there is.
    const some = ['maxBufferSize', 'maxStorageBufferBindingSize', 'maxStorageBuffersPerShaderStage'] as const;
    const more = ['maxComputeWorkgroupStorageSize', 'maxComputeInvocationsPerWorkgroup'] as const;
    for (const limit of [...some, ...more]) expect(gpu.limits[limit], limit).toBe(adapter.limits[limit]);
    expect(gpu.limits.minStorageBufferOffsetAlignment).toBe(256);
    expect(gpu.description).toMatchObject({ software: true });
  });

  test('two devices at once, from adapters asked for anew', async () => {
    const [first, second] = [await open(), await open()];
    expect(second.device).not.toBe(first.device);
  });

  test('from Node without globals, and the process ends', async () => {
    const script = await bundled('dawn-process.ts');
    const env = { ...process.env, VK_DRIVER_FILES: driver.manifest, XDG_RUNTIME_DIR: '/tmp' };
    const { stdout } = await promisify(execFile)(process.execPath, [script], { env, timeout: 30_000 });
    expect(JSON.parse(stdout)).toEqual({
      names: [
        expect.stringMatching(driver.name === 'lavapipe' ? /llvmpipe.*\(software\)/ : /SwiftShader.*\(software\)/),
      ],
      value: 42,
      order: [1, 2, 3],
    });
  });
});

/** The TypeScript file as one that every Node of `engines` can run. */
async function bundled(name: string): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'ecoflux-'));
  onTestFinished(() => rm(outDir, { recursive: true }));
  const here = dirname(fileURLToPath(import.meta.url));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(here, name),
      outDir,
      rolldownOptions: { output: { entryFileNames: 'process.mjs', paths: { webgpu: import.meta.resolve('webgpu') } } },
    },
  });
  return join(outDir, 'process.mjs');
}
