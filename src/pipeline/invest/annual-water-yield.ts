/** Annual water yield as InVEST 3.20 takes and writes it; water scarcity and hydropower are refused by name. */
import type { CsvTable } from '../../io/class-table.ts';
import { annual_water_yield } from '../../models/annual_water_yield/spec.ts';
import type { Arguments } from './argument.ts';
import { commonGrid } from './common-grid.ts';
import { inArgument } from './in-argument.ts';
import type { InvestModel } from './model.ts';
import { needMetres } from './prepare-run.ts';
import { SUMMED, WATERSHEDS, writeZoneResults } from './zone-results.ts';
import { extentOf } from './zones.ts';

const ARGUMENTS: Arguments = {
  lulc_path: { kind: 'classes', about: 'land cover' },
  depth_to_root_rest_layer_path: { kind: 'raster', about: 'depth to the layer that stops roots, mm' },
  precipitation_path: { kind: 'raster', about: 'precipitation of a year, mm' },
  pawc_path: { kind: 'raster', about: 'plant-available water capacity, share of soil depth' },
  eto_path: { kind: 'raster', about: 'reference evapotranspiration of a year, mm' },
  watersheds_path: { kind: 'vector', about: 'watersheds, each with its own ws_id', id: 'ws_id' },
  sub_watersheds_path: {
    kind: 'vector',
    about: 'subwatersheds, each with its own subws_id',
    id: 'subws_id',
    optional: true,
  },
  biophysical_table_path: { kind: 'table', about: 'kc, root_depth and lulc_veg of each land-cover class' },
  seasonality_constant: {
    kind: 'number',
    about: 'Z, how precipitation is spread over the year',
    accepts: { words: 'a number above 0', test: (value) => value > 0 },
  },
  demand_table_path: { kind: 'table', about: 'water demand', refused: 'water scarcity' },
  valuation_table_path: { kind: 'table', about: 'hydropower stations', refused: 'the valuation of hydropower' },
};

const OUTPUTS = ['fractp', 'aet', 'wyield'];

export const investAnnualWaterYield: InvestModel = {
  model: annual_water_yield,
  aliases: ['awy', 'hwy', 'hydropower'],
  arguments: ARGUMENTS,
  folders: { outputs: 'output/per_pixel/', intermediates: 'intermediate/' },
  rules: () => [],
  outputs: () => OUTPUTS,
  intermediates: () => Object.keys(annual_water_yield.outputs).filter((name) => !OUTPUTS.includes(name)),
  tidy: withoutUnusedDepths,
  summed: { zones: WATERSHEDS, outputs: () => SUMMED },

  async gridOf({ checked, files, zones, problems }) {
    const { lulc: home, ...others } = Object.fromEntries(files);
    const metres = home && (await problems.wait(() => inArgument(checked, home.layer, () => needMetres(home))));
    const watersheds = zones.get(WATERSHEDS);
    if (!metres || !watersheds) return undefined;
    const { file } = watersheds.layer;
    const polygons = { argument: WATERSHEDS, file, extent: extentOf(watersheds) };
    return commonGrid(checked, home, Object.values(others), polygons, problems);
  },

  async finish(run) {
    const { zones } = run.prepared;
    const tables = await writeZoneResults(run, 'watershed_results_wyield', zones.get(WATERSHEDS)!);
    const parts = zones.get('sub_watersheds_path');
    return parts ? { ...tables, ...(await writeZoneResults(run, 'subwatershed_results_wyield', parts)) } : tables;
  },
};

/** Rooting depths of classes without vegetation are not used, and often left empty or negative: InVEST puts 1 there. */
function withoutUnusedDepths(table: CsvTable): CsvTable {
  const [veg, depth] = ['lulc_veg', 'root_depth'].map((name) => table.columns.indexOf(name));
  if (veg < 0 || depth < 0) return table;
  const rows = table.rows.map((row) =>
    row.cells[veg] !== undefined && row.cells[veg] !== '' && Number(row.cells[veg]) === 0
      ? { ...row, cells: row.cells.map((cell, column) => (column === depth ? '1' : cell)) }
      : row,
  );
  return { ...table, rows };
}
