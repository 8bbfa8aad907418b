import type { Command } from 'commander';
import { preflightJson } from '../../pipeline/preflight/preflight.ts';
import { addCommonOptions, type CommonFlags } from '../options.ts';
import { withPreflight } from '../preflight-session.ts';
import { findingsText, layersTable, verdict } from '../preflight-words.ts';
import { inSession } from '../session.ts';

/** Every check that needs no long computation; all problems at once, exit 2. */
export function addValidate(program: Command): void {
  const command = program
    .command('validate')
    .argument('<project>', 'project file')
    .description('check a project file and the files it names');
  addCommonOptions(command).action(async (project: string, flags: CommonFlags) => {
    process.exitCode = await inSession(flags, (session) =>
      withPreflight(project, session, (result) => {
        for (const line of result.prepared.log) session.console.log(line);
        const text = [
          layersTable(result.layers),
          ...findingsText(result.findings, ['warning', 'note']),
          '',
          verdict(project, result),
        ];
        session.console.result(text.join('\n'), preflightJson(result));
      }),
    );
  });
}
