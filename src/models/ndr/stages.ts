/** The stages of NDR, from terrain to loads, retention and exports. Equations by number in spec.ts. */
import type { Stage } from '../../core/stage.ts';
import type { Values } from '../../core/values.ts';

const threshold = ({ threshold_flow_accumulation }: Values) => ({ threshold: threshold_flow_accumulation, trace: 1 });
const algorithm = ({ flow_dir_algorithm }: Values) => ({ algorithm: flow_dir_algorithm });

export const STAGES = [
  { solve: 'fill_depressions', bind: { filled: 'filled_dem' } },
  { solve: 'flow_direction', bind: { filled: 'filled_dem' }, params: algorithm },
  { local: 'direction_code', shader: 'routing', bind: { code: 'flow_direction' }, params: algorithm },
  { focal: 'slope', shader: 'slope', halo: 1, bind: { dem: 'filled_dem', slope_percent: 'slope' } },
  { local: 'flow_weights' },
  {
    solve: 'flow_accumulation',
    bind: { weight: 'thresholded_slope', accumulation: 'flow_accumulation', weighted: 's_accumulation' },
    params: threshold,
  },
  { solve: 'streams', params: algorithm },
  {
    solve: 'distance_to_stream',
    bind: { weight: 's_factor_inverse', weighted: 'd_dn', steps: 'dist_to_channel' },
    params: algorithm,
  },
  {
    local: 'drains_to_stream',
    shader: 'routing',
    bind: { way: 'd_dn', drains: 'what_drains_to_stream' },
  },
  { local: 'upslope_means', bind: { accumulation: 'flow_accumulation', slope_sum: 's_accumulation' } },
  { local: 'connect', shader: 'sdr', bind: { upslope: 'd_up', downslope: 'd_dn', ic: 'ic_factor' } },
  { local: 'index_runoff', params: () => ({ ic_0: 0 }) }, // 0: not used there, and not waited for
  { local: 'load_nitrogen', when: 'calc_n', bind: { runoff_index: 'runoff_proxy_index' } },
  { local: 'load_phosphorus', when: 'calc_p', bind: { runoff_index: 'runoff_proxy_index' } },
  { local: 'hold_nitrogen', when: 'calc_n', bind: { eff: 'eff_n', crit_len: 'crit_len_n' } },
  { local: 'hold_phosphorus', when: 'calc_p', bind: { eff: 'eff_p', crit_len: 'crit_len_p' } },
  {
    id: 'effective_retention_n',
    solve: 'effective_retention',
    bind: { efficiency: 'eff_n', critical_length: 'crit_len_n', retention: 'effective_retention_n' },
  },
  {
    id: 'effective_retention_p',
    solve: 'effective_retention',
    bind: { efficiency: 'eff_p', critical_length: 'crit_len_p', retention: 'effective_retention_p' },
  },
  {
    id: 'deliver_n',
    local: 'deliver',
    bind: { retention: 'effective_retention_n', connectivity: 'ic_factor', ndr: 'ndr_n' },
    params: () => ({ runoff_proxy_av: 0 }),
  },
  {
    id: 'deliver_p',
    local: 'deliver',
    bind: { retention: 'effective_retention_p', connectivity: 'ic_factor', ndr: 'ndr_p' },
    params: () => ({ runoff_proxy_av: 0 }),
  },
  {
    local: 'deliver_by_ground',
    when: 'calc_n',
    params: () => ({ ic_0: 0, runoff_proxy_av: 0 }),
    bind: { steps: 'dist_to_channel', sub_ndr: 'sub_ndr_n' },
  },
  {
    id: 'surface_export_n',
    local: 'export_load',
    bind: { load: 'surface_load_n', ratio: 'ndr_n', exported: 'n_surface_export' },
  },
  {
    id: 'subsurface_export_n',
    local: 'export_load',
    bind: { load: 'sub_load_n', ratio: 'sub_ndr_n', exported: 'n_subsurface_export' },
  },
  {
    id: 'surface_export_p',
    local: 'export_load',
    bind: { load: 'surface_load_p', ratio: 'ndr_p', exported: 'p_surface_export' },
  },
  {
    local: 'add_exports',
    bind: { surface: 'n_surface_export', ground: 'n_subsurface_export', total: 'n_total_export' },
  },
  {
    local: 'retain_nitrogen',
    bind: {
      load: 'surface_load_n',
      ratio: 'ndr_n',
      ground_load: 'sub_load_n',
      ground_ratio: 'sub_ndr_n',
      retained: 'n_retention',
      brought: 'n_load',
    },
  },
  {
    local: 'retain_phosphorus',
    bind: { load: 'surface_load_p', ratio: 'ndr_p', retained: 'p_retention', brought: 'p_load' },
  },
] as const satisfies readonly Stage[];
