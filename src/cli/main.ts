/** The `ecoflux` command: one file per command in commands/, and one command per process from the models themselves. */
import { Command, CommanderError } from 'commander';
import { ERROR_CODES } from '../core/errors.ts';
import { version } from '../node/platform.ts';
import { addBench } from './commands/bench.ts';
import { addBreaks } from './commands/breaks.ts';
import { addBundles } from './commands/bundles.ts';
import { addDemo } from './commands/demo.ts';
import { addHabitatQuality } from './commands/habitat-quality.ts';
import { addInfo } from './commands/info.ts';
import { addInit } from './commands/init.ts';
import { addInvest } from './commands/invest.ts';
import { addPlan } from './commands/plan.ts';
import { addProcessCommands } from './commands/process.ts';
import { addProcesses } from './commands/processes.ts';
import { addQuadrants } from './commands/quadrants.ts';
import { addRun } from './commands/run.ts';
import { addValidate } from './commands/validate.ts';
import { addVerify } from './commands/verify.ts';
import { addZonal } from './commands/zonal.ts';
import { addZoneTables } from './commands/zone-tables.ts';
import { report } from './session.ts';

const program = new Command('ecoflux')
  .description('Supply, demand and balance of ecosystem services on very large rasters')
  .version(version())
  .showHelpAfterError('(ecoflux --help lists the commands and options)')
  .exitOverride();
for (const add of [
  addDemo,
  addInit,
  addValidate,
  addPlan,
  addRun,
  addVerify,
  addInvest,
  addProcesses,
  addInfo,
  addBench,
  addProcessCommands,
  addHabitatQuality,
  addZonal,
  addBundles,
  addBreaks,
  addZoneTables,
  addQuadrants,
])
  add(program);

try {
  await program.parseAsync([...process.argv.slice(0, 2), ...process.argv.slice(2).map(hyphenated)]);
} catch (error) {
  // Commander has said what is wrong by itself; help and version are no mistakes.
  process.exitCode =
    error instanceof CommanderError
      ? error.exitCode === 0
        ? 0
        : ERROR_CODES.InvalidConfiguration.exit
      : report(error, false);
}
// Worker threads and a device that is still closing must not hold the process.
process.exit();

/** Options may be written with _ or with -. */
function hyphenated(argument: string): string {
  if (!argument.startsWith('--')) return argument;
  const [name, ...value] = argument.split('=');
  return [name.replaceAll('_', '-'), ...value].join('=');
}
