/** Urban cooling as InVEST 3.20 takes and writes it; the valuation of energy is refused by name. */
import { NODATA } from '../../core/cells.ts';
import { EcofluxError } from '../../core/errors.ts';
import type { Grid } from '../../core/grid.ts';
import type { Model } from '../../core/model.ts';
import type { RasterDescription } from '../../io/raster-writer.ts';
import { type ZonalSource, zonalStatistics } from '../../io/zonal/statistics.ts';
import { zoneCells } from '../../io/zonal/zone-cells.ts';
import { urban_cooling } from '../../models/urban_cooling/spec.ts';
import { checkSquare } from '../process-inputs.ts';
import type { Arguments, CheckedArguments } from './argument.ts';
import { commonGrid } from './common-grid.ts';
import { inArgument } from './in-argument.ts';
import type { FinishedRun, InvestModel, OpenedRun } from './model.ts';
import { needMetres } from './prepare-run.ts';
import { sayEmpty, writeZoneTable, type ZoneResults } from './zone-table.ts';
import { extentOf } from './zones.ts';

const AREA = 'aoi_vector_path';
const ENERGY = 'the valuation of energy';
const METHODS = ['factors', 'intensity'];
const POSITIVE = { words: 'a number above 0', test: (value: number) => value > 0 };
const NOT_NEGATIVE = { words: 'a number from 0', test: (value: number) => value >= 0 };
const weight = (of: string) =>
  ({ kind: 'number', about: `weight of ${of}`, accepts: NOT_NEGATIVE, optional: true }) as const;

const ARGUMENTS: Arguments = {
  lulc_raster_path: { kind: 'classes', about: 'land cover' },
  ref_eto_raster_path: { kind: 'raster', about: 'reference evapotranspiration, mm' },
  [AREA]: { kind: 'vector', about: 'areas for which results are summarised' },
  biophysical_table_path: { kind: 'table', about: 'properties of each land-cover class' },
  green_area_cooling_distance: { kind: 'number', about: 'distance over which a park cools, m', accepts: POSITIVE },
  t_air_average_radius: { kind: 'number', about: 'distance over which air mixes, m', accepts: POSITIVE },
  t_ref: { kind: 'number', about: 'air temperature of the land around the town, degrees C' },
  uhi_max: { kind: 'number', about: 'largest urban heat island, degrees C' },
  cc_method: { kind: 'choice', about: 'how cooling capacity is computed', choices: METHODS },
  cc_weight_shade: weight('shade'),
  cc_weight_albedo: weight('albedo'),
  cc_weight_eti: weight('the evapotranspiration index'),
  do_productivity_valuation: { kind: 'boolean', about: 'compute the loss of work' },
  avg_rel_humidity: {
    kind: 'number',
    about: 'relative humidity, %',
    accepts: { words: 'a number from 0 to 100', test: (value) => value >= 0 && value <= 100 },
    when: 'do_productivity_valuation',
  },
  do_energy_valuation: { kind: 'boolean', about: 'value the energy that cooling saves' },
  building_vector_path: { kind: 'vector', about: 'buildings', when: 'do_energy_valuation', refused: ENERGY },
  energy_consumption_table_path: {
    kind: 'table',
    about: 'energy of each type of building',
    when: 'do_energy_valuation',
    refused: ENERGY,
  },
};

const OUTPUTS: Model['outputs'] = urban_cooling.outputs;
const PRODUCTIVITY = ['wbgt', 'light_work_loss_percent', 'heavy_work_loss_percent'];
/** Fields that InVEST does not have. */
const OURS = ['green_count', 'valid_count'];
const BY_METHOD: readonly (readonly string[])[] = [['shade', 'albedo', 'eti'], ['building_intensity']];

export const investUrbanCooling: InvestModel = {
  model: urban_cooling,
  aliases: ['urban_cooling_model', 'ucm'],
  arguments: ARGUMENTS,
  folders: { outputs: '', intermediates: 'intermediate/' },
  amongIntermediates: ['cc', 'T_air', ...PRODUCTIVITY],
  resampling: { lulc: 'mode', et0: 'cubic' },
  essential: ['hm'],
  describe,
  rules,
  outputs: ({ booleans }) => ['hm', 'cc', 'T_air', ...(booleans.do_productivity_valuation ? PRODUCTIVITY : [])],
  intermediates: ({ numbers }) =>
    Object.entries(OUTPUTS)
      .filter(([, { intermediate }]) => intermediate)
      .map(([name]) => name)
      .filter((name) => !OURS.includes(name) && !BY_METHOD[1 - numbers.cc_method].includes(name)),
  gridOf,
  finish: writeResults,
};

function rules({ file, booleans }: CheckedArguments): EcofluxError[] {
  if (!booleans.do_energy_valuation) return [];
  return [
    new EcofluxError('Unsupported', `do_energy_valuation asks for ${ENERGY}, which is not in this version`, {
      file,
      place: 'do_energy_valuation',
      fix: 'make do_energy_valuation false: everything else is computed without it',
    }),
  ];
}

/** Nodata as InVEST has it, as far as float32 holds it: that of wbgt there is the largest float64. */
function describe(output: string): Partial<RasterDescription> {
  if (output.endsWith('_loss_percent')) return { sampleType: 'u8', nodata: 255 };
  if (['T_air', 'cc_park', 'green_area_sum'].includes(output)) return { nodata: NODATA };
  return output === 'wbgt' ? { nodata: -NODATA } : {};
}

async function gridOf({ checked, files, zones, problems }: OpenedRun): Promise<Grid | undefined> {
  const { lulc: home, ...others } = Object.fromEntries(files);
  const fits = await problems.wait(() =>
    inArgument(checked, 'lulc_raster_path', async () => {
      if (!home) return false;
      await needMetres(home);
      checkSquare({ id: 'InVEST' }, home.info.grid, home.path);
      return true;
    }),
  );
  const area = zones.get(AREA);
  if (!home || !fits || !area) return undefined;
  const polygons = { argument: AREA, file: area.layer.file, extent: extentOf(area) };
  return commonGrid(checked, home, Object.values(others), polygons, problems);
}

/** Fields of the table by the raster whose mean they hold. */
const MEANS = { avg_cc: 'cc', avg_tmp_v: 'T_air' } as const;
const WORK = {
  avg_wbgt_v: 'wbgt',
  avg_ltls_v: 'light_work_loss_percent',
  avg_hvls_v: 'heavy_work_loss_percent',
} as const;

/** Means by area; `avd_eng_cn`, the energy, stays empty as in InVEST without buildings. */
async function writeResults(run: FinishedRun): Promise<Record<string, unknown>> {
  const { prepared, platform, folder, written, signal } = run;
  const { grid, checked, params } = prepared;
  const zones = prepared.zones.get(AREA)!;
  const work = checked.booleans.do_productivity_valuation ? WORK : {};
  const rasters = Object.entries<string>({ ...MEANS, ...work });
  const sources = rasters.map(([, output]): ZonalSource => {
    return { file: `${folder.path}/${written.get(output)!.file}`, mapping: { type: 'f32' } };
  });
  const cells = zoneCells(zones.features, grid);
  const statistics = await zonalStatistics({ grid, zones: cells, sources, pool: platform.pool, signal });
  const results = zones.features.map((_, zone): ZoneResults => {
    const means = Object.fromEntries(rasters.map(([field], i) => [field, statistics[i][zone].mean ?? null]));
    const anomaly = means.avg_tmp_v === null ? null : means.avg_tmp_v - params.t_ref;
    return { ...means, avg_tmp_an: anomaly, avd_eng_cn: null };
  });
  sayEmpty(run, zones, (zone) => results[zone].avg_cc === null);
  const fields = [...Object.keys(MEANS), 'avg_tmp_an', 'avd_eng_cn', ...Object.keys(work)];
  return writeZoneTable(run, 'uhi_results', zones, fields, results);
}
