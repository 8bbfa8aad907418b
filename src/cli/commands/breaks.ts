import type { Command } from 'commander';
import { BREAKS } from '../../pipeline/breaks/description.ts';
import { type BreaksProcessRequest, runBreaks } from '../../pipeline/breaks/run-breaks.ts';
import { addCommonOptions, type CommonFlags } from '../options.ts';
import { addParams } from '../process-options.ts';
import { inSession } from '../session.ts';

/** Classes of a raster's values. */
export function addBreaks(program: Command): void {
  const command = program
    .command(BREAKS.id)
    .description(BREAKS.about)
    .option('--values <raster>', BREAKS.inputs.values.about);
  addParams(command, BREAKS);
  addCommonOptions(command)
    .option('--out <dir>', 'folder to write', 'out')
    .action(async (flags: CommonFlags & BreaksProcessRequest) => {
      process.exitCode = await inSession(flags, async (session) => {
        const { platform, console, overwrite } = session;
        const run = await runBreaks({ ...flags, overwrite }, platform, {
          ...session,
          log: console.log,
          progress: console.progress,
        });
        const files = run.files.map((file) => `${run.out}/${file}`).join(', ');
        console.result(`Wrote ${files} with ${run.breaks.length} classes in ${run.seconds.toFixed(1)} s.`, run);
        return 0;
      });
    });
}
