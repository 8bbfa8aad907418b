/** The models of InVEST that are timed, with the arguments of a usual run on the rasters of invest-inputs.ts. */
import { join } from 'node:path';
import type { Order } from '#ecoflux/pipeline/invest/run-invest.js';

export interface InvestCase {
  readonly name: string;
  readonly model: string;
  readonly order: Order;
  /** Paths are files of the folder of inputs. */
  readonly args: Readonly<Record<string, string | number | boolean>>;
  /** Million cells per second of InVEST 3.20 on 2048². */
  readonly invest: number;
  /** How many times as fast as that this should be on two cores. */
  readonly aim: number;
}

const ROUTED = {
  dem_path: 'dem.tif',
  lulc_path: 'lulc.tif',
  watersheds_path: 'watersheds.geojson',
  biophysical_table_path: 'biophysical.csv',
  threshold_flow_accumulation: 1000,
  flow_dir_algorithm: 'MFD',
  k_param: 2,
} as const;

const SDR = {
  ...ROUTED,
  erosivity_path: 'erosivity.tif',
  erodibility_path: 'erodibility.tif',
  sdr_max: 0.8,
  ic_0_param: 0.5,
  l_max: 122,
} as const;

const NDR = {
  ...ROUTED,
  runoff_proxy_path: 'precip.tif',
  calc_n: true,
  calc_p: true,
  subsurface_critical_length_n: 200,
  subsurface_eff_n: 0.8,
} as const;

const HABITAT = {
  lulc_cur_path: 'lulc.tif',
  lulc_fut_path: 'lulc_future.tif',
  threats_table_path: 'threats.csv',
  sensitivity_table_path: 'sensitivity.csv',
  half_saturation_constant: 0.1,
} as const;

const COOLING = {
  lulc_raster_path: 'lulc.tif',
  ref_eto_raster_path: 'et0.tif',
  aoi_vector_path: 'watersheds.geojson',
  biophysical_table_path: 'biophysical.csv',
  do_energy_valuation: false,
  do_productivity_valuation: true,
  avg_rel_humidity: 70,
  t_ref: 27,
  uhi_max: 4,
  t_air_average_radius: 600,
  green_area_cooling_distance: 450,
  cc_method: 'factors',
} as const;

const CARBON = {
  lulc_bas_path: 'lulc.tif',
  lulc_alt_path: 'lulc_future.tif',
  carbon_pools_path: 'carbon_pools.csv',
  calc_sequestration: true,
  do_valuation: true,
  lulc_bas_year: 2013,
  lulc_alt_year: 2023,
  price_per_metric_ton_of_c: 28.5,
  discount_rate: 3,
  rate_change: 0,
} as const;

const WATER = {
  lulc_path: 'lulc.tif',
  depth_to_root_rest_layer_path: 'soil_depth.tif',
  precipitation_path: 'precip.tif',
  pawc_path: 'pawc.tif',
  eto_path: 'et0.tif',
  watersheds_path: 'watersheds.geojson',
  biophysical_table_path: 'biophysical.csv',
  seasonality_constant: 12.5,
} as const;

/** Models whose results depend on the order of InVEST's queues twice: as `ecoflux invest` runs them, and with `--order free`. */
function bothOrders(model: string, args: InvestCase['args'], invest: number): InvestCase[] {
  const both = { model, args, invest, aim: 50 };
  return [
    { ...both, name: model, order: 'invest' },
    { ...both, name: `${model}, --order free`, order: 'free' },
  ];
}

export const INVEST_CASES: readonly InvestCase[] = [
  { name: 'carbon', model: 'carbon', order: 'invest', args: CARBON, invest: 1, aim: 10 },
  { name: 'annual water yield', model: 'annual_water_yield', order: 'invest', args: WATER, invest: 0.45, aim: 10 },
  { name: 'habitat quality', model: 'habitat_quality', order: 'invest', args: HABITAT, invest: 0.5, aim: 20 },
  { name: 'urban cooling', model: 'urban_cooling', order: 'invest', args: COOLING, invest: 0.3, aim: 20 },
  ...bothOrders('sdr', SDR, 0.11),
  ...bothOrders('ndr', NDR, 0.08),
];

/** The argument file of a case, its paths those of the folder. */
export function argumentsOf({ args }: InvestCase, folder: string): string {
  const placed = Object.entries(args).map(([name, value]) => [
    name,
    name.endsWith('_path') ? join(folder, String(value)) : value,
  ]);
  return JSON.stringify(Object.fromEntries(placed), undefined, 2);
}
