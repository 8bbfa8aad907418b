import type { Command } from 'commander';
import { BUNDLES } from '../../pipeline/bundles/description.ts';
import { type BundlesRequest, runBundles } from '../../pipeline/bundles/run-bundles.ts';
import { addCommonOptions, type CommonFlags } from '../options.ts';
import { addAlign, addParams, alignmentOf } from '../process-options.ts';
import { inSession } from '../session.ts';

type Flags = CommonFlags &
  Omit<BundlesRequest, 'two_stage' | 'align'> & { readonly twoStage?: string | boolean; readonly align?: string };

/** Bundles of cells by a self-organising map. */
export function addBundles(program: Command): void {
  const { inputs } = BUNDLES;
  const command = program
    .command(BUNDLES.id)
    .description(BUNDLES.about)
    .option('--features <files...>', inputs.features.about);
  addParams(command, BUNDLES, ['two_stage']);
  addAlign(addCommonOptions(command))
    .option('--out <dir>', 'folder to write', 'out')
    .action(async (flags: Flags) => {
      process.exitCode = await inSession(flags, async (session) => {
        const { platform, console, overwrite } = session;
        const align = alignmentOf(flags.align);
        const run = await runBundles({ ...flags, two_stage: flags.twoStage, overwrite, align }, platform, {
          ...session,
          log: console.log,
          progress: console.progress,
        });
        const { bundles, files, out, seconds, cells } = run;
        console.result(
          `Wrote ${files.map((file) => `${out}/${file}`).join(', ')}: ${bundles.bundles.length} bundles of ${cells} cells in ${seconds.toFixed(1)} s.`,
          {
            out,
            files,
            curve: bundles.curve,
            turns: bundles.turns,
            bundles: bundles.bundles,
            outputs: run.outputs,
            cells,
            seconds,
          },
        );
        return 0;
      });
    });
}
