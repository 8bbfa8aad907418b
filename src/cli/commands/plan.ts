import type { Command } from 'commander';
import { describeGrid } from '../../core/grid.ts';
import { readProject } from '../../pipeline/project-file.ts';
import { planProject } from '../../pipeline/run-project.ts';
import { addCommonOptions, type CommonFlags } from '../options.ts';
import { inSession } from '../session.ts';

/** Grid, alignment, stages, tiles, memory, disk and time; nothing is run. */
export function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .argument('<project>', 'project file')
    .description('say what a run would do, and what it would need');
  addCommonOptions(command).action(async (project: string, flags: CommonFlags) => {
    process.exitCode = await inSession(flags, async (session) => {
      const { platform, console } = session;
      const file = readProject(project, await platform.readText(project));
      const { prepared, plan, device, analysis } = await planProject(file, platform, {
        ...session,
        progress: undefined,
      });
      await device.close();
      const { tiling } = plan;
      const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
      const written = analysis.outputs.length * prepared.grid.width * prepared.grid.height * 4;
      const lines = [
        device.sentence,
        `Grid: ${describeGrid(prepared.grid)}`,
        ...prepared.log.map((line) => `Layer ${line}`),
        `Tiles: ${tiling.count} of ${tiling.tileWidth} × ${tiling.tileHeight} cells, ${plan.inFlight} under way at once`,
        `Memory: ${megabytes(plan.hostBytes)} on the host, ${megabytes(plan.deviceBytes)} on the device, ${megabytes(plan.scratchBytes)} of scratch files`,
        `Files: ${analysis.outputs.length} rasters, at most ${megabytes((written * 4) / 3)}`,
        `Time: about ${Math.ceil(plan.seconds)} s`,
        ...plan.passes.flatMap((pass) => [
          `Pass ${pass.index + 1}: reads ${pass.reads.length} fields${pass.halo > 0 ? ` with ${pass.halo} cells around` : ''}, writes ${pass.sinks.length} files, keeps ${pass.keeps.length} fields`,
          ...pass.nodes.map(({ name, model, entry }) => `  ${name}  (${model}/${entry})`),
          ...pass.merges.map(({ name }) => `  ${name}  (merged)`),
        ]),
      ];
      console.result(lines.join('\n'), {
        device: device.sentence,
        grid: describeGrid(prepared.grid),
        layers: prepared.log,
        ...plan,
      });
      return 0;
    });
  });
}
