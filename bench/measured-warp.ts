/**
 * One warp of one raster: by the worker threads into a file or into nothing, or for a device, by either, into a reduction there. This file is
 * also the process that does it.
 */
import { availableParallelism } from 'node:os';
import { NODATA } from '#ecoflux/core/cells.js';
import type { Grid } from '#ecoflux/core/grid.js';
import { tilesOf, tilingOf } from '#ecoflux/core/tiles.js';
import type { Resampling } from '#ecoflux/core/warp.js';
import { gpuExecutor } from '#ecoflux/engine/gpu-executor.js';
import { GraphBuilder } from '#ecoflux/engine/graph-builder.js';
import { openDevice } from '#ecoflux/engine/open-device.js';
import { planGraph } from '#ecoflux/engine/plan.js';
import { runPlan } from '#ecoflux/engine/run.js';
import { chooseAdapter, type DeviceChoice } from '#ecoflux/gpu/choose.js';
import { Gpu } from '#ecoflux/gpu/gpu.js';
import { openRaster, type RasterInfo } from '#ecoflux/io/raster.js';
import { warpBetween } from '#ecoflux/io/warp/index.js';
import { statistics } from '#ecoflux/models/statistics/spec.js';
import { fileSource } from '#ecoflux/node/files.js';
import { nodePlatform } from '#ecoflux/node/platform.js';
import { fileReader } from '#ecoflux/pipeline/readers.js';
import { memoryOf, runToFiles } from '#ecoflux/pipeline/run-to-files.js';
import { warpHint } from '#ecoflux/pipeline/warp-reader.js';
import { answering, inProcess, spentHere } from './child.ts';

export interface WarpRequest {
  readonly source: string;
  readonly target: Grid;
  readonly method: Resampling;
  /** Folder for `warped.tif`; without it planes are made and thrown away, or go to the device. */
  readonly out?: string;
  /** Where the range of the result is found, with who brings it to the grid. */
  readonly device?: { readonly choice: DeviceChoice; readonly warps: boolean };
  /** Of deflate; our own default when absent. */
  readonly level?: number;
  readonly scratch?: string;
  readonly memory?: number;
}

export interface WarpMeasure {
  /** Opening, planning, reading, warping, writing; without the start of the process. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMB: number;
  /** Milliseconds that the workers spent on each task. */
  readonly busy: Readonly<Record<string, number>>;
  readonly workers: number;
}

const TILE = 1024;

export function measureWarp(request: WarpRequest, signal?: AbortSignal): Promise<WarpMeasure> {
  return inProcess(import.meta.url, request, signal);
}

await answering(import.meta.url, async (request: WarpRequest): Promise<WarpMeasure> => {
  const started = performance.now();
  const platform = nodePlatform({ scratch: request.scratch });
  const { source, target, method, out, device } = request;
  const { grid } = await rasterOf(source);
  const resampling = await warpBetween(grid, target, { method });
  const reader = fileReader({ path: source, mapping: { type: 'f32', resampling } }, platform.pool);
  if (device) await toRange(request, platform, reader, warpHint(resampling), device);
  else if (out === undefined) {
    const tiles = tilesOf(tilingOf(target, TILE));
    const lane = async () => {
      for (const tile of tiles) await reader.read(tile);
    };
    await Promise.all(Array.from({ length: platform.pool.size + 1 }, lane));
  } else await toFile(request, platform, reader, out);
  const seconds = (performance.now() - started) / 1000;
  return {
    seconds,
    ...spentHere(),
    busy: Object.fromEntries(platform.pool.busy ?? []),
    workers: availableParallelism(),
  };
});

async function toFile(
  { target, level, memory }: WarpRequest,
  platform: ReturnType<typeof nodePlatform>,
  reader: ReturnType<typeof fileReader>,
  out: string,
): Promise<void> {
  const builder = new GraphBuilder(target);
  builder.sink(builder.source('warped', 'f32', { blockWidth: 512, blockHeight: 512, sourceCellsPerCell: 1.5 }));
  const graph = builder.build();
  const budget = memoryOf(platform, { memory });
  const device = await openDevice({ choice: 'cpu', pool: platform.pool });
  const plan = planGraph(graph, device.place, budget, { cores: platform.pool.size });
  const folder = await platform.beginFolder(out, { overwrite: true });
  const description = { grid: target, sampleType: 'f32', nodata: NODATA, kind: 'quantity', overviews: false } as const;
  await runToFiles({
    graph,
    plan,
    budget,
    device,
    readers: new Map([['warped', reader]]),
    outputs: [{ id: 'warped', field: 'warped', description: { ...description, level } }],
    folder,
    platform,
  });
  await folder.commit();
}

/** Nothing comes back but one record. */
async function toRange(
  { target, memory }: WarpRequest,
  platform: ReturnType<typeof nodePlatform>,
  reader: ReturnType<typeof fileReader>,
  hint: ReturnType<typeof warpHint>,
  { choice, warps }: NonNullable<WarpRequest['device']>,
): Promise<void> {
  const provider = (await platform.provider())!;
  const { adapter } = await chooseAdapter(provider, choice);
  const gpu = await Gpu.open(provider, adapter!);
  const executor = gpuExecutor(gpu, { warps });
  const builder = new GraphBuilder(target);
  builder.range('range', statistics, [builder.source('warped', 'f32', { blockWidth: 512, blockHeight: 512, ...hint })]);
  const graph = builder.build();
  const budget = memoryOf(platform, { memory });
  const place = { kind: 'gpu', maxBinding: gpu.limits.maxStorageBufferBindingSize, lanes: 1, warps } as const;
  const plan = planGraph(graph, place, budget, { cores: platform.pool.size });
  const readers = new Map([['warped', reader]]);
  await runPlan(graph, plan, { executor, readers, writers: new Map(), budget, openScratch: platform.openScratch });
  await executor.close();
}

async function rasterOf(path: string): Promise<RasterInfo> {
  const source = await fileSource(path);
  const raster = await openRaster(source);
  await raster.close();
  return raster.info;
}
