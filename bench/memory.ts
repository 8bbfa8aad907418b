/**
 * A large run under a small memory budget: the most it ever holds is measured from outside, and its files have to be, byte for byte, those of a
 * run that may use what it likes.
 */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EcofluxError } from '#ecoflux/core/errors.js';
import type { Bench } from './bench.ts';
import { yieldInputs } from './inputs.ts';
import { describeMachine, machineLine } from './machine.ts';
import { measureRun, type RunMeasure } from './measured-run.ts';
import { tableLines } from './timing.ts';

const SIZE = 8192;
const BUDGET = 512e6;
/** Node, worker threads and their heaps, Dawn and a software driver's compiler come on top of the budget. */
const LIMIT_MB = 1024;
const OUTPUTS = ['fractp', 'aet', 'wyield'];

export const memory: Bench = async (options) => {
  const { platform, log, size = SIZE, device, scratch, signal } = options;
  const budget = options.memory ?? BUDGET;
  const machine = await describeMachine(platform);
  log(`annual water yield, ${size} × ${size} cells, under ${budget / 1e6} MB; ${machineLine(machine)}`);
  const inputs = await yieldInputs(size, options);
  const out = join(scratch ?? tmpdir(), `ecoflux-bench-out-${process.pid}`);
  try {
    const runs: Record<string, RunMeasure> = {};
    const hashes: Record<string, readonly string[]> = {};
    for (const [name, allowed] of [
      ['under the budget', budget],
      ['unconstrained', undefined],
    ] as const) {
      runs[name] = await measureRun({ inputs, out, device, scratch, memory: allowed }, signal);
      hashes[name] = await Promise.all(OUTPUTS.map((output) => platform.sha256(join(out, `${output}.tif`))));
    }
    const rows = Object.entries(runs).map(([name, { peakMB, seconds }]) => [
      name,
      peakMB.toFixed(0),
      seconds.toFixed(1),
    ]);
    for (const line of tableLines([['run', 'most MB resident', 's'], ...rows])) log(line);
    const same = String(hashes['under the budget']) === String(hashes.unconstrained);
    const { peakMB } = runs['under the budget'];
    log(
      `the files are ${same ? 'the same' : 'NOT the same'}, the memory is ${peakMB < LIMIT_MB ? 'below' : 'NOT below'} ${LIMIT_MB} MB`,
    );
    if (!same)
      throw new EcofluxError('VerificationFailed', 'the files depend on the memory budget', {
        found: JSON.stringify(hashes),
      });
    if (size >= SIZE && peakMB >= LIMIT_MB)
      throw new EcofluxError('VerificationFailed', 'a run uses more memory than it may', {
        found: `${peakMB.toFixed(0)} MB`,
        expected: `below ${LIMIT_MB} MB with --memory ${budget / 1e6}MB`,
      });
    return {
      size,
      budget,
      machine,
      runs,
      sha256: Object.fromEntries(OUTPUTS.map((output, i) => [output, hashes.unconstrained[i]])),
    };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
};
