/** The verification of a run that has ended. */
import type { FieldReader } from '../engine/run.ts';
import { openDeviceOn } from './device.ts';
import type { Platform } from './platform.ts';
import type { PlannedProject, RunOptions } from './run-project.ts';
import { budgetFor } from './run-to-files.ts';
import { type Verification, verifyGraph } from './verify.ts';

/** On the device of the run; where that is the CPU, on any adapter there is, so that something is compared. */
export async function verifyRun(
  planned: PlannedProject,
  readers: ReadonlyMap<string, FieldReader>,
  platform: Platform,
  options: RunOptions,
): Promise<Verification | undefined> {
  const { analysis, device } = planned;
  const own = device.kind !== 'cpu';
  const other = own
    ? device
    : await openDeviceOn(platform, {
        anyAdapter: true,
        choice: 'auto',
        deviceMemory: options.deviceMemory,
      });
  if (other.kind === 'cpu') {
    options.log?.('There is no WebGPU device to verify: what ran is the reference itself.');
    return undefined;
  }
  if (!own) options.log?.(`Verifying on ${other.executor.name}.`);
  try {
    const budget = own ? planned.budget : budgetFor(other, planned.budget);
    return await verifyGraph(analysis.graph, readers, other, platform, { budget, signal: options.signal });
  } finally {
    if (!own) await other.close();
  }
}
