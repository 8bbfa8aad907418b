import { type Command, Option } from 'commander';
import { EcofluxError } from '../../core/errors.ts';
import type { Model } from '../../core/model.ts';
import { MODELS } from '../../models/registry.ts';
import { runProcess } from '../../pipeline/run-process.ts';
import { addCommonOptions, addResumeOption, type CommonFlags } from '../options.ts';
import { addAlign, alignmentOf } from '../process-options.ts';
import { inSession } from '../session.ts';

/** One command for each process, its options from the model: inputs, tables, parameters, each also under InVEST's name. */
export function addProcessCommands(program: Command): void {
  for (const { model } of MODELS.values()) if (!model.internal) addProcess(program, model);
}

function addProcess(program: Command, model: Model): void {
  const command = program.command(model.id).description(model.about);
  for (const name of namesOf(model)) {
    command.addOption(new Option(`--${flag(name)} <value>`, aboutOf(model, name)));
    const alias = aliasOf(model, name);
    if (alias && alias !== name)
      command.addOption(new Option(`--${flag(alias)} <value>`, `the same, by InVEST's name`).hideHelp());
  }
  addAlign(addResumeOption(addCommonOptions(command)))
    .option('--out <dir>', 'folder to write', 'out')
    .option('--outputs <names>', 'outputs to write, separated by commas, instead of all but intermediates')
    .option('--intermediates', 'write the intermediate rasters too')
    .action(async (flags: CommonFlags & Record<string, string | undefined>) => {
      process.exitCode = await inSession(flags, async (session) => {
        const { platform, console, overwrite } = session;
        const given = (names: readonly string[]) =>
          Object.fromEntries(names.flatMap((name) => givenValue(model, flags, name)));
        const run = await runProcess(
          {
            model,
            inputs: given(Object.keys(model.inputs)),
            tables: given(Object.keys(model.tables ?? {})),
            params: given(Object.keys(model.params)),
            outputs: flags.outputs?.split(',').map((name) => name.trim()),
            intermediates: Boolean(flags.intermediates),
            out: flags.out!,
            overwrite,
            align: alignmentOf(flags.align),
          },
          platform,
          { ...session, log: console.log, progress: console.progress },
        );
        const names = Object.keys(run.outputs);
        console.result(
          `Wrote ${names.map((name) => `${run.out}/${name}.tif`).join(', ')} in ${run.seconds.toFixed(1)} s.`,
          run,
        );
        return 0;
      });
    });
}

function namesOf(model: Model): string[] {
  return [...Object.keys(model.inputs), ...Object.keys(model.tables ?? {}), ...Object.keys(model.params)];
}

function aboutOf(model: Model, name: string): string {
  const spec = model.inputs[name] ?? model.tables?.[name] ?? model.params[name];
  const unit = 'unit' in spec && spec.unit !== '1' ? `, ${spec.unit}` : '';
  const { choices, default: fallback } = model.params[name] ?? {};
  const among = choices ? `: ${choices.join(' or ')}` : '';
  const usual = fallback === undefined ? '' : ` (default ${choices?.[fallback] ?? fallback})`;
  return `${name in (model.tables ?? {}) ? 'table: ' : ''}${spec.about}${unit}${among}${usual}`;
}

function aliasOf(model: Model, name: string): string | undefined {
  return model.inputs[name]?.invest ?? model.tables?.[name]?.invest;
}

/** `--max_distance` and `--max-distance` are the same: main.ts turns the first into the second. */
function flag(name: string): string {
  return name.replaceAll('_', '-');
}

function givenValue(
  model: Model,
  flags: Readonly<Record<string, string | undefined>>,
  name: string,
): [string, string][] {
  const camel = (text: string) => text.replace(/[_-](.)/g, (_, letter: string) => letter.toUpperCase());
  const alias = aliasOf(model, name);
  const own = flags[camel(name)];
  const other = alias === undefined || alias === name ? undefined : flags[camel(alias)];
  if (own !== undefined && other !== undefined)
    throw new EcofluxError('InvalidConfiguration', `--${name} and --${alias} name the same input`, {
      fix: 'give one of them',
    });
  const value = own ?? other;
  return value === undefined ? [] : [[name, value]];
}
