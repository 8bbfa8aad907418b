import { defineModel } from '../../core/model.ts';
import { OUTPUTS } from './outputs.ts';
import { STAGES } from './stages.ts';

const LOAD_TYPE = {
  about: 'what the load is: that of the runoff, or of what is applied to the land',
  unit: '1',
  choices: ['measured-runoff', 'application-rate'],
} as const;
const load = { about: 'load of the nutrient', unit: 'kg/(ha yr)', range: [0, 1e6] } as const;
const eff = { about: 'largest share of the nutrient that the class retains', unit: '1', range: [0, 1] } as const;
const critical = { about: 'length over which the class retains it', unit: 'm', range: [0, 1e6] } as const;

/** Nutrients that leave the land, by runoff and (nitrogen) through the ground, and how much of them reaches a stream. */
export const ndr = defineModel({
  id: 'ndr',
  title: 'Nutrient delivery ratio',
  about: 'Loads of nitrogen and phosphorus, and how much of them reaches a stream.',
  equations: [
    '(1) thresholded_slope = slope / 100 within 0.005 and 1,  s_factor_inverse = 1 / thresholded_slope',
    '(2) s_bar: mean of thresholded_slope over all cells upslope;  d_up = s_bar · √(acc · A)',
    '(3) d_dn: sum of s_factor_inverse along the way to the stream;  ic_factor = log10(d_up / d_dn), nodata where d_dn = 0',
    '(4) runoff_proxy_index = runoff_proxy / its mean',
    '(5) load = load of the class, times 1 − eff for application rates;  modified_load = load · runoff_proxy_index',
    '(6) surface_load = modified_load · (1 − proportion_subsurface),  sub_load = modified_load · proportion_subsurface (nitrogen)',
    '(7) eff and crit_len of the class, 0 on streams;  effective_retention: the operator of that name',
    '(8) ndr = (1 − effective_retention) / (1 + e^((ic_0 − ic_factor) / k)),  ic_0 = (smallest ic_factor + largest) / 2',
    '(9) sub_ndr = 1 − subsurface_eff · (1 − e^(−5 l / subsurface_critical_length));  l, the way to the stream, in cells (InVEST)',
    '(10) surface_export = surface_load · ndr,  subsurface_export = sub_load · sub_ndr,  total_export = their sum',
    '(11) retention = surface_load · (1 − ndr) + sub_load · (1 − sub_ndr);  0 on streams',
  ],
  sources: [
    'InVEST 3.20 Nutrient Delivery Ratio',
    'invest-models.md sections 4 and 6',
    'Borselli, Cassi, Torri 2008, Catena 75',
  ],
  inputs: {
    dem: { about: 'elevation', unit: 'm', kind: 'quantity', invest: 'dem_path', plausible: [-500, 9000] },
    lulc: { about: 'land-cover classes', unit: '1', kind: 'classes', invest: 'lulc_path' },
    runoff_proxy: {
      about: 'what the runoff of a cell follows, precipitation for instance',
      unit: 'any',
      kind: 'density',
      layer: 'precipitation',
      invest: 'runoff_proxy_path',
      doubtful: {
        upTo: 0,
        words:
          'loads follow the proxy: 0 gives no load and no export there, a negative value negative ones, which lower the sums',
        mean: 'with a mean of 0 the proxy itself is taken as its index, as in InVEST; with a negative one all loads change their sign',
      },
    },
  },
  tables: {
    biophysical: {
      about: 'one row for each land-cover class',
      of: ['lulc'],
      invest: 'biophysical_table_path',
      columns: {
        load_type_n: { ...LOAD_TYPE, when: 'calc_n' },
        load_n: { ...load, when: 'calc_n' },
        eff_n: { ...eff, when: 'calc_n' },
        crit_len_n: { ...critical, when: 'calc_n' },
        proportion_subsurface_n: {
          about: 'share of the nitrogen that goes through the ground',
          unit: '1',
          range: [0, 1],
          when: 'calc_n',
        },
        load_type_p: { ...LOAD_TYPE, when: 'calc_p' },
        load_p: { ...load, when: 'calc_p' },
        eff_p: { ...eff, when: 'calc_p' },
        crit_len_p: { ...critical, when: 'calc_p' },
      },
    },
  },
  params: {
    calc_n: { about: 'nitrogen', unit: '1', choices: ['false', 'true'], default: 1 },
    calc_p: { about: 'phosphorus', unit: '1', choices: ['false', 'true'], default: 1 },
    threshold_flow_accumulation: {
      about: 'cells whose water makes a stream',
      unit: 'cells',
      range: [0, Infinity],
      default: 1000, // as in InVEST's sample data
    },
    flow_dir_algorithm: {
      about: 'all water to the steepest neighbour, or shares of it to all lower ones',
      unit: '1',
      choices: ['d8', 'mfd'],
      default: 1, // the one that InVEST's guide recommends
    },
    k_param: { about: 'k: how steeply delivery rises with connectivity', unit: '1', range: [1e-6, 1e6], default: 2 },
    subsurface_critical_length_n: {
      about: 'length over which the ground retains nitrogen, counted in cells by InVEST',
      unit: 'm',
      range: [1e-6, Infinity],
      default: 200, // as in InVEST's sample data
    },
    subsurface_eff_n: {
      about: 'largest share of nitrogen that the ground retains',
      unit: '1',
      range: [0, 1],
      default: 0.8, // as in InVEST's sample data
    },
    runoff_proxy_av: {
      about: 'mean of the runoff proxy; that of the raster where it is left out',
      unit: 'any',
      range: [0, Infinity],
      optional: true,
      found: { of: 'runoff_proxy', as: 'mean' },
    },
    ic_0: {
      about: 'connectivity at which half is delivered; the middle of the raster’s range where it is left out',
      unit: '1',
      optional: true,
      found: { of: 'ic_factor', as: 'middle' },
    },
    order: {
      about: 'on plateaus and in retention: free of any order, or as InVEST meets the cells',
      unit: '1',
      choices: ['free', 'invest'],
      default: 0,
    },
  },
  outputs: OUTPUTS,
  metric: true,
  square: true,
  stages: STAGES,
  tolerance: { rtol: 5e-5, atol: 0, because: 'products and powers in float32 (invest-models.md section 6)' },
  tolerances: {
    slope: { rtol: 1e-5, atol: 1e-4, because: 'differences of a float32 DEM (invest-models.md section 4.7)' },
    runoff_proxy_index: { rtol: 1e-6, atol: 0, because: 'invest-models.md section 6' },
    load_n: { rtol: 1e-6, atol: 0, because: 'invest-models.md section 6' },
    load_p: { rtol: 1e-6, atol: 0, because: 'invest-models.md section 6' },
    modified_load_n: { rtol: 1e-6, atol: 0, because: 'invest-models.md section 6' },
    modified_load_p: { rtol: 1e-6, atol: 0, because: 'invest-models.md section 6' },
    surface_load_n: { rtol: 1e-6, atol: 0, because: 'invest-models.md section 6' },
    surface_load_p: { rtol: 1e-6, atol: 0, because: 'invest-models.md section 6' },
    sub_load_n: { rtol: 1e-6, atol: 0, because: 'invest-models.md section 6' },
    ic_factor: { rtol: 0, atol: 1e-5, because: 'invest-models.md section 6' },
    ndr_n: { rtol: 0, atol: 1e-5, because: 'invest-models.md section 6' },
    ndr_p: { rtol: 0, atol: 1e-5, because: 'invest-models.md section 6' },
    effective_retention_n: { rtol: 0, atol: 1e-5, because: 'invest-models.md section 6' },
    effective_retention_p: { rtol: 0, atol: 1e-5, because: 'invest-models.md section 6' },
    n_retention: { rtol: 5e-5, atol: 1e-5, because: '1 − ndr cancels where nearly all is delivered' },
    p_retention: { rtol: 5e-5, atol: 1e-5, because: '1 − ndr cancels where nearly all is delivered' },
  },
});
