/** Opens what a run computes on, with the adapters and the workers of the platform. */
import { type DeviceOptions, type OpenDevice, openDevice } from '../engine/open-device.ts';
import type { Platform } from './platform.ts';

export type DeviceWish = Pick<DeviceOptions, 'choice' | 'cells' | 'anyAdapter' | 'deviceMemory'>;

/** @throws EcofluxError NoDevice when what was asked for is not there or fails the self-test of its arithmetic */
export async function openDeviceOn(platform: Platform, wish: DeviceWish): Promise<OpenDevice> {
  // On the CPU Dawn is not even loaded.
  const provider = wish.choice === 'cpu' ? undefined : await platform.provider();
  return openDevice({ ...wish, provider, pool: platform.pool });
}
