/** The process `quadrants`: means and deviations of supply and demand over the cells that have both, then the model; of zones the same by their means. */
import { EcofluxError, throwAll } from '../../core/errors.ts';
import { type ZoneStatistics, zonalStatistics } from '../../io/zonal/statistics.ts';
import { quadrants } from '../../models/quadrants/spec.ts';
import { openSamples } from '../../solvers/som/open-samples.ts';
import { QUADRANTS as NAMES, quadrantOf, zScores } from '../../statistics/normalise.ts';
import type { Alignment } from '../layers.ts';
import { bindRasters, tilesFor } from '../own-rasters.ts';
import type { OutputFolder, Platform } from '../platform.ts';
import type { ProcessRun } from '../process-request.ts';
import { fileReader } from '../readers.ts';
import { runProcess } from '../run-process.ts';
import type { RunOptions } from '../run-project.ts';
import { readZones } from '../zonal/zones.ts';
import { type ResultColumn, writeZoneResult } from '../zone-table/write.ts';

export interface QuadrantsRequest {
  readonly supply?: string;
  readonly demand?: string;
  /** Polygons, or a raster of zone numbers. */
  readonly zones?: string;
  /** Field that names the polygons. */
  readonly id?: string;
  readonly out: string;
  readonly overwrite?: boolean;
  readonly align?: Alignment;
}

export interface QuadrantsRun extends ProcessRun {
  readonly files: readonly string[];
}

/** @throws EcofluxError; then nothing is left of the output folder */
export async function runQuadrants(
  request: QuadrantsRequest,
  platform: Platform,
  options: RunOptions,
): Promise<QuadrantsRun> {
  const { supply, demand } = checked(request);
  const inputs = { supply, demand };
  const { layers, grid } = await bindRasters('quadrants', inputs, request.align, platform);
  const bound = ['supply', 'demand'].map((name) => layers.get(name)!);
  const readers = bound.map((layer) => fileReader(layer, platform.pool));
  const tiling = tilesFor(grid, bound[0], options.tile);
  const samples = await openSamples({
    names: ['supply', 'demand'],
    read: async (feature, window) => (await readers[feature].read(window, options.signal)) as Float32Array,
    tiling,
    scaling: 'none',
    pool: platform.pool,
    memory: (options.memory ?? platform.defaultMemory) / 2,
    openScratch: platform.openScratch,
    signal: options.signal,
  });
  const [s, d] = samples.features;
  await samples.close();
  const same = [s, d].filter(({ low, high }) => low === high);
  if (same.length > 0)
    throw new EcofluxError('InvalidInput', 'what is the same in every cell has no high and low', {
      file: inputs[same[0].name as 'supply' | 'demand'],
      found: same.map(({ name, low }) => `${name} = ${low}`).join(', '),
      expected: 'values that differ between the cells that have both',
      fix: 'check the raster',
    });
  const params = {
    supply_mean: String(s.mean),
    supply_deviation: String(s.deviation),
    demand_mean: String(d.mean),
    demand_deviation: String(d.deviation),
  };
  let files: string[] = [];
  const { zones, id } = request;
  const finish =
    zones === undefined
      ? undefined
      : async (folder: OutputFolder) => {
          const warn = (text: string) => options.log?.(text);
          const found = await readZones({ values: supply, zones, id }, grid, platform, {
            warn,
            signal: options.signal,
          });
          const statistics = await zonalStatistics({
            grid,
            zones: found.cells,
            sources: bound.map(({ path, mapping }) => ({ file: path, mapping })),
            pool: platform.pool,
            signal: options.signal,
          });
          const named = { file: zones, id: { name: found.id.name, values: idsOf(statistics[0], found.id.of) } };
          const table = { ...named, columns: new Map(), layer: found.layer };
          files = await writeZoneResult(folder, 'zones', table, zoneColumns(statistics));
        };
  const run = await runProcess(
    {
      model: quadrants,
      inputs,
      tables: {},
      params,
      out: request.out,
      overwrite: request.overwrite,
      align: request.align,
      extras: {
        rows: async () => ({}),
        ranges: [],
        check: async () => {},
        verify: async () => {},
        finish,
      },
    },
    platform,
    options,
  );
  return { ...run, files: [...Object.keys(run.outputs).map((name) => `${name}.tif`), ...files] };
}

function idsOf(zones: readonly ZoneStatistics[], of: (zone: number) => string | number | boolean | null) {
  return zones.map(({ zone }) => of(zone));
}

/** Z-scores over the zones that have a mean of both. */
function zoneColumns([supply, demand]: readonly (readonly ZoneStatistics[])[]): ResultColumn[] {
  const both = [...supply.keys()].filter((i) => supply[i].mean !== undefined && demand[i].mean !== undefined);
  const scores = [supply, demand].map((zones) => zScores(both.map((i) => zones[i].mean!)).values);
  const spread = (values: readonly number[]) =>
    supply.map((_, i) => (both.includes(i) ? values[both.indexOf(i)] : null));
  const codes = both.map((_, at) => quadrantOf(scores[0][at], scores[1][at]));
  const real = (name: string, cells: readonly (number | null)[]): ResultColumn => ({ name, type: 'real', cells });
  return [
    real(
      'supply_mean',
      supply.map(({ mean }) => mean ?? null),
    ),
    real(
      'demand_mean',
      demand.map(({ mean }) => mean ?? null),
    ),
    real('z_supply', spread(scores[0])),
    real('z_demand', spread(scores[1])),
    { name: 'quadrant', type: 'integer', cells: spread(codes) },
    { name: 'quadrant_name', type: 'text', cells: spread(codes).map((code) => (code === null ? null : NAMES[code])) },
  ];
}

function checked({ supply, demand }: QuadrantsRequest): { supply: string; demand: string } {
  throwAll(
    Object.entries({ supply, demand })
      .filter(([, path]) => path === undefined)
      .map(([name]) => new EcofluxError('InvalidConfiguration', `quadrants needs --${name} RASTER`)),
  );
  return { supply: supply!, demand: demand! };
}
