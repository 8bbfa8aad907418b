/** Sediment delivery ratio as InVEST 3.20 takes and writes it. */
import type { RasterDescription } from '../../io/raster-writer.ts';
import { sdr } from '../../models/sdr/spec.ts';
import type { Arguments, CheckedArguments } from './argument.ts';
import type { FinishedRun, InvestModel } from './model.ts';
import {
  ACCUMULATION,
  describeDirection,
  gridOfDem,
  intermediatesOf,
  LARGEST,
  NOT_NEGATIVE,
  RATIO,
  ROUTING_ARGUMENTS,
  SMALLEST,
  WATERSHEDS,
  zoneSums,
} from './routed.ts';
import { sayEmpty, writeZoneTable } from './zone-table.ts';

const ARGUMENTS: Arguments = {
  ...ROUTING_ARGUMENTS,
  erosivity_path: { kind: 'raster', about: 'rainfall erosivity R, MJ mm/(ha h yr)' },
  erodibility_path: { kind: 'raster', about: 'soil erodibility K, t ha h/(ha MJ mm)' },
  drainage_path: { kind: 'classes', about: '1 where drainage leads to a stream', optional: true },
  sdr_max: { kind: 'number', about: 'the largest ratio', accepts: RATIO },
  ic_0_param: { kind: 'number', about: 'connectivity at which half of it is reached' },
  l_max: { kind: 'number', about: 'the largest slope length factor', accepts: NOT_NEGATIVE },
};

const OUTPUTS = ['rkls', 'sed_export', 'sed_deposition', 'stream', 'usle', 'avoided_export', 'avoided_erosion'];
/** Fields of ours that InVEST does not have. */
const OURS = ['direction', 'reach', 'soil_retention', 'soil_erosion'];

/** Fields of the table by the raster that is summed. */
const SUMS = {
  usle_tot: 'usle',
  sed_export: 'sed_export',
  sed_dep: 'sed_deposition',
  avoid_exp: 'avoided_export',
  avoid_eros: 'avoided_erosion',
} as const;

const hasDrainage = ({ paths }: CheckedArguments) => paths.drainage_path !== undefined;

export const investSdr: InvestModel = {
  model: sdr,
  aliases: ['sediment_delivery_ratio'],
  arguments: ARGUMENTS,
  folders: { outputs: '', intermediates: 'intermediate_outputs/' },
  resampling: { dem: 'bilinear', erosivity: 'bilinear', erodibility: 'bilinear', lulc: 'mode', drainage: 'nearest' },
  mask: WATERSHEDS,
  describe,
  essential: ['stream'],
  rules: () => [],
  outputs: (checked) => [...OUTPUTS, ...(hasDrainage(checked) ? ['stream_and_drainage'] : [])],
  intermediates: (checked) => intermediatesOf(sdr, hasDrainage(checked) ? OURS : [...OURS, 'masked_drainage']),
  summed: { zones: WATERSHEDS, outputs: () => Object.values(SUMS) },
  gridOf: gridOfDem,
  finish: writeSums,
};

const LARGEST_NODATA = [
  'avoided_erosion',
  'avoided_export',
  'sed_export',
  'usle',
  'masked_dem',
  'masked_erosivity',
  'masked_erodibility',
  'pit_filled_dem',
  'w_threshold',
  'slope_threshold',
  'ws_inverse',
  'd_up',
  's_bar',
  'w_bar',
  'ls',
];

function describe(output: string, checked: CheckedArguments): Partial<RasterDescription> {
  if (output === 'flow_direction') return describeDirection(checked);
  if (output === 'masked_lulc' || output === 'masked_drainage') return { sampleType: 'f32', nodata: LARGEST };
  if (output === 'ic' || output === 'slope') return { nodata: SMALLEST };
  if (output === 'mask') return { nodata: 0 };
  if (output.endsWith('_accumulation')) return { nodata: ACCUMULATION };
  return LARGEST_NODATA.includes(output) ? { nodata: LARGEST } : {};
}

async function writeSums(run: FinishedRun): Promise<Record<string, unknown>> {
  const zones = run.prepared.zones.get(WATERSHEDS)!;
  const { sums, isEmpty } = await zoneSums(run, zones, Object.values(SUMS));
  const fields = Object.keys(SUMS);
  const results = zones.features.map((_, zone) => Object.fromEntries(fields.map((field, i) => [field, sums[i][zone]])));
  sayEmpty(run, zones, isEmpty, 'sums are 0');
  return writeZoneTable(run, 'watershed_results_sdr', zones, fields, results);
}
