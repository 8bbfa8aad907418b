import type { Command } from 'commander';
import { EcofluxError, ERROR_CODES } from '../../core/errors.ts';
import { buildAnalysis } from '../../pipeline/analysis.ts';
import { openDeviceOn } from '../../pipeline/device.ts';
import { prepareProject } from '../../pipeline/prepare.ts';
import { readProject } from '../../pipeline/project-file.ts';
import { readersOf } from '../../pipeline/run-project.ts';
import { budgetFor, memoryOf } from '../../pipeline/run-to-files.ts';
import { verifyGraph } from '../../pipeline/verify.ts';
import { addCommonOptions, type CommonFlags } from '../options.ts';
import { inSession } from '../session.ts';
import { tableOf } from '../summary.ts';

/** Device against CPU reference, stage by stage; exit 5 beyond tolerance. */
export function addVerify(program: Command): void {
  const command = program
    .command('verify')
    .argument('<project>', 'project file')
    .description('compare the device with the float64 reference, stage by stage');
  addCommonOptions(command).action(async (project: string, flags: CommonFlags) => {
    process.exitCode = await inSession(
      flags,
      async ({ platform, console, device: choice, memory, deviceMemory, tile, signal }) => {
        const file = readProject(project, await platform.readText(project));
        const prepared = await prepareProject(file, platform);
        const analysis = buildAnalysis(prepared);
        const device = await openDeviceOn(platform, { choice, deviceMemory, anyAdapter: true });
        try {
          if (device.kind === 'cpu' && choice === 'auto')
            throw new EcofluxError('NoDevice', 'there is no WebGPU device to verify', {
              fix: 'install a Vulkan driver (Debian and Ubuntu: mesa-vulkan-drivers), or compare the tiled CPU run with the reference: --device cpu',
            });
          console.log(device.sentence);
          const budget = budgetFor(device, memoryOf(platform, { memory, deviceMemory, tile }));
          const { rows, passed, share } = await verifyGraph(
            analysis.graph,
            readersOf(prepared, analysis, platform),
            device,
            platform,
            { budget, signal },
          );
          const table = tableOf([
            ['', 'stage', 'output', 'cells', 'max abs', 'max rel', 'nodata differs', 'worst cell'],
            ...rows.map((row) => [
              row.passed ? 'ok' : 'FAIL',
              row.stage,
              row.output,
              String(row.cells),
              row.maxAbsolute.toPrecision(3),
              row.maxRelative.toPrecision(3),
              String(row.nodataDisagreements),
              row.worst && row.maxAbsolute > 0
                ? `row ${row.worst.row}, column ${row.worst.column}: ${row.worst.device} against ${row.worst.reference}`
                : '',
            ]),
          ]);
          const verdict = `${passed ? 'Verified' : 'NOT VERIFIED'} on ${device.executor.name}: ${rows.filter((row) => row.passed).length} of ${rows.length} stages within tolerance, ${(100 * share).toPrecision(3)} % of the cells compared.`;
          console.result(`${table}\n\n${verdict}`, { passed, share, device: device.executor.name, rows });
          return passed ? 0 : ERROR_CODES.VerificationFailed.exit;
        } finally {
          await device.close();
        }
      },
    );
  });
}
