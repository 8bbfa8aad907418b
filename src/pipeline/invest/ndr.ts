/** Nutrient delivery ratio as InVEST 3.20 takes and writes it. */
import { EcofluxError } from '../../core/errors.ts';
import type { RasterDescription } from '../../io/raster-writer.ts';
import { ndr } from '../../models/ndr/spec.ts';
import type { Arguments, CheckedArguments } from './argument.ts';
import { loadSums } from './load-sums.ts';
import { writeMask } from './mask-raster.ts';
import type { FinishedRun, InvestModel } from './model.ts';
import {
  ACCUMULATION,
  describeDirection,
  gridOfDem,
  intermediatesOf,
  LARGEST,
  POSITIVE,
  RATIO,
  ROUTING_ARGUMENTS,
  SMALLEST,
  WATERSHEDS,
  zoneSums,
} from './routed.ts';
import { sayEmpty, writeZoneTable } from './zone-table.ts';

const ARGUMENTS: Arguments = {
  ...ROUTING_ARGUMENTS,
  runoff_proxy_path: { kind: 'raster', about: 'what runoff follows, precipitation for instance' },
  calc_n: { kind: 'boolean', about: 'compute nitrogen' },
  calc_p: { kind: 'boolean', about: 'compute phosphorus' },
  runoff_proxy_av: {
    kind: 'number',
    about: 'mean of the runoff proxy, where that of the raster is not meant',
    accepts: POSITIVE,
    optional: true,
  },
  subsurface_critical_length_n: {
    kind: 'number',
    about: 'length over which the ground retains nitrogen',
    accepts: POSITIVE,
    when: 'calc_n',
  },
  subsurface_eff_n: {
    kind: 'number',
    about: 'largest share of nitrogen that the ground retains',
    accepts: RATIO,
    when: 'calc_n',
  },
};

const NITROGEN = ['n_surface_export', 'n_subsurface_export', 'n_total_export'];
const PHOSPHORUS = ['p_surface_export'];
/** Fields of ours that InVEST does not have. */
const OURS = ['direction', 'reach', 'n_retention', 'p_retention', 'n_load', 'p_load'];

export const investNdr: InvestModel = {
  model: ndr,
  aliases: ['nutrient_delivery_ratio'],
  arguments: ARGUMENTS,
  folders: { outputs: '', intermediates: 'intermediate_outputs/' },
  mask: WATERSHEDS,
  describe,
  essential: ['stream'],

  rules({ file, booleans: { calc_n, calc_p } }) {
    if (calc_n || calc_p) return [];
    return [
      new EcofluxError('InvalidConfiguration', 'either calc_n or calc_p must be true', {
        file,
        place: 'calc_n',
        fix: 'make one of them true, or both',
      }),
    ];
  },

  outputs: (checked) => [...exportsOf(checked), 'stream'],
  intermediates: ({ booleans: { calc_n, calc_p } }) =>
    intermediatesOf(ndr, OURS).filter((name) => (calc_n || !name.endsWith('_n')) && (calc_p || !name.endsWith('_p'))),
  summed: { zones: WATERSHEDS, outputs: exportsOf },
  gridOf: gridOfDem,
  finish: writeResults,
};

function exportsOf({ booleans: { calc_n, calc_p } }: CheckedArguments): string[] {
  return [...(calc_n ? NITROGEN : []), ...(calc_p ? PHOSPHORUS : [])];
}

function describe(output: string, checked: CheckedArguments): Partial<RasterDescription> {
  if (output === 'flow_direction') return describeDirection(checked);
  if (output === 'masked_lulc') return { sampleType: 'i32', nodata: -(2 ** 31) };
  if (output === 'masked_runoff_proxy') return { nodata: -1 };
  if (['filled_dem', 'masked_dem', 'ic_factor', 'slope'].includes(output)) return { nodata: SMALLEST };
  if (output === 'runoff_proxy_index' || output === 'thresholded_slope') return { nodata: LARGEST };
  return output.endsWith('_accumulation') ? { nodata: ACCUMULATION } : {};
}

/** Fields of the table in InVEST's order: sums of loads, which may not have been written, and of exports. */
const FIELDS = [
  'n_surface_load',
  'n_surface_export',
  'n_subsurface_export',
  'n_total_export',
  'n_subsurface_load',
  'p_surface_load',
  'p_surface_export',
];

async function writeResults(run: FinishedRun): Promise<Record<string, unknown>> {
  const { prepared, intermediates } = run;
  const { zones: all, params } = prepared;
  const zones = all.get(WATERSHEDS)!;
  const exports = exportsOf(prepared.checked);
  const { sums, isEmpty } = await zoneSums(run, zones, exports);
  const loads = await loadSums(run, zones);
  const results = zones.features.map((_, zone) => ({
    ...loads[zone],
    ...Object.fromEntries(exports.map((field, i) => [field, sums[i][zone]])),
  }));
  sayEmpty(run, zones, isEmpty, 'exports are 0');
  const fields = FIELDS.filter((field) => (field.startsWith('n_') ? params.calc_n : params.calc_p));
  const tables = await writeZoneTable(run, 'watershed_results_ndr', zones, fields, results);
  return intermediates ? { ...tables, ...(await writeMask(run, 'intermediate_outputs/watersheds_mask')) } : tables;
}
