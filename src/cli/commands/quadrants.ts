import type { Command } from 'commander';
import { QUADRANTS } from '../../pipeline/quadrants/description.ts';
import { type QuadrantsRequest, runQuadrants } from '../../pipeline/quadrants/run-quadrants.ts';
import { addCommonOptions, type CommonFlags } from '../options.ts';
import { addAlign, addParams, alignmentOf } from '../process-options.ts';
import { inSession } from '../session.ts';

type Flags = CommonFlags & Omit<QuadrantsRequest, 'align'> & { readonly align?: string };

/** Four quadrants of supply and demand, by cell and by zone. */
export function addQuadrants(program: Command): void {
  const command = program.command(QUADRANTS.id).description(QUADRANTS.about);
  for (const [name, { about }] of Object.entries(QUADRANTS.inputs)) command.option(`--${name} <file>`, about);
  addParams(command, QUADRANTS);
  addAlign(addCommonOptions(command))
    .option('--out <dir>', 'folder to write', 'out')
    .action(async (flags: Flags) => {
      process.exitCode = await inSession(flags, async (session) => {
        const { platform, console, overwrite } = session;
        const align = alignmentOf(flags.align);
        const run = await runQuadrants({ ...flags, overwrite, align }, platform, {
          ...session,
          log: console.log,
          progress: console.progress,
        });
        const files = run.files.map((file) => `${run.out}/${file}`).join(', ');
        console.result(`Wrote ${files} in ${run.seconds.toFixed(1)} s.`, run);
        return 0;
      });
    });
}
