import type { Command } from 'commander';
import { ZONAL } from '../../pipeline/zonal/description.ts';
import { runZonal } from '../../pipeline/zonal/run-zonal.ts';
import { addCommonOptions, type CommonFlags, positiveInteger } from '../options.ts';
import { inSession } from '../session.ts';

interface ZonalFlags extends CommonFlags {
  readonly values?: string;
  readonly zones?: string;
  readonly statistics?: string;
  readonly quantiles?: string;
  readonly id?: string;
  readonly allTouched?: boolean;
  readonly band?: string;
  readonly layer?: string;
  readonly out: string;
}

/** Statistics of a raster by zones, as a table and as attributes of the polygons. */
export function addZonal(program: Command): void {
  const { inputs, params } = ZONAL;
  const command = program
    .command(ZONAL.id)
    .description(ZONAL.about)
    .option('--values <raster>', inputs.values.about)
    .option('--zones <file>', inputs.zones.about);
  for (const [name, { about, default: fallback }] of Object.entries(params))
    command.option(
      `--${name.replaceAll('_', '-')}${name === 'all_touched' ? '' : ' <value>'}`,
      `${about} (default ${fallback})`,
    );
  addCommonOptions(command)
    .option('--out <dir>', 'folder to write', 'out')
    .action(async (flags: ZonalFlags) => {
      process.exitCode = await inSession(flags, async (session) => {
        const { platform, console, overwrite } = session;
        const run = await runZonal(
          {
            ...flags,
            statistics: listOf(flags.statistics),
            quantiles: listOf(flags.quantiles),
            band: flags.band === undefined ? undefined : positiveInteger('--band', flags.band),
            overwrite,
          },
          platform,
          { ...session, log: console.log, progress: console.progress },
        );
        const files = run.files.map((file) => `${run.out}/${file}`).join(', ');
        console.result(`Wrote ${files} with ${run.zones} zones in ${run.seconds.toFixed(1)} s.`, run);
        return 0;
      });
    });
}

/** "mean, sum" */
function listOf(text: string | undefined): string[] | undefined {
  return text?.split(',').map((item) => item.trim());
}
