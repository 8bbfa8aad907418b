import type { Command } from 'commander';
import { ALIGNMENTS } from '../../pipeline/layers.ts';
import { QUADRANTS } from '../../pipeline/quadrants/description.ts';
import { type QuadrantsRequest, runQuadrants } from '../../pipeline/quadrants/run-quadrants.ts';
import { addCommonOptions, type CommonFlags, oneOf } from '../options.ts';
import { addParams } from '../process-options.ts';
import { inSession } from '../session.ts';

type Flags = CommonFlags & Omit<QuadrantsRequest, 'align'> & { readonly align?: string };

/** Four quadrants of supply and demand, by cell and by zone. */
export function addQuadrants(program: Command): void {
  const command = program.command(QUADRANTS.id).description(QUADRANTS.about);
  for (const [name, { about }] of Object.entries(QUADRANTS.inputs)) command.option(`--${name} <file>`, about);
  addParams(command, QUADRANTS);
  addCommonOptions(command)
    .option('--out <dir>', 'folder to write', 'out')
    .option('--align <method>', `bring rasters on other grids to that of the first: ${ALIGNMENTS.join(', ')}`)
    .action(async (flags: Flags) => {
      process.exitCode = await inSession(flags, async (session) => {
        const { platform, console, overwrite } = session;
        const align = flags.align === undefined ? undefined : oneOf('--align', flags.align, ALIGNMENTS);
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
