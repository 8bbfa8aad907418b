import { defineModel } from '../../core/model.ts';

/** Water for people, fields and industry: equation 11 of source 002 with its extensions. */
export const water_demand = defineModel({
  id: 'water_demand',
  title: 'Demand for water',
  about: 'Water that people use, with irrigation by land-cover class and industry by economic output.',
  equations: ['(1) demand = amount · population / 100 + irrigation(class) + industry · gdp / 100,  100 ha are a km²'],
  sources: ['source 002, equation 11', 'supply-demand.md'],
  inputs: {
    lulc: { about: 'land-cover classes', unit: '1', kind: 'classes' },
    population: { about: 'people', unit: 'people/km2', kind: 'density', plausible: [0, 200000], largest: [20, 200000] },
    gdp: {
      about: 'gross domestic product',
      unit: '10^4 CNY/km2',
      kind: 'density',
      plausible: [0, 2e7],
      largest: [1, 2e7],
    },
  },
  tables: {
    biophysical: {
      about: 'properties of each land-cover class',
      of: ['lulc'],
      columns: { irrigation: { about: 'water for irrigation', unit: 'm3/(ha yr)', range: [0, 1e5] } },
    },
  },
  params: {
    amount: { about: 'water for one person in a year', unit: 'm3/yr', range: [0, 1e5] },
    industry: { about: 'water for an output of 10^4 CNY', unit: 'm3', range: [0, 1e5], default: 0 },
  },
  outputs: { demand: { about: 'water used', service: 'demand', unit: 'm3/(ha yr)', range: [0, Infinity] } },
  stages: [{ local: 'water_use' }],
  tolerance: { rtol: 5e-7, atol: 0, because: 'three products and two sums of positive float32 numbers' },
});
