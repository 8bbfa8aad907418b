import { type Command, Option } from 'commander';
import { INVEST_MODELS, investModel } from '../../pipeline/invest/models.ts';
import { type InvestRun, ORDERS, runInvest } from '../../pipeline/invest/run-invest.ts';
import { addCommonOptions, addResumeOption, type CommonFlags, oneOf } from '../options.ts';
import { inSession } from '../session.ts';

interface Flags extends CommonFlags {
  readonly workspace?: string;
  readonly intermediates?: boolean;
  readonly order: string;
}

/** A model of InVEST with its own argument file. */
export function addInvest(program: Command): void {
  const command = program
    .command('invest')
    .argument('<model>', `${[...INVEST_MODELS.keys()].join(' or ')}, as InVEST calls it`)
    .argument('<args>', 'InVEST’s argument file (JSON): an object of arguments, or a parameter set with a member args')
    .description('run a model of InVEST 3.20 from its argument file');
  addResumeOption(addCommonOptions(command))
    .option('--workspace <dir>', 'folder to write, instead of workspace_dir of the arguments')
    .option('--intermediates', 'write InVEST’s intermediate rasters too')
    .addOption(
      new Option(
        '--order <order>',
        `${ORDERS.join(', ')}: repeat the order of InVEST’s queues where results depend on it (sdr, ndr), or free of any order`,
      ).default('invest'),
    )
    .action(async (name: string, file: string, flags: Flags) => {
      process.exitCode = await inSession(flags, async (session) => {
        const { platform, console, overwrite } = session;
        const order = oneOf('--order', flags.order, ORDERS);
        const { workspace, intermediates } = flags;
        const request = { invest: investModel(name), file, workspace, intermediates, order, overwrite };
        const run = await runInvest(request, platform, {
          ...session,
          log: console.log,
          progress: console.progress,
        });
        console.result(summaryOf(run), run);
        return 0;
      });
    });
}

function summaryOf({ workspace, rasters, tables, seconds }: InvestRun): string {
  const files = [...Object.keys(rasters), ...Object.keys(tables)];
  return `Wrote ${files.join(', ')} in ${workspace} in ${seconds.toFixed(1)} s.`;
}
