import type { Command } from 'commander';
import { adapterName } from '../../gpu/provider.ts';
import { MODELS } from '../../models/registry.ts';
import { addCommonOptions, type CommonFlags } from '../options.ts';
import { inSession } from '../session.ts';

const LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupStorageSize',
];

/** Adapters, limits, drivers, versions. */
export function addInfo(program: Command): void {
  const command = program.command('info').description('adapters, limits, drivers and versions');
  addCommonOptions(command).action(async (flags: CommonFlags) => {
    process.exitCode = await inSession(flags, async ({ platform, console }) => {
      const provider = await platform.provider();
      const adapters = (await provider?.adapters()) ?? [];
      const lines = [
        ...Object.entries(platform.versions).map(([name, value]) => `${name} ${value}`),
        `workers ${platform.pool.size}, memory ${Math.round(platform.defaultMemory / 1e6)} MB unless --memory says otherwise`,
        `models ${[...MODELS.values()]
          .filter(({ model }) => !model.internal)
          .map(({ model }) => model.id)
          .join(', ')}`,
        provider ? `WebGPU by ${provider.name}` : 'WebGPU could not be loaded: everything runs on the CPU',
        ...(provider && adapters.length === 0 ? ['no adapter: install a Vulkan driver, or run on the CPU'] : []),
        ...adapters.flatMap(({ description, limits, features }) => [
          `adapter ${adapterName(description)}`,
          ...LIMITS.map((name) => `  ${name} ${limits[name]}`),
          `  timestamps ${features.includes('timestamp-query') ? 'yes' : 'no'}`,
        ]),
      ];
      console.result(lines.join('\n'), {
        versions: platform.versions,
        workers: platform.pool.size,
        adapters: adapters.map(({ description, limits, features }) => ({ ...description, limits, features })),
      });
      return 0;
    });
  });
}
