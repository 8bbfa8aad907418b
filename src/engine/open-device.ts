/**
 * Opens the place where models run: a WebGPU device that has passed the self-test, or the CPU reference where there is none. The
 * only door that the library, the command line and the page use.
 */
import { EcofluxError, isEcofluxError } from '../core/errors.ts';
import { inlinePool, type TaskPool } from '../core/tasks.ts';
import { type ChosenDevice, chooseAdapter, type DeviceChoice } from '../gpu/choose.ts';
import { Gpu } from '../gpu/gpu.ts';
import { adapterName, browserProvider, type FoundAdapter, type GpuProvider } from '../gpu/provider.ts';
import { type SelfTestResult, selfTest } from '../gpu/self-test.ts';
import { cpuExecutor } from './cpu-executor.ts';
import type { Executor } from './executor.ts';
import { gpuExecutor } from './gpu-executor.ts';
import type { Place } from './plan.ts';
import { engineTasks } from './stage-task.ts';

export interface DeviceOptions {
  /** 'auto' when absent: a GPU, else a software adapter for big jobs, else the CPU. */
  readonly choice?: DeviceChoice;
  /** Where adapters come from: the page's `navigator.gpu` when absent. */
  readonly provider?: GpuProvider;
  /** Where the CPU reference runs: this thread when absent. */
  readonly pool?: TaskPool;
  /** Size of the job in cells, for 'auto'; a big one when absent. */
  readonly cells?: number;
  /** With 'auto': an adapter if there is one, however slow. */
  readonly anyAdapter?: boolean;
  /** Most bytes of device memory. */
  readonly deviceMemory?: number;
}

export interface OpenDevice {
  /** The one in use: after a loss, its replacement. */
  readonly executor: Executor;
  /** What the planner has to know of it. */
  readonly place: Place;
  readonly kind: ChosenDevice['kind'];
  /** What was chosen and why, in one sentence for people and for the provenance. */
  readonly sentence: string;
  /** Undefined on the CPU. */
  readonly adapter: FoundAdapter | undefined;
  readonly selfTest: SelfTestResult | undefined;
  /** `replaceExecutor` of `runModel` and `runPlan`: the same adapter once more after a loss, the CPU after the second. */
  replace(losses: number): Promise<Executor>;
  /** Gives everything back; the executor cannot be used any more. */
  close(): Promise<void>;
}

/**
 * @throws EcofluxError NoDevice where the choice cannot be had; with 'auto' a device that fails the self-test gives way to the CPU
 */
export async function openDevice(options: DeviceOptions = {}): Promise<OpenDevice> {
  const {
    choice = 'auto',
    provider = browserProvider(),
    pool = inlinePool(engineTasks),
    cells,
    anyAdapter,
    deviceMemory,
  } = options;
  const chosen = await chooseAdapter(provider, choice, { cells, anyAdapter });
  if (!chosen.adapter) return onCpu(pool, chosen.sentence);

  const { adapter, kind, sentence } = chosen;
  const open = () => Gpu.open(provider, adapter, { deviceMemory });
  let gpu: Gpu;
  let tested: SelfTestResult;
  try {
    gpu = await open();
    tested = await checkArithmetic(gpu, adapter);
  } catch (error) {
    if (choice !== 'auto' || !isEcofluxError(error)) throw error;
    return onCpu(pool, `Runs on the CPU: ${error.what}.`);
  }

  let current: Executor = gpuExecutor(gpu);
  const opened: Executor[] = [current];
  return {
    // After a loss it is the one that took over.
    get executor() {
      return current;
    },
    place: { kind: 'gpu', maxBinding: gpu.limits.maxStorageBufferBindingSize, lanes: 1, warps: current.warps },
    kind,
    sentence,
    adapter,
    selfTest: tested,
    async replace(losses) {
      current = losses > 1 ? cpuExecutor(pool) : gpuExecutor(await open());
      opened.push(current);
      return current;
    },
    async close() {
      for (const executor of opened.splice(0)) await executor.close();
    },
  };
}

/** @throws EcofluxError NoDevice where the device does not compute as the kernels need it to; it is destroyed then */
async function checkArithmetic(gpu: Gpu, { description }: FoundAdapter): Promise<SelfTestResult> {
  let failed: string[];
  try {
    const tested = await selfTest(gpu.device);
    if (tested.passed) return tested;
    failed = tested.checks.filter(({ passed }) => !passed).map(({ name }) => name);
  } catch (error) {
    failed = [(error as Error).message];
  }
  await gpu.destroy();
  throw new EcofluxError('NoDevice', `${adapterName(description)} failed the self-test of its arithmetic`, {
    found: failed.join(', '),
    fix: 'use --device cpu, or update the driver',
  });
}

function onCpu(pool: TaskPool, sentence: string): OpenDevice {
  const executor = cpuExecutor(pool);
  return {
    executor,
    place: { kind: 'cpu', maxBinding: 0, lanes: pool.size },
    kind: 'cpu',
    sentence,
    adapter: undefined,
    selfTest: undefined,
    replace: async () => executor,
    close: () => executor.close(),
  };
}
