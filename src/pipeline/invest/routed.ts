/** What SDR and NDR share: the grid of their DEM, arguments of routing, how routed rasters are written, sums by watershed. */
import { NODATA } from '../../core/cells.ts';
import { cellArea, type Grid } from '../../core/grid.ts';
import type { Model } from '../../core/model.ts';
import type { RasterDescription } from '../../io/raster-writer.ts';
import { type ZonalSource, type ZoneStatistics, zonalStatistics } from '../../io/zonal/statistics.ts';
import { zoneCells } from '../../io/zonal/zone-cells.ts';
import { checkSquare } from '../process-inputs.ts';
import type { Arguments, CheckedArguments } from './argument.ts';
import { commonGrid } from './common-grid.ts';
import { inArgument } from './in-argument.ts';
import type { FinishedRun, OpenedRun } from './model.ts';
import { needMetres } from './prepare-run.ts';
import type { Zones } from './zones.ts';
import { extentOf } from './zones.ts';

export const WATERSHEDS = 'watersheds_path';
export const RATIO = { words: 'a number from 0 to 1', test: (value: number) => value >= 0 && value <= 1 };
export const POSITIVE = { words: 'a number above 0', test: (value: number) => value > 0 };
export const NOT_NEGATIVE = { words: 'a number from 0', test: (value: number) => value >= 0 };

/** Intermediates of a model; without those that InVEST does not have. */
export function intermediatesOf({ outputs }: Model, ours: readonly string[]): string[] {
  return Object.keys(outputs).filter((name) => outputs[name].intermediate && !ours.includes(name));
}

export const ROUTING_ARGUMENTS: Arguments = {
  dem_path: { kind: 'raster', about: 'elevation, m' },
  lulc_path: { kind: 'classes', about: 'land cover' },
  [WATERSHEDS]: { kind: 'vector', about: 'watersheds: nothing outside of them is looked at' },
  biophysical_table_path: { kind: 'table', about: 'a row for each land-cover class' },
  threshold_flow_accumulation: {
    kind: 'number',
    about: 'cells whose water makes a stream',
    accepts: NOT_NEGATIVE,
  },
  flow_dir_algorithm: {
    kind: 'choice',
    about: 'D8: all water to one neighbour; MFD: shares of it to all lower ones',
    choices: ['d8', 'mfd'],
  },
  k_param: { kind: 'number', about: 'k, how steeply delivery rises with connectivity', accepts: POSITIVE },
};

/** Cells of the DEM that all rasters and the watersheds share. */
export async function gridOfDem({ checked, files, zones, problems }: OpenedRun): Promise<Grid | undefined> {
  const { dem: home, ...others } = Object.fromEntries(files);
  const fits = await problems.wait(() =>
    inArgument(checked, 'dem_path', async () => {
      if (!home) return false;
      await needMetres(home, 'the DEM');
      checkSquare({ id: 'InVEST' }, home.info.grid, home.path);
      return true;
    }),
  );
  const watersheds = zones.get(WATERSHEDS);
  if (!home || !fits || !watersheds) return undefined;
  const polygons = { argument: WATERSHEDS, file: watersheds.layer.file, extent: extentOf(watersheds) };
  return commonGrid(checked, home, Object.values(others), polygons, problems);
}

/** Nodata of InVEST's rasters (invest-models.md section 8); what has another type there has the nearest that float32 holds. */
export const LARGEST = -NODATA;
export const SMALLEST = NODATA;
export const ACCUMULATION = Math.fround(-1.23789789e29);

const MFD = 1;

/** Directions as InVEST has them: codes in bytes, or the bits of eight shares in whole numbers with a sign. */
export function describeDirection({ numbers }: CheckedArguments): Partial<RasterDescription> {
  return numbers.flow_dir_algorithm === MFD ? { sampleType: 'i32', nodata: 0 } : { sampleType: 'u8', nodata: 128 };
}

/** Sums over the cells of each zone of rasters in amounts per hectare, as amounts: by output, one number for each zone. */
export async function zoneSums(
  run: FinishedRun,
  zones: Zones,
  outputs: readonly string[],
): Promise<{ readonly sums: readonly (readonly number[])[]; readonly isEmpty: (zone: number) => boolean }> {
  const tallies = outputs.map((output) => run.tallies.get(output));
  const all = tallies.every((tally) => tally?.complete)
    ? tallies.map((tally) => tally!.zones)
    : await sumsOfFiles(run, zones, outputs);
  const hectares = cellArea(run.prepared.grid) / 1e4;
  return {
    sums: all.map((found) => found.map(({ sum = 0 }) => sum * hectares)),
    isEmpty: (zone) => all.every((found) => found[zone].count === 0),
  };
}

/** Where an interrupted run, continued by this one, wrote some of the tiles. */
function sumsOfFiles(
  { prepared: { grid }, platform, signal, written, folder }: FinishedRun,
  { features }: Zones,
  outputs: readonly string[],
): Promise<ZoneStatistics[][]> {
  const sources = outputs.map((output): ZonalSource => {
    return { file: `${folder.path}/${written.get(output)!.file}`, mapping: { type: 'f32' } };
  });
  return zonalStatistics({ grid, zones: zoneCells(features, grid), sources, pool: platform.pool, signal });
}
