/**
 * One run of annual water yield in a process of its own, as `ecoflux annual_water_yield` would do it: what it costs in time, processor
 * time and memory is then that of the run and of nothing else. This file is also that process.
 */
import { availableParallelism } from 'node:os';
import type { RunTimings } from '#ecoflux/engine/run.js';
import type { DeviceChoice } from '#ecoflux/gpu/choose.js';
import { entry } from '#ecoflux/models/annual_water_yield/reference.js';
import { nodePlatform } from '#ecoflux/node/platform.js';
import { runProcess } from '#ecoflux/pipeline/run-process.js';
import { answering, inProcess, spentHere } from './child.ts';
import type { YieldInputs } from './inputs.ts';

export interface RunRequest {
  readonly inputs: YieldInputs;
  readonly out: string;
  readonly device: DeviceChoice;
  readonly memory?: number;
  readonly scratch?: string;
  readonly tile?: number;
  readonly writing?: { readonly level?: number; readonly overviews?: boolean };
}

export interface RunMeasure {
  /** Of the run: device, planning, reading, computing, writing; without the start of the process. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Most memory resident at one time. */
  readonly peakMB: number;
  readonly device: string;
  readonly timings: Omit<RunTimings, 'stages'> & { readonly stages: readonly (readonly [string, number])[] };
  /** Milliseconds that the workers spent on each task. */
  readonly busy: Readonly<Record<string, number>>;
  readonly workers: number;
  readonly bytes: number;
}

export function measureRun(request: RunRequest, signal?: AbortSignal): Promise<RunMeasure> {
  return inProcess(import.meta.url, request, signal);
}

await answering(import.meta.url, async (request: RunRequest): Promise<RunMeasure> => {
  const { inputs, out, device, scratch, memory, tile, writing } = request;
  const platform = nodePlatform({ scratch });
  const { rasters, biophysical } = inputs;
  const run = await runProcess(
    { model: entry.model, inputs: rasters, tables: { biophysical }, params: {}, out, overwrite: true, writing },
    platform,
    { device, memory, tile },
  );
  return {
    seconds: run.seconds,
    ...spentHere(),
    device: run.device,
    timings: { ...run.timings, stages: [...(run.timings.stages ?? [])] },
    busy: Object.fromEntries(platform.pool.busy ?? []),
    workers: availableParallelism(),
    bytes: Object.values(run.outputs).reduce((sum, { bytes }) => sum + bytes, 0),
  };
});
