import type { Command } from 'commander';
import { filling } from '../../pipeline/platform.ts';
import { writeSampleProject } from '../../pipeline/sample-project.ts';
import { PRESETS, type PresetId } from '../../sample/presets.ts';
import { addCommonOptions, type CommonFlags, oneOf, positiveInteger } from '../options.ts';
import { inSession } from '../session.ts';

interface Flags extends CommonFlags {
  readonly preset: string;
  readonly size: string;
  readonly seed: string;
}

/** Project file, tables and a sample region to edit. */
export function addInit(program: Command): void {
  const presets = Object.keys(PRESETS) as PresetId[];
  const command = program
    .command('init')
    .argument('<dir>', 'folder to make')
    .description('write a project file, tables and a sample region to edit');
  addCommonOptions(command)
    .option('--preset <name>', `kind of region: ${presets.join(', ')}`, 'anhui')
    .option('--size <cells>', 'cells along an edge of the region', '512')
    .option('--seed <number>', 'another number makes another region', '1')
    .action(async (dir: string, flags: Flags) => {
      process.exitCode = await inSession(flags, async ({ platform, console, signal, overwrite }) => {
        const preset = oneOf('--preset', flags.preset, presets);
        const options = {
          size: positiveInteger('--size', flags.size),
          seed: positiveInteger('--seed', flags.seed),
          preset,
          signal,
          log: console.log,
        };
        const folder = await platform.beginFolder(dir, { overwrite });
        await filling(folder, async () => {
          await writeSampleProject(folder, '', platform, options);
          await folder.commit();
        });
        console.result(`Wrote ${dir}/project.yaml. Next: ecoflux run ${dir}/project.yaml`, {
          project: `${dir}/project.yaml`,
        });
        return 0;
      });
    });
}
