import type { Command } from 'commander';
import { ERROR_CODES } from '../../core/errors.ts';
import { filling } from '../../pipeline/platform.ts';
import { readProject } from '../../pipeline/project-file.ts';
import { runProject } from '../../pipeline/run-project.ts';
import { writeSampleProject } from '../../pipeline/sample-project.ts';
import { SAMPLE_SERVICES } from '../../pipeline/sample-text.ts';
import { addCommonOptions, type CommonFlags, positiveInteger } from '../options.ts';
import { inSession } from '../session.ts';
import { summaryJson, summaryOf } from '../summary.ts';

interface Flags extends CommonFlags {
  readonly out: string;
  readonly size: string;
  readonly seed: string;
}

/** Sample region → full analysis → report, verified where there is any WebGPU device. */
export function addDemo(program: Command): void {
  const command = program
    .command('demo')
    .description('make a sample region, run the whole analysis on it and write a report');
  addCommonOptions(command)
    .option('--out <dir>', 'folder to write', 'demo-out')
    .option('--size <cells>', 'cells along an edge of the region', '512')
    .option('--seed <number>', 'another number makes another region', '1')
    .action(async (flags: Flags) => {
      process.exitCode = await inSession(flags, async (session) => {
        const { platform, console, signal, overwrite } = session;
        const options = {
          size: positiveInteger('--size', flags.size),
          seed: positiveInteger('--seed', flags.seed),
          signal,
        };
        const folder = await platform.beginFolder(flags.out, { overwrite });
        return await filling(folder, async () => {
          console.log(`Making a sample region of ${options.size} × ${options.size} cells.`);
          const name = await writeSampleProject(folder, 'region', platform, {
            ...options,
            services: SAMPLE_SERVICES,
          });
          const path = `${folder.path}/${name}`;
          const file = readProject(path, await platform.readText(path));
          const run = await runProject(file, platform, {
            ...session,
            out: flags.out,
            folder,
            verify: true,
            log: console.log,
            progress: console.progress,
          });
          console.result(summaryOf(run), summaryJson(run));
          return run.verification?.passed === false ? ERROR_CODES.VerificationFailed.exit : 0;
        });
      });
    });
}
