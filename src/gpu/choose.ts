/** Which adapter a run gets, with one sentence that says what was chosen and why. */
import { EcofluxError } from '../core/errors.ts';
import { adapterName, type FoundAdapter, type GpuProvider } from './provider.ts';

export const DEVICE_CHOICES = ['auto', 'gpu', 'software', 'cpu'] as const;
export type DeviceChoice = (typeof DEVICE_CHOICES)[number];

export interface ChosenDevice {
  /** The adapter to open; undefined: run on the CPU reference. */
  readonly adapter: FoundAdapter | undefined;
  readonly kind: 'hardware' | 'software' | 'cpu';
  /** One sentence for people and for the provenance. */
  readonly sentence: string;
}

// Annual water yield from files to files on two cores (bench run): at 2048² cells lavapipe takes 1.2 times as long as the CPU executor, at
// 4096² as long, at 8192² 0.85 times. Before it has opened and compiled, the CPU is ahead; its vectors are what wins later.
export const SMALL_JOB_CELLS = 4096 * 4096;
// Takes 240 ns of processor time for a cell of annual water yield, where the CPU executor takes 90 and lavapipe 33 (bench kernels).
const SLOWER_THAN_CPU = /swiftshader/i;

/**
 * `auto`: a hardware adapter, else a fast software adapter for big jobs and the CPU for all others; `gpu`: hardware or an error;
 * `software`: a software adapter or an error; `cpu`: no adapter, and the provider is not asked.
 * @param provider undefined when WebGPU could not be loaded
 * @param cells size of the job in cells; a big one when absent
 * @param anyAdapter with `auto`: an adapter if there is one, however slow; for verification, and where a user asks to see WebGPU
 * @throws EcofluxError NoDevice
 */
export async function chooseAdapter(
  provider: GpuProvider | undefined,
  choice: DeviceChoice,
  { cells = Number.POSITIVE_INFINITY, anyAdapter = false }: { cells?: number; anyAdapter?: boolean } = {},
): Promise<ChosenDevice> {
  if (choice === 'cpu') return onCpu('as asked');
  const found = (await provider?.adapters()) ?? [];
  const hardware = found.find((adapter) => !adapter.description.software);
  const software = found.find((adapter) => adapter.description.software);

  if (choice === 'gpu') {
    if (hardware) return on(hardware, 'hardware', 'as asked');
    throw noDevice(
      'no GPU was found',
      provider,
      found,
      'install its Vulkan driver, or use --device auto, software or cpu',
    );
  }
  if (choice === 'software') {
    if (software) return on(software, 'software', 'as asked');
    throw noDevice(
      'no software adapter was found',
      provider,
      found,
      'install one (Debian and Ubuntu: mesa-vulkan-drivers), or use --device auto, gpu or cpu',
    );
  }
  if (hardware) return on(hardware, 'hardware', 'it is a GPU');
  if (!provider) return onCpu('WebGPU could not be loaded');
  if (!software) return onCpu('there is no GPU and no software adapter');
  if (anyAdapter) return on(software, 'software', 'there is no GPU');
  const fast = found.find(({ description }) => description.software && !SLOWER_THAN_CPU.test(adapterName(description)));
  if (!fast) return onCpu(`there is no GPU, and it is faster than ${adapterName(software.description)}`);
  if (cells < SMALL_JOB_CELLS)
    return onCpu(`there is no GPU, and ${cells} cells are done before a software adapter has started`);
  return on(fast, 'software', 'there is no GPU, and for a job of this size a software adapter is worth its start');
}

function on(adapter: FoundAdapter, kind: 'hardware' | 'software', because: string): ChosenDevice {
  return { adapter, kind, sentence: `Runs on ${adapterName(adapter.description)}: ${because}.` };
}

function onCpu(because: string): ChosenDevice {
  return { adapter: undefined, kind: 'cpu', sentence: `Runs on the CPU: ${because}.` };
}

function noDevice(
  what: string,
  provider: GpuProvider | undefined,
  found: readonly FoundAdapter[],
  fix: string,
): EcofluxError {
  const list = found.map((adapter) => adapterName(adapter.description)).join('; ');
  return new EcofluxError('NoDevice', what, {
    found: provider ? list || 'no adapter' : 'no WebGPU on this platform',
    fix,
  });
}
