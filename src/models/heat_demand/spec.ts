import { defineModel } from '../../core/model.ts';

/** Where people are too hot. */
export const heat_demand = defineModel({
  id: 'heat_demand',
  title: 'Demand for cooling',
  about: 'Heat above what is comfortable, weighted with the population relative to the densest cell.',
  equations: [
    '(1) demand = max(0, temperature − comfort) · population / population_max;  0 where nobody lives anywhere',
  ],
  sources: ['supply-demand.md'],
  inputs: {
    temperature: { about: 'air temperature of the hot season', unit: 'degC', kind: 'quantity', plausible: [-40, 55] },
    population: { about: 'people', unit: 'people/km2', kind: 'density', plausible: [0, 200000], largest: [20, 200000] },
  },
  params: {
    comfort: { about: 'temperature up to which it is comfortable', unit: 'degC', range: [-40, 55], default: 26 },
    population_max: {
      about: 'densest population',
      unit: 'people/km2',
      range: [0, Infinity],
      optional: true,
      found: { of: 'population', as: 'high' },
    },
  },
  outputs: { demand: { about: 'heat that people bear', service: 'demand', unit: 'degC', range: [0, 95] } },
  stages: [{ local: 'heat' }],
  tolerance: { rtol: 1e-6, atol: 1e-6, because: 'a difference of temperatures, a product and a quotient in float32' },
});
