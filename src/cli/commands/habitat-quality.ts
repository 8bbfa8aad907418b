import { type Command, Option } from 'commander';
import { EcofluxError } from '../../core/errors.ts';
import { HABITAT_QUALITY } from '../../pipeline/habitat/description.ts';
import { type HabitatRequest, runHabitat } from '../../pipeline/habitat/process.ts';
import { addCommonOptions, addResumeOption, type CommonFlags } from '../options.ts';
import { addAlign, alignmentOf } from '../process-options.ts';
import { inSession } from '../session.ts';

type Flags = CommonFlags & Readonly<Record<string, string | undefined>> & { readonly threatRasters?: string[] };

/** Names of InVEST's arguments that are not those of the inputs. */
const INVEST: Readonly<Record<string, string>> = {
  lulc: 'lulc_cur_path',
  lulc_fut: 'lulc_fut_path',
  lulc_bas: 'lulc_bas_path',
  threats: 'threats_table_path',
  sensitivity: 'sensitivity_table_path',
  access: 'access_vector_path',
  half_saturation: 'half_saturation_constant',
};

/** Habitat quality for the threats of a table. */
export function addHabitatQuality(program: Command): void {
  const { id, about, inputs, params } = HABITAT_QUALITY;
  const command = program.command(id).description(about);
  for (const [name, spec] of Object.entries({ ...inputs, ...params })) {
    const value = name === 'threat_rasters' ? '<files...>' : '<value>';
    command.option(`--${flag(name)} ${value}`, spec.about);
    if (INVEST[name])
      command.addOption(new Option(`--${flag(INVEST[name])} <value>`, "the same, by InVEST's name").hideHelp());
  }
  addAlign(addResumeOption(addCommonOptions(command)))
    .option('--out <dir>', 'folder to write', 'out')
    .option('--outputs <names>', 'outputs to write, separated by commas, instead of all but intermediates')
    .option('--intermediates', 'write the intermediate rasters too')
    .action(async (flags: Flags) => {
      process.exitCode = await inSession(flags, async (session) => {
        const { platform, console, overwrite } = session;
        const request: HabitatRequest = {
          ...Object.fromEntries(Object.keys(INVEST).map((name) => [name, given(flags, name)])),
          threat_rasters: flags.threatRasters,
          outputs: flags.outputs?.split(',').map((name) => name.trim()),
          intermediates: Boolean(flags.intermediates),
          out: flags.out!,
          overwrite,
          align: alignmentOf(flags.align),
        };
        const run = await runHabitat(request, platform, { ...session, log: console.log, progress: console.progress });
        const files = Object.keys(run.outputs).map((name) => `${run.out}/${name}.tif`);
        console.result(`Wrote ${files.join(', ')} in ${run.seconds.toFixed(1)} s.`, run);
        return 0;
      });
    });
}

function flag(name: string): string {
  return name.replaceAll('_', '-');
}

function given(flags: Flags, name: string): string | undefined {
  const camel = (text: string) => text.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const [own, other] = [flags[camel(name)], flags[camel(INVEST[name])]];
  if (own !== undefined && other !== undefined)
    throw new EcofluxError('InvalidConfiguration', `--${name} and --${INVEST[name]} name the same input`, {
      fix: 'give one of them',
    });
  return own ?? other;
}
