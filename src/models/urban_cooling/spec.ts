import { defineModel } from '../../core/model.ts';
import type { CellSize } from '../../core/stage.ts';
import type { Values } from '../../core/values.ts';
import { cellsOf, checkWeights, parkParams } from './cells.ts';

/** Choices of the operator convolve. */
const [EXPONENTIAL, DISC] = [0, 1];

const mean = (distance: string) => (params: Values, cell: CellSize) => {
  checkWeights(params);
  return { kernel: EXPONENTIAL, radius: cellsOf(distance, params, cell) };
};
const disc = (params: Values, cell: CellSize) => ({
  kernel: DISC,
  radius: cellsOf('green_area_cooling_distance', params, cell),
});

const AIR = 'urban_cooling_air';
/** Parameters of that shader which a stage does not need. */
const NONE = { disc_cells: 0, area_low: 0, area_high: 0, t_ref: 0, uhi_max: 0, avg_rel_humidity: 0 };

const SHARE = [0, 1] as const;
const weight = (of: string, value: number) => ({
  about: `weight of ${of}`,
  unit: '1',
  range: [0, 1e6] as const,
  default: value,
});
const property = (about: string) => ({ about, unit: '1', intermediate: true as const, range: SHARE });

/** How shade, evaporation, albedo and large parks mitigate the heat of a town, and what is left of it. */
export const urban_cooling = defineModel({
  id: 'urban_cooling',
  title: 'Urban cooling',
  about:
    'Heat mitigation by shade, evaporation, albedo and parks; air temperature, wet bulb globe temperature and loss of work.',
  equations: [
    '(1) eti = kc · ET0 / max ET0',
    '(2) cc = (w_shade shade + w_albedo albedo + w_eti eti) / (w_shade + w_albedo + w_eti);  by intensity: cc = 1 − building_intensity',
    '(3) n = distance / cell size, rounded to whole cells, halves to the even one',
    '(4) cc_park = mean of cc on green cells and 0 on others, with exp(−r / n) to r = 5 n (green_area_cooling_distance)',
    '(5) green_area_sum = share of green among the valid cells within n · cells of the whole disc',
    '(6) hm = cc_park where cc < cc_park and green_area_sum > 2 ha;  cc elsewhere. Exactly 2 ha is not enough',
    '(7) T_air_nomix = t_ref + (1 − hm) uhi_max',
    '(8) T_air = mean of T_air_nomix with exp(−r / n) to r = 5 n (t_air_average_radius)',
    '(9) wbgt = 0.567 T + 0.393 RH / 100 · 6.105 exp(17.27 T / (237.7 + T)) + 3.94',
    '(10) work loss 0, 25, 50, 75 %: light at wbgt of 31.5, 32.0, 32.5; heavy at 27.5, 29.5, 31.5',
  ],
  sources: [
    'InVEST 3.20 Urban Cooling',
    'invest-models.md section 7',
    'Zardo et al. 2017, Ecosystem Services 26',
    'Kjellstrom et al. 2009, International Journal of Public Health 54',
  ],
  inputs: {
    lulc: { about: 'land-cover classes', unit: '1', kind: 'classes', invest: 'lulc_raster_path' },
    et0: {
      about: 'reference evapotranspiration ET0',
      unit: 'mm/yr',
      kind: 'density',
      invest: 'ref_eto_raster_path',
      plausible: [0, 4000],
      doubtful: {
        upTo: 0,
        words: 'with 0 nothing evaporates there and only shade and albedo cool, with a negative value less than these',
      },
    },
  },
  tables: {
    biophysical: {
      about: 'one row for each land-cover class',
      of: ['lulc'],
      invest: 'biophysical_table_path',
      columns: {
        kc: { about: 'evapotranspiration coefficient', unit: '1', range: [0, 5] },
        green_area: { about: '1 where the class is green', unit: '1', values: [0, 1] },
        shade: { about: 'share of the ground under trees', unit: '1', range: SHARE, unless: 'cc_method' },
        albedo: { about: 'share of radiation that is reflected', unit: '1', range: SHARE, unless: 'cc_method' },
        building_intensity: { about: 'floor area over land area, up to 1', unit: '1', range: SHARE, when: 'cc_method' },
      },
    },
  },
  params: {
    cc_method: {
      about: 'cooling capacity by shade, albedo and evapotranspiration, or by how densely a class is built',
      unit: '1',
      choices: ['factors', 'intensity'],
      default: 0,
    },
    cc_weight_shade: weight('shade', 0.6),
    cc_weight_albedo: weight('albedo', 0.2),
    cc_weight_eti: weight('the evapotranspiration index', 0.2),
    et0_max: {
      about: 'largest ET0 of the region; found in the run',
      unit: 'mm/yr',
      range: [0, 1e6],
      optional: true,
      found: { of: 'et0', as: 'high' },
    },
    green_area_cooling_distance: {
      about: 'distance over which a park cools',
      unit: 'm',
      range: [0, 1e6],
      default: 450, // as in InVEST's sample data
    },
    t_air_average_radius: { about: 'distance over which air mixes', unit: 'm', range: [0, 1e6], default: 600 }, // InVEST’s guide: 500 to 600 m to begin with
    t_ref: { about: 'air temperature of the land around the town', unit: 'degC', range: [-90, 60], optional: true },
    uhi_max: { about: 'largest urban heat island', unit: 'degC', range: [0, 30], optional: true },
    avg_rel_humidity: { about: 'relative humidity', unit: '%', range: [0, 100], optional: true },
  },
  outputs: {
    hm: { about: 'heat mitigation index', unit: '1', range: SHARE, service: true },
    cc: { about: 'cooling capacity', unit: '1', range: SHARE },
    T_air: { about: 'air temperature', unit: 'degC' },
    wbgt: { about: 'wet bulb globe temperature', unit: 'degC' },
    light_work_loss_percent: { about: 'loss of light work', unit: '%', range: [0, 75] },
    heavy_work_loss_percent: { about: 'loss of heavy work', unit: '%', range: [0, 75] },
    T_air_nomix: { about: 'air temperature before it mixes', unit: 'degC', intermediate: true },
    cc_park: property('cooling capacity of green cells around'),
    cc_masked_green_areas: property('cooling capacity of green cells, 0 on others'),
    green_area_sum: { about: 'green cells within the cooling distance', unit: 'cells', intermediate: true },
    eti: { about: 'evapotranspiration index', unit: '1', intermediate: true, range: [0, 5] },
    kc: { about: 'evapotranspiration coefficient', unit: '1', intermediate: true, range: [0, 5] },
    green_area: property('1 on green cells'),
    shade: property('share of the ground under trees'),
    albedo: property('share of radiation that is reflected'),
    building_intensity: property('floor area over land area'),
    green_count: { about: 'green cells within the cooling distance, as they are', unit: 'cells', intermediate: true },
    valid_count: { about: 'valid cells within the cooling distance', unit: 'cells', intermediate: true },
    lulc: { about: 'land cover on the model grid', unit: '1', intermediate: true, aligned: 'lulc', classes: true },
    ref_eto: { about: 'ET0 on the model grid', unit: 'mm/yr', intermediate: true, aligned: 'et0' },
  },
  metric: true,
  square: true,
  stages: [
    { local: 'capacity_by_intensity', when: 'cc_method' },
    { local: 'capacity_by_factors' },
    { local: 'properties' },
    { local: 'factors' },
    { local: 'intensity', when: 'cc_method' },
    { local: 'evapotranspiration_index' },
    { local: 'green_capacity', bind: { cooling_capacity: 'cc' } },
    {
      id: 'park_capacity',
      solve: 'convolve',
      bind: { values: 'cc_masked_green_areas', mean: 'cc_park' },
      params: mean('green_area_cooling_distance'),
    },
    {
      id: 'green_cells',
      solve: 'convolve',
      bind: { values: 'green_area', sum: 'green_count', weight: 'valid_count' },
      params: disc,
    },
    {
      local: 'mitigation',
      shader: AIR,
      bind: { cooling_capacity: 'cc' },
      params: (params, cell) => ({ ...NONE, ...parkParams(params, cell) }),
    },
    {
      local: 'temperature_before_mixing',
      shader: AIR,
      bind: { heat_mitigation: 'hm' },
      params: ({ t_ref, uhi_max }) => ({ ...NONE, t_ref, uhi_max }),
    },
    {
      id: 'mixing',
      solve: 'convolve',
      bind: { values: 'T_air_nomix', mean: 'T_air' },
      params: mean('t_air_average_radius'),
    },
    { local: 'heat_stress', shader: AIR, params: ({ avg_rel_humidity }) => ({ ...NONE, avg_rel_humidity }) },
    { local: 'work_loss', shader: AIR, bind: { globe_temperature: 'wbgt' } },
  ],
  tolerance: { rtol: 0, atol: 2e-6, because: 'invest-models.md section 7' },
  tolerances: {
    cc_park: { rtol: 0, atol: 5e-6, because: 'invest-models.md section 7: InVEST sums blocks in float32' },
    green_area_sum: {
      rtol: 3e-7,
      atol: 0.01,
      because: 'invest-models.md section 7; three roundings to float32 of large discs',
    },
    hm: {
      rtol: 0,
      atol: 1e-5,
      because: 'invest-models.md section 7: cc and cc_park meet where one takes the place of the other',
    },
    T_air_nomix: { rtol: 0, atol: 1e-4, because: 'that of hm times uhi_max' },
    T_air: { rtol: 0, atol: 2e-4, because: 'invest-models.md section 7' },
    wbgt: { rtol: 0, atol: 5e-4, because: 'invest-models.md section 7' },
  },
});
