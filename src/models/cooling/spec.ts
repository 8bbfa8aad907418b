import { defineModel } from '../../core/model.ts';

/** Degrees by which shade, water and parks cool a cell. */
export const cooling = defineModel({
  id: 'cooling',
  title: 'Cooling',
  about: 'Cooling of the air: the heat mitigation index times the largest urban heat island.',
  equations: ['(1) cooling = heat_mitigation · uhi_max'],
  sources: ['supply-demand.md'],
  inputs: {
    heat_mitigation: {
      about: 'heat mitigation index',
      unit: '1',
      kind: 'quantity',
      plausible: [0, 1],
      from: { model: 'urban_cooling', output: 'hm' },
    },
  },
  params: {
    uhi_max: { about: 'largest urban heat island', unit: 'degC', range: [0, 30] },
  },
  outputs: { cooling: { about: 'cooling of the air', service: 'supply', unit: 'degC', range: [0, 30] } },
  stages: [{ local: 'cool' }],
  tolerance: { rtol: 3e-7, atol: 0, because: 'one product' },
});
