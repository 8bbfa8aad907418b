/** Each executor in turn: the CPU reference, and WebGPU on each software driver of this machine. */
import { afterAll, beforeAll, describe } from 'vitest';
import { inlinePool } from '../../src/core/tasks.ts';
import { cpuExecutor } from '../../src/engine/cpu-executor.ts';
import type { Executor } from '../../src/engine/executor.ts';
import { gpuExecutor } from '../../src/engine/gpu-executor.ts';
import { engineTasks } from '../../src/engine/stage-task.ts';
import { Gpu, type GpuOptions } from '../../src/gpu/gpu.ts';
import { findAdapters, type GpuProvider } from '../../src/gpu/provider.ts';
import { gpuOf, type TestDriver, testDrivers } from './devices.ts';

export function cpuForTests(): Executor {
  return cpuExecutor(inlinePool(engineTasks));
}

export async function openDriver(driver: TestDriver, options: GpuOptions = {}): Promise<Gpu> {
  if (driver.manifest === undefined) throw new Error(`the Vulkan driver ${driver.name} is not installed`);
  const provider: GpuProvider = { name: 'dawn', adapters: () => findAdapters(gpuOf(driver)) };
  const [adapter] = await provider.adapters();
  return Gpu.open(provider, adapter, options);
}

/** `describe` once per executor. `get()` gives it inside tests. A missing driver skips, or fails where REQUIRE_GPU=1. */
export function describeOnExecutors(name: string, body: (get: () => Executor, where: string) => void): void {
  describe(`${name} on the CPU`, () => {
    const executor = cpuForTests();
    body(() => executor, 'cpu');
  });
  describeOnGpuExecutors(name, body);
}

export function describeOnGpuExecutors(
  name: string,
  body: (get: () => Executor, where: string) => void,
  options: { warps?: boolean } = {},
): void {
  for (const driver of testDrivers()) {
    const missing = driver.manifest === undefined && process.env.REQUIRE_GPU !== '1';
    describe.skipIf(missing)(`${name} on ${driver.name}${missing ? ' (skipped: not installed)' : ''}`, () => {
      let executor: Executor | undefined;
      beforeAll(async () => {
        executor = gpuExecutor(await openDriver(driver), options);
      });
      afterAll(async () => executor?.close());
      body(() => executor!, driver.name);
    });
  }
}

/** As `describeOnGpuExecutors`, with executors that bring sources to the grid themselves as a GPU does. */
export function describeWarpingDevices(name: string, body: (get: () => Executor, where: string) => void): void {
  describeOnGpuExecutors(name, body, { warps: true });
}
