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
