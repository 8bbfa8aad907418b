/** Opens what a run computes on, with the adapters and the workers of the platform. */
import { type OpenDevice, openDevice } from '../engine/open-device.ts';
import type { DeviceChoice } from '../gpu/choose.ts';
import type { Platform } from './platform.ts';

/** @throws EcofluxError NoDevice when what was asked for is not there or fails the self-test of its arithmetic */
export async function openDeviceOn(
  platform: Platform,
  {
    choice,
    cells,
    deviceMemory,
  }: { readonly choice: DeviceChoice; readonly cells?: number; readonly deviceMemory?: number },
): Promise<OpenDevice> {
  // On the CPU Dawn is not even loaded.
  const provider = choice === 'cpu' ? undefined : await platform.provider();
  return openDevice({ choice, provider, pool: platform.pool, cells, deviceMemory });
}

/** For verification any WebGPU device will do, however slow: with 'auto' a GPU, else a software adapter, else the CPU. */
export async function openToVerify(
  platform: Platform,
  { choice, deviceMemory }: { readonly choice: DeviceChoice; readonly deviceMemory?: number },
): Promise<OpenDevice> {
  if (choice !== 'auto') return openDeviceOn(platform, { choice, deviceMemory });
  const adapters = (await (await platform.provider())?.adapters()) ?? [];
  const kinds = adapters.map(({ description }) => (description.software ? 'software' : 'gpu'));
  const best = kinds.includes('gpu') ? 'gpu' : kinds.includes('software') ? 'software' : 'cpu';
  return openDeviceOn(platform, { choice: best, deviceMemory });
}
