import type { Command } from 'commander';
import { describeGrid } from '../../core/grid.ts';
import { buildAnalysis } from '../../pipeline/analysis.ts';
import { prepareProject } from '../../pipeline/prepare.ts';
import { readProject } from '../../pipeline/project-file.ts';
import { addCommonOptions, type CommonFlags } from '../options.ts';
import { inSession } from '../session.ts';

/** Every check that needs no long computation; all problems at once, exit 2. */
export function addValidate(program: Command): void {
  const command = program
    .command('validate')
    .argument('<project>', 'project file')
    .description('check a project file and the files it names');
  addCommonOptions(command).action(async (project: string, flags: CommonFlags) => {
    process.exitCode = await inSession(flags, async ({ platform, console }) => {
      const file = readProject(project, await platform.readText(project));
      const prepared = await prepareProject(file, platform);
      const { outputs } = buildAnalysis(prepared);
      for (const line of prepared.log) console.log(line);
      const grid = describeGrid(prepared.grid);
      console.result(`${project} is in order: ${outputs.length} maps on ${grid}.`, {
        valid: true,
        grid,
        outputs: outputs.map(({ id }) => id),
        layers: prepared.log,
      });
      return 0;
    });
  });
}
