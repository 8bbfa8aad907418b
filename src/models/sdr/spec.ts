import { defineModel } from '../../core/model.ts';
import type { Stage } from '../../core/stage.ts';
import type { Values } from '../../core/values.ts';
import { OUTPUTS } from './outputs.ts';

/** Its shaders beside `sdr`: the masks of (1), and the soil loss of (2) to (5), (9) and (15). */
const MASKS = 'sdr_masks';
const SOIL_LOSS = 'sdr_soil_loss';

/** Streams are traced upslope through cells that have this share of the threshold (MFD; invest-models.md section 4.5). */
const TRACE = 0.7;

const threshold = ({ threshold_flow_accumulation }: Values) => ({
  threshold: threshold_flow_accumulation,
  trace: TRACE,
});
const algorithm = ({ flow_dir_algorithm }: Values) => ({ algorithm: flow_dir_algorithm });

/** Maps of streams, in the order of preference: the first one is there where there is a drainage raster. */
const STREAMS = ['stream_and_drainage', 'stream'];

const distanceTo = (stream: string): Stage => ({
  id: `distance to ${stream}`,
  solve: 'distance_to_stream',
  bind: { stream, weight: 'ws_inverse', weighted: 'd_dn' },
  params: algorithm,
});

/** Soil loss and its delivery, which differ on streams. */
const besides = (stream: string): Stage[] => [
  { id: `erosion beside ${stream}`, local: 'erode', shader: SOIL_LOSS, bind: { stream, length_slope: 'ls' } },
  { id: `delivery to ${stream}`, local: 'deliver', bind: { stream, connectivity: 'ic' } },
  {
    id: `export to ${stream}`,
    local: 'export_sediment',
    bind: { stream, soil_loss: 'usle', ratio: 'sdr_factor' },
  },
  {
    id: `services beside ${stream}`,
    local: 'soil_services',
    shader: SOIL_LOSS,
    bind: { stream, soil_loss: 'usle', avoided: 'avoided_erosion' },
  },
];

/** Soil that is eroded, how much of it reaches a stream, and where the rest is laid down. */
export const sdr = defineModel({
  id: 'sdr',
  title: 'Sediment delivery ratio',
  about:
    'Soil loss by the revised universal equation, its delivery to streams by connectivity, and deposition on the way.',
  equations: [
    '(1) valid where all inputs are; elsewhere the DEM is nodata, and water leaves there',
    '(2) U = √((acc − 1) · A), a length in m;  A, area of a cell in m², is added to it as it stands (InVEST)',
    '(3) L = ((U + A)^(m+1) − U^(m+1)) / (s^(m+2) · x^m · 22.13^m), at most l_max;  x = sin θ + cos θ,  θ = atan(slope / 100)',
    '(4) m = 0.2 to 1 %, 0.3 to 3.5 %, 0.4 to 5 %, 0.5 to 9 %; above β / (1 + β), β = (sin θ / 0.0896) / (3 sin θ^0.8 + 0.56)',
    '(5) S = 10.8 sin θ + 0.03 below 9 %, 16.8 sin θ − 0.5 from there;  ls = L · S',
    '(6) w = usle_c,  cp = usle_c · usle_p',
    '(7) w_threshold = max(w, 0.001),  slope_threshold = slope / 100 within 0.005 and 1,  ws_inverse = 1 / (w_threshold · slope_threshold)',
    '(8) stream_and_drainage = 1 where there is a stream or drainage = 1',
    '(9) rkls = R · K · ls,  usle = rkls · cp,  avoided_erosion = rkls − usle;  nodata on streams',
    '(10) w_bar, s_bar: means of w_threshold and slope_threshold over all cells upslope;  d_up = w_bar · s_bar · √(acc · A)',
    '(11) d_dn: sum of ws_inverse along the way to the stream;  ic = log10(d_up / d_dn), nodata where d_dn = 0',
    '(12) sdr_factor = sdr_max / (1 + e^((ic_0 − ic) / k));  1 on streams',
    '(13) sed_export = usle · sdr_factor;  e_prime = usle · (1 − sdr_factor), 0 on streams',
    '(14) avoided_export = avoided_erosion · sdr_factor + sed_deposition',
    '(15) soil_retention = avoided_erosion,  soil_erosion = usle;  0 on streams',
    'sed_deposition: the operator sediment_deposition',
  ],
  sources: [
    'InVEST 3.20 Sediment Delivery Ratio',
    'invest-models.md sections 4 and 5',
    'Renard et al. 1997, USDA Agriculture Handbook 703',
    'Desmet, Govers 1996, Journal of Soil and Water Conservation 51',
    'Borselli, Cassi, Torri 2008, Catena 75',
    'Vigiak et al. 2012, Geomorphology 138',
  ],
  inputs: {
    dem: { about: 'elevation', unit: 'm', kind: 'quantity', invest: 'dem_path', plausible: [-500, 9000] },
    erosivity: {
      about: 'rainfall erosivity R',
      unit: 'MJ mm/(ha h yr)',
      kind: 'density',
      invest: 'erosivity_path',
      plausible: [0, 50000],
    },
    erodibility: {
      about: 'soil erodibility K',
      unit: 't ha h/(ha MJ mm)',
      kind: 'quantity',
      invest: 'erodibility_path',
      plausible: [0, 0.2],
    },
    lulc: { about: 'land-cover classes', unit: '1', kind: 'classes', invest: 'lulc_path' },
    drainage: {
      about: '1 where artificial drainage leads to a stream',
      unit: '1',
      kind: 'classes',
      invest: 'drainage_path',
      optional: true,
    },
  },
  tables: {
    biophysical: {
      about: 'one row for each land-cover class',
      of: ['lulc'],
      invest: 'biophysical_table_path',
      columns: {
        usle_c: { about: 'cover-management factor C', unit: '1', range: [0, 1] },
        usle_p: { about: 'support practice factor P', unit: '1', range: [0, 1] },
      },
    },
  },
  params: {
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
    sdr_max: { about: 'largest ratio a cell can have', unit: '1', range: [0, 1], default: 0.8 },
    ic_0_param: { about: 'connectivity at which half of the largest ratio is reached', unit: '1', default: 0.5 },
    l_max: { about: 'largest slope length factor L', unit: '1', range: [0, Infinity], default: 122 },
    order: {
      about: 'on plateaus and along traced streams: free of any order, or as InVEST meets the cells',
      unit: '1',
      choices: ['free', 'invest'],
      default: 0,
    },
  },
  outputs: OUTPUTS,
  metric: true,
  square: true,
  stages: [
    { local: 'mask_dem_with_drainage', shader: MASKS },
    { local: 'mask_dem', shader: MASKS },
    { local: 'mask_inputs', shader: MASKS, bind: { dem: 'masked_dem' } },
    { local: 'mask_drainage', shader: MASKS, bind: { dem: 'masked_dem' } },
    { solve: 'fill_depressions', bind: { dem: 'masked_dem', filled: 'pit_filled_dem' } },
    { solve: 'flow_direction', bind: { filled: 'pit_filled_dem' }, params: algorithm },
    { local: 'direction_code', shader: 'routing', bind: { code: 'flow_direction' }, params: algorithm },
    { focal: 'slope', shader: 'slope', halo: 1, bind: { dem: 'pit_filled_dem', slope_percent: 'slope' } },
    { local: 'cover_factors', bind: { dem: 'masked_dem' } },
    { local: 'flow_weights' },
    {
      solve: 'flow_accumulation',
      bind: {
        weight: 'w_threshold',
        weight_2: 'slope_threshold',
        accumulation: 'flow_accumulation',
        weighted: 'w_accumulation',
        weighted_2: 's_accumulation',
      },
      params: threshold,
    },
    { solve: 'streams', params: algorithm },
    { local: 'join_drainage', bind: { channels: 'stream_and_drainage' } },
    { local: 'slope_length', shader: SOIL_LOSS, bind: { accumulation: 'flow_accumulation' } },
    {
      local: 'upslope_means',
      bind: { accumulation: 'flow_accumulation', cover_sum: 'w_accumulation', slope_sum: 's_accumulation' },
    },
    ...STREAMS.map(distanceTo),
    { local: 'connect', bind: { upslope: 'd_up', downslope: 'd_dn' } },
    ...STREAMS.flatMap(besides),
    { solve: 'sediment_deposition', bind: { sdr: 'sdr_factor', deposition: 'sed_deposition', flux: 'f' } },
    {
      local: 'avoid_export',
      bind: { avoided: 'avoided_erosion', ratio: 'sdr_factor', deposition: 'sed_deposition' },
    },
    {
      local: 'drains_to_stream',
      shader: 'routing',
      bind: { way: 'd_dn', drains: 'what_drains_to_stream' },
    },
  ],
  tolerance: { rtol: 2e-5, atol: 0, because: 'powers and products in float32 (invest-models.md section 5)' },
  tolerances: {
    slope: { rtol: 1e-5, atol: 1e-4, because: 'differences of a float32 DEM (invest-models.md section 4.7)' },
    ic: { rtol: 0, atol: 1e-5, because: 'invest-models.md section 5' },
    sdr_factor: { rtol: 0, atol: 5e-6, because: 'invest-models.md section 5' },
    sed_export: { rtol: 5e-5, atol: 0, because: 'invest-models.md section 5' },
    e_prime: { rtol: 5e-5, atol: 0, because: 'as sed_export' },
    sed_deposition: { rtol: 1e-4, atol: 1e-5, because: 'long chains in float32 (invest-models.md section 5)' },
    f: { rtol: 1e-4, atol: 1e-5, because: 'long chains in float32 (invest-models.md section 5)' },
    avoided_export: { rtol: 1e-4, atol: 1e-5, because: 'as sed_deposition, which it contains' },
  },
});
