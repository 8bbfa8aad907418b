import { defineModel } from '../../core/model.ts';

/** Carbon that an ecosystem takes up in a year and keeps. */
export const net_ecosystem_production = defineModel({
  id: 'net_ecosystem_production',
  title: 'Net ecosystem production',
  about: 'Carbon sequestered in a year: net primary production less what the soil breathes out.',
  equations: ['(1) nep = npp − respiration'],
  sources: ['supply-demand.md'],
  inputs: {
    npp: { about: 'net primary production', unit: 'tC/(ha yr)', kind: 'density', plausible: [0, 60] },
    respiration: {
      about: 'heterotrophic respiration of the soil',
      unit: 'tC/(ha yr)',
      kind: 'density',
      plausible: [0, 60],
    },
  },
  params: {},
  outputs: { nep: { about: 'carbon sequestered', service: 'supply', unit: 'tC/(ha yr)', centre: 0 } },
  stages: [{ local: 'production' }],
  tolerance: { rtol: 2e-7, atol: 0, because: 'one difference of float32 numbers' },
});
