import { defineModel, type InputSpec, type Model, type OutputSpec } from '../../core/model.ts';
import type { Stage } from '../../core/stage.ts';
import { addQuality, addRarity } from './quality-stages.ts';
import { tablesOf } from './tables.ts';
import { addThreat, threatInput } from './threat-stages.ts';
import { type HabitatMap, SHARE, type Threat, TIMES } from './threats.ts';

export type { HabitatMap, Threat } from './threats.ts';

export interface HabitatOptions {
  readonly threats: readonly Threat[];
  readonly maps: readonly HabitatMap[];
  /** There is an input `access`. */
  readonly access?: boolean;
  /** There are inputs for how rare a land cover has become since a baseline. */
  readonly rarity?: boolean;
  /** InVEST's intermediate rasters of distance and decay, which have values where the land cover has none. */
  readonly transforms?: boolean;
}

/** Outputs on the way to InVEST's, which InVEST does not have. */
export function isOurs(output: string): boolean {
  return /^(source|squared|open)_|^deg_sum_\d+_/.test(output);
}

const INVEST_LULC: Readonly<Record<HabitatMap, string>> = { c: 'lulc_cur_path', f: 'lulc_fut_path' };

/**
 * The model for some threats. Its inputs, tables, stages and intermediates follow from them: `threat_<name>_c`, `sensitivity_<name>`, …
 * Rasters and tables are called as InVEST calls its files: `quality_c`, `deg_sum_c`, `sens_<name>_c`, `filtered_<decay>_<name>_c`.
 */
export function habitatModel({
  threats,
  maps,
  access = false,
  rarity = false,
  transforms = false,
}: HabitatOptions): Model {
  const inputs: Record<string, InputSpec> = {};
  const outputs: Record<string, OutputSpec> = {};
  const stages: Stage[] = [];
  const total = threats.reduce((sum, { weight }) => sum + weight, 0);
  const lulcs = maps.map((map) => `lulc_${map}`);
  for (const map of maps) {
    inputs[`lulc_${map}`] = {
      about: `land-cover classes${TIMES[map]}`,
      unit: '1',
      kind: 'classes',
      layer: map === 'c' ? 'lulc' : 'lulc_fut',
      invest: INVEST_LULC[map],
    };
    for (const threat of threats) {
      if (threat.of !== 'classes') inputs[`threat_${threat.name}_${map}`] = threatInput(threat, TIMES[map]);
      addThreat(threat, threat.weight / total, map, { access, transforms }, outputs, stages);
    }
    addQuality(threats, map, access, outputs, stages);
    if (rarity) addRarity(map, outputs, stages);
  }
  if (access)
    inputs.access = {
      about: 'how far threats reach: 0 protected, 1 open',
      unit: '1',
      kind: 'density',
      plausible: SHARE,
    };
  if (rarity)
    inputs.lulc_bas = {
      about: 'land-cover classes of the baseline',
      unit: '1',
      kind: 'classes',
      invest: 'lulc_bas_path',
    };
  return { ...GENERAL, inputs, tables: tablesOf(threats, lulcs, maps, rarity), outputs, stages };
}

const GENERAL = defineModel({
  id: 'habitat_quality',
  title: 'Habitat quality',
  about: 'Quality of habitat from its suitability and from threats around it, which reach as far as each of them does.',
  equations: [
    '(1) source = 1 where the threat is neither nodata nor 0, or where the class is one of the threat',
    '(2) d = distance to the nearest source, in cells;  D = max_dist / cell size',
    '(3) f = 1 − d / D (linear) or exp(−2.99 d / D) (exponential);  0 where d > D, and where there is no source at all',
    '(4) degradation_t = f · sensitivity(class, t) · weight_t / Σ weight · access',
    '(5) deg_sum = Σ_t degradation_t',
    '(6) quality = habitat · (1 − deg_sum^2.5 / (deg_sum^2.5 + half_saturation^2.5))',
    '(7) rarity = 1 − N_cur a_cur / (N_bas a_bas + N_cur a_cur) of the class;  0 where the baseline has none of it',
  ],
  sources: ['InVEST 3.20 Habitat Quality', 'invest-models.md section 3'],
  inputs: {},
  params: {
    half_saturation: {
      about:
        'degradation at which half of the suitability is left; half of the largest degradation of the current map when left out',
      unit: '1',
      range: [1e-6, 1e6],
      optional: true,
    },
    degradation_scale: {
      about: 'twice the half-saturation where that is left out: found in the run',
      unit: '1',
      range: [0, 1e6],
      optional: true,
      found: { of: 'deg_sum_c', as: 'high' },
    },
  },
  outputs: {},
  stages: [],
  tolerance: {
    rtol: 2e-6,
    atol: 5e-7,
    because: 'two roundings to float32 and exp_accurate within 2 ulp for each threat',
  },
  metric: true,
  square: true,
  internal: true,
});

/** With two threats: what the registry holds, so that executors find every stage and the suites test them. */
export const habitat_quality = habitatModel({
  threats: [
    { name: 'first', maxDistance: 90, weight: 0.5, decay: 'linear', of: 'classes' },
    { name: 'second', maxDistance: 1000, weight: 1, decay: 'exponential', of: 'classes' },
  ],
  maps: ['c'],
  access: true,
  rarity: true,
});
