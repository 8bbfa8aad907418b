import { defineModel } from '../../core/model.ts';

/** Nutrient on the land beyond what the water that runs off may carry. */
export const nutrient_demand = defineModel({
  id: 'nutrient_demand',
  title: 'Demand for nutrient purification',
  about: 'Nutrient load above what the water yield may carry at the permitted concentration.',
  equations: [
    '(1) demand = max(0, nutrient_load − c_max · water_yield · 10),  1 mm is 10 m³ on a hectare;  0 where the load is 0, as on streams',
  ],
  sources: ['supply-demand.md', 'flow.md section 4'],
  inputs: {
    nutrient_load: {
      about: 'nutrient on the land',
      unit: 'kg/(ha yr)',
      kind: 'density',
      plausible: [0, 500],
      from: { model: 'ndr', by: 'nutrient', outputs: { n: 'n_load', p: 'p_load' } },
    },
    water_yield: {
      about: 'water that runs off',
      unit: 'mm/yr',
      kind: 'density',
      plausible: [0, 10000],
      from: { model: 'annual_water_yield', output: 'wyield' },
    },
  },
  params: {
    nutrient: { about: 'which nutrient, where its load comes from ndr', unit: '1', choices: ['n', 'p'], default: 0 },
    c_max: { about: 'permitted concentration', unit: 'kg/m3', range: [0, 1] },
  },
  outputs: {
    demand: {
      about: 'nutrient to be kept from the water',
      service: 'demand',
      unit: 'kg/(ha yr)',
      range: [0, Infinity],
    },
  },
  stages: [{ local: 'excess' }],
  tolerance: { rtol: 3e-7, atol: 1e-4, because: 'the difference of two float32 numbers of the order of 500' },
});
