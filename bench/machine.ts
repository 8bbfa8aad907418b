/** The machine that was measured, and the versions of what ran on it. */
import { cpus, totalmem } from 'node:os';
import { adapterName } from '#ecoflux/gpu/provider.js';
import type { Platform } from '#ecoflux/pipeline/platform.js';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly adapters: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
}

export async function describeMachine(platform: Platform): Promise<Machine> {
  const processors = cpus();
  const adapters = (await (await platform.provider())?.adapters()) ?? [];
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGB: Math.round(totalmem() / 1e9),
    adapters: adapters.map(({ description }) => adapterName(description)),
    versions: { ...platform.versions, zlib: process.versions.zlib, v8: process.versions.v8 },
  };
}

export function machineLine({ processor, cores, memoryGB, adapters, versions }: Machine): string {
  const names = adapters.length > 0 ? adapters.join('; ') : 'no WebGPU adapter';
  return `${processor}, ${cores} cores, ${memoryGB} GB; ${names}; Node ${versions.node}`;
}
