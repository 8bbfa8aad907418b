/** From an adapter to a device, with limits and features asked for explicitly: WebGPU gives the portable minimum to who does not ask. */
import { EcofluxError } from '../core/errors.ts';
import { adapterName, type FoundAdapter } from './provider.ts';

/** Limits that compute shaders and their buffers meet. Offset alignments stay at 256, so that layouts are the same on every device. */
export const REQUESTED_LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxStorageBuffersPerShaderStage',
  'maxUniformBufferBindingSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
] as const;

export async function requestDevice(found: FoundAdapter, label: string): Promise<GPUDevice> {
  const adapter = await found.request();
  const name = adapterName(found.description);
  if (!adapter) throw new EcofluxError('NoDevice', `${name} is not there any more`, { fix: 'use --device auto' });
  const requiredLimits = Object.fromEntries(REQUESTED_LIMITS.map((limit) => [limit, adapter.limits[limit]]));
  const requiredFeatures: GPUFeatureName[] = adapter.features.has('timestamp-query') ? ['timestamp-query'] : [];
  try {
    return await adapter.requestDevice({ label, requiredLimits, requiredFeatures });
  } catch (cause) {
    const found = (cause as Error).message;
    throw new EcofluxError('NoDevice', `${name} gave no device`, { found, fix: 'use --device auto or cpu', cause });
  }
}
