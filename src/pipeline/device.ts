/** Opens what a run computes on, as the user asked, and replaces it when it is lost. */
import { EcofluxError, isEcofluxError } from '../core/errors.ts';
import { cpuExecutor } from '../engine/cpu-executor.ts';
import type { Executor } from '../engine/executor.ts';
import { gpuExecutor } from '../engine/gpu-executor.ts';
import type { Place } from '../engine/plan.ts';
import { chooseAdapter, type DeviceChoice } from '../gpu/choose.ts';
import { Gpu } from '../gpu/gpu.ts';
import { selfTest } from '../gpu/self-test.ts';
import type { Platform } from './platform.ts';

export interface OpenDevice {
  readonly executor: Executor;
  readonly place: Place;
  readonly kind: 'hardware' | 'software' | 'cpu';
  /** What was chosen and why, in one sentence. */
  readonly sentence: string;
  /** After a loss: the same device again, after the second the CPU. */
  replace(losses: number): Promise<Executor>;
}

/** @throws EcofluxError NoDevice when what was asked for is not there or fails the self-test of its arithmetic */
export async function openDevice(
  platform: Platform,
  {
    choice,
    cells,
    deviceMemory,
  }: { readonly choice: DeviceChoice; readonly cells: number; readonly deviceMemory?: number },
): Promise<OpenDevice> {
  const provider = choice === 'cpu' ? undefined : await platform.provider();
  const chosen = await chooseAdapter(provider, choice, { cells });
  const onCpu = (sentence: string): OpenDevice => ({
    executor: cpuExecutor(platform.pool),
    place: { kind: 'cpu', maxBinding: 0, lanes: platform.pool.size },
    kind: 'cpu',
    sentence,
    replace: async () => cpuExecutor(platform.pool),
  });
  if (!chosen.adapter || chosen.kind === 'cpu') return onCpu(chosen.sentence);
  const { adapter, kind, sentence } = chosen;
  const open = () => Gpu.open(provider!, adapter, { deviceMemory });
  let gpu: Gpu;
  try {
    gpu = await open();
    await checkArithmetic(gpu);
  } catch (error) {
    if (choice === 'auto' && isEcofluxError(error, 'NoDevice')) return onCpu(`Runs on the CPU: ${error.what}.`);
    throw error;
  }
  return {
    executor: gpuExecutor(gpu),
    place: { kind: 'gpu', maxBinding: gpu.limits.maxStorageBufferBindingSize, lanes: 1 },
    kind,
    sentence,
    replace: async (losses) => (losses < 2 ? gpuExecutor(await open()) : cpuExecutor(platform.pool)),
  };
}

/** The error-free transforms that the kernels rely on; some compilers simplify them away (gpu-algorithms.md 0.2). */
async function checkArithmetic(gpu: Gpu): Promise<void> {
  const { passed, checks } = await selfTest(gpu.device);
  if (passed) return;
  const failed = checks
    .filter((check) => !check.passed)
    .map(({ name, worst, limit }) => `${name}: ${worst} > ${limit}`);
  await gpu.destroy();
  throw new EcofluxError(
    'NoDevice',
    `the arithmetic of ${gpu.description.description || gpu.description.device} failed its self-test`,
    { found: failed.join('; '), fix: 'use --device cpu, or another driver' },
  );
}
