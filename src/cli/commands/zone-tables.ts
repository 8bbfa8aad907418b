import type { Command } from 'commander';
import { COUPLING, type CouplingRequest, runCoupling } from '../../pipeline/zone-table/coupling.ts';
import { runWeights, WEIGHTS, type WeightsRequest } from '../../pipeline/zone-table/weights.ts';
import { addCommonOptions, type CommonFlags } from '../options.ts';
import { addParams } from '../process-options.ts';
import { inSession, type Session } from '../session.ts';

/** Processes on tables of zones: entropy weights, coupling coordination. */
export function addZoneTables(program: Command): void {
  addOne<WeightsRequest>(program, WEIGHTS, runWeights);
  addOne<CouplingRequest>(program, COUPLING, runCoupling);
}

interface TableRun {
  readonly out: string;
  readonly files: readonly string[];
  readonly zones: number;
}

function addOne<R>(
  program: Command,
  description: typeof WEIGHTS,
  run: (request: R, platform: Session['platform'], options: { log?: (line: string) => void }) => Promise<TableRun>,
): void {
  const command = program
    .command(description.id)
    .description(description.about)
    .option('--table <file>', description.inputs.table.about);
  addParams(command, description);
  addCommonOptions(command)
    .option('--out <dir>', 'folder to write', 'out')
    .action(async (flags: CommonFlags & R) => {
      process.exitCode = await inSession(flags, async ({ platform, console, overwrite }) => {
        const result = await run({ ...flags, overwrite }, platform, { log: console.log });
        const files = result.files.map((file) => `${result.out}/${file}`).join(', ');
        console.result(`Wrote ${files} with ${result.zones} zones.`, result);
        return 0;
      });
    });
}
