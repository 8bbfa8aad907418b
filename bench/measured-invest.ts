/** One run of a model of InVEST in a process of its own, as `ecoflux invest` would do it. This file is also that process. */
import type { DeviceChoice } from '#ecoflux/gpu/choose.js';
import { nodePlatform } from '#ecoflux/node/platform.js';
import { investModel } from '#ecoflux/pipeline/invest/models.js';
import { type Order, runInvest } from '#ecoflux/pipeline/invest/run-invest.js';
import { answering, inProcess, spentHere } from './child.ts';

export interface InvestRequest {
  readonly model: string;
  /** The argument file. */
  readonly file: string;
  readonly workspace: string;
  readonly order: Order;
  readonly device: DeviceChoice;
  readonly memory?: number;
  readonly scratch?: string;
  readonly tile?: number;
}

export interface InvestMeasure {
  /** Arguments, planning, reading, computing, writing, tables; without the start of the process. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Most memory resident at one time. */
  readonly peakMB: number;
  readonly device: string;
  /** Of the rasters that were written. */
  readonly bytes: number;
  /** Milliseconds that the workers spent on each task. */
  readonly busy: Readonly<Record<string, number>>;
}

export function measureInvest(request: InvestRequest, signal?: AbortSignal): Promise<InvestMeasure> {
  return inProcess(import.meta.url, request, signal);
}

await answering(import.meta.url, async (request: InvestRequest): Promise<InvestMeasure> => {
  const { model, file, workspace, order, device, memory, scratch, tile } = request;
  const platform = nodePlatform({ scratch });
  const { seconds, rasters, ...run } = await runInvest(
    { invest: investModel(model), file, workspace, order, overwrite: true },
    platform,
    { device, memory, tile },
  );
  return {
    seconds,
    ...spentHere(),
    device: run.device,
    bytes: Object.values(rasters).reduce((sum, { bytes }) => sum + bytes, 0),
    busy: Object.fromEntries(platform.pool.busy ?? []),
  };
});
