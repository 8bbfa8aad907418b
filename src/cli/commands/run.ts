import type { Command } from 'commander';
import { ERROR_CODES } from '../../core/errors.ts';
import { readProject } from '../../pipeline/project-file.ts';
import { runProject } from '../../pipeline/run-project.ts';
import { readStages, STAGES } from '../../pipeline/steps/stages.ts';
import { addCommonOptions, addResumeOption, type CommonFlags } from '../options.ts';
import { inSession } from '../session.ts';
import { summaryJson, summaryOf } from '../summary.ts';

interface Flags extends CommonFlags {
  readonly out?: string;
  readonly only?: string;
  readonly verify?: boolean;
}

/** The analysis. */
export function addRun(program: Command): void {
  const command = program
    .command('run')
    .argument('<project>', 'project file')
    .description('run the analysis of a project');
  addResumeOption(addCommonOptions(command))
    .option('--out <dir>', 'folder to write, instead of output.dir of the project')
    .option('--only <stages>', `write only these stages, with commas between: ${STAGES.join(', ')}`)
    .option('--verify', 'compare the device with the float64 reference')
    .action(async (project: string, flags: Flags) => {
      process.exitCode = await inSession(flags, async (session) => {
        const { platform, console } = session;
        const file = readProject(project, await platform.readText(project));
        const out = flags.out ?? platform.relativeTo(project, file.project.output.dir);
        const run = await runProject(file, platform, {
          ...session,
          out,
          only: flags.only === undefined ? undefined : readStages(flags.only),
          verify: flags.verify,
          log: console.log,
          progress: console.progress,
        });
        console.result(summaryOf(run), summaryJson(run));
        return run.verification?.passed === false ? ERROR_CODES.VerificationFailed.exit : 0;
      });
    });
}
