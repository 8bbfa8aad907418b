import type { Command } from 'commander';
import type { Plan } from '../../engine/plan.ts';
import { preflightJson } from '../../pipeline/preflight/preflight.ts';
import { addCommonOptions, type CommonFlags } from '../options.ts';
import { withPreflight } from '../preflight-session.ts';
import { findingsText, layersTable, resourceLines, verdict } from '../preflight-words.ts';
import { inSession } from '../session.ts';

/** Grid, alignment, checks, stages, tiles, memory, disk and time; nothing is run. */
export function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .argument('<project>', 'project file')
    .description('say what a run would do, and what it would need');
  addCommonOptions(command).action(async (project: string, flags: CommonFlags) => {
    process.exitCode = await inSession(flags, (session) =>
      withPreflight(project, session, (result) => {
        const { prepared, plan, device, resources, analysis, layers, findings } = result;
        const text = [
          ...(device ? [device] : []),
          ...prepared.log,
          '',
          layersTable(layers),
          ...findingsText(findings, ['warning', 'note']),
          '',
          ...(resources ? resourceLines(resources) : []),
          `Files: ${analysis.outputs.length} rasters`,
          ...(plan ? stageLines(plan) : []),
          '',
          verdict(project, result),
        ];
        session.console.result(text.join('\n'), { ...preflightJson(result), ...plan });
      }),
    );
  });
}

function stageLines({ passes }: Plan): string[] {
  return passes.flatMap(({ index, reads, halo, sinks, keeps, solved, nodes, merges, solves }) => [
    `Pass ${index + 1}: reads ${reads.length} fields${halo > 0 ? ` with ${halo} cells around` : ''}, writes ${sinks.length} files, keeps ${keeps.length + solved.length} fields`,
    ...nodes.map(({ name, model, entry }) => `  ${name}  (${model}/${entry})`),
    ...merges.map(({ name }) => `  ${name}  (merged)`),
    ...solves.map(({ name, solver }) => `  ${name}  (${solver}, over the whole grid)`),
  ]);
}
