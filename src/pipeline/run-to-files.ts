/** Runs a plan whose results become rasters: a writer for each, all finished or none. Shared by projects and single processes. */

import { allOf } from '../engine/all-of.ts';
import type { Graph } from '../engine/graph.ts';
import type { OpenDevice } from '../engine/open-device.ts';
import type { Budget, Plan } from '../engine/plan.ts';
import { type FieldReader, type FieldWriter, type RunProgress, type RunSummary, runPlan } from '../engine/run.ts';
import { DEVICE_MEMORY } from '../gpu/gpu.ts';
import {
  createRasterWriter,
  type RasterDescription,
  type RasterWriter,
  type WrittenRaster,
} from '../io/raster-writer.ts';
import type { OutputFolder, Platform } from './platform.ts';

export interface OutputFile {
  /** Name without .tif. */
  readonly id: string;
  readonly field: string;
  readonly description: RasterDescription;
}

export interface ToFiles {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly budget: Budget;
  readonly device: OpenDevice;
  readonly readers: ReadonlyMap<string, FieldReader>;
  readonly outputs: readonly OutputFile[];
  readonly folder: OutputFolder;
  readonly platform: Platform;
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
  readonly progress?: (progress: RunProgress) => void;
}

export interface MemoryWish {
  readonly memory?: number;
  readonly deviceMemory?: number;
  readonly tile?: number;
}

/** Bytes of host and device memory, with the defaults of what the user did not say. */
export function memoryOf(platform: Platform, { memory, deviceMemory = DEVICE_MEMORY, tile }: MemoryWish): Budget {
  return { host: memory ?? platform.defaultMemory, device: deviceMemory, tile };
}

/** Half of each budget of a software device: what it takes, the host has not. */
export function budgetFor({ kind }: Pick<OpenDevice, 'kind'>, budget: Budget): Budget {
  if (kind !== 'software') return budget;
  return { ...budget, host: budget.host / 2, device: Math.min(budget.device, budget.host / 2) };
}

/** @throws EcofluxError; then the writers have left nothing, and the folder is still the caller's to abort */
export async function runToFiles({
  graph,
  plan,
  budget,
  device,
  readers,
  outputs,
  folder,
  platform,
  ...options
}: ToFiles): Promise<{ summary: RunSummary; written: ReadonlyMap<string, WrittenRaster> }> {
  const writers = new Map<OutputFile, RasterWriter>();
  try {
    for (const output of outputs) {
      const target = await folder.target(`${output.id}.tif`);
      const writer = await createRasterWriter(target, output.description, {
        pool: platform.pool,
        signal: options.signal,
      });
      writers.set(output, writer);
    }
    const summary = await runPlan(graph, plan, {
      executor: device.executor,
      replaceExecutor: device.replace,
      readers,
      writers: byField(writers),
      budget,
      openScratch: platform.openScratch,
      ...options,
    });
    const written = new Map<string, WrittenRaster>();
    await allOf([...writers].map(async ([{ id }, writer]) => written.set(id, await writer.finish())));
    return { summary, written };
  } catch (error) {
    await Promise.all([...writers.values()].map((writer) => writer.abort()));
    throw error;
  }
}

/** One field may be more than one file: the supply of two services. */
function byField(writers: ReadonlyMap<OutputFile, RasterWriter>): Map<string, FieldWriter> {
  const targets = new Map<string, RasterWriter[]>();
  for (const [{ field }, writer] of writers) targets.set(field, [...(targets.get(field) ?? []), writer]);
  return new Map(
    [...targets].map(([field, [first, ...others]]): [string, FieldWriter] => [
      field,
      {
        async write(window, plane) {
          for (const writer of others) await writer.write(window, plane.slice());
          await first.write(window, plane);
        },
      },
    ]),
  );
}
