/** Zonal statistics by the library in a process of their own, from the two files to the numbers. */
import { polygonsOf } from '#ecoflux/io/vector/polygons-of.js';
import { readVector } from '#ecoflux/io/vector/read.js';
import { wakeWorkers, type ZoneStatistics, zonalStatistics } from '#ecoflux/io/zonal/statistics.js';
import { zoneCells } from '#ecoflux/io/zonal/zone-cells.js';
import { nodePlatform } from '#ecoflux/node/platform.js';
import { describeFile } from '#ecoflux/pipeline/layers.js';
import { answering, inProcess, spentHere } from './child.ts';

export interface ZonalMeasureRequest {
  readonly values: string;
  readonly zones: string;
  readonly quantiles: readonly number[];
}

export interface ZonalMeasure {
  readonly seconds: number;
  /** Reading and rasterising the polygons. */
  readonly zonesSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMB: number;
  readonly statistics: readonly ZoneStatistics[];
}

export function measureZonal(request: ZonalMeasureRequest, signal?: AbortSignal): Promise<ZonalMeasure> {
  return inProcess(import.meta.url, request, signal);
}

await answering(import.meta.url, async ({ values, zones, quantiles }: ZonalMeasureRequest): Promise<ZonalMeasure> => {
  const { pool, openSource, ...platform } = nodePlatform();
  const start = performance.now();
  const { grid } = await describeFile({ ...platform, pool, openSource }, values);
  void wakeWorkers(pool); // as the process does
  const layer = await readVector(zones, { openSource });
  const cells = zoneCells(await polygonsOf(layer, grid.crs), grid);
  const rasterised = performance.now();
  const sources = [{ file: values, mapping: { type: 'f32' as const } }];
  const [statistics] = await zonalStatistics({ grid, zones: cells, sources, quantiles, pool });
  const seconds = (performance.now() - start) / 1000;
  return { seconds, zonesSeconds: (rasterised - start) / 1000, ...spentHere(), statistics };
});
