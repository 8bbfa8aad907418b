import { defineModel } from '../../core/model.ts';

const DISC = 1; // kernel of `convolve`

/** How much people wear on habitat and miss it: equation 13 of source 002. */
export const habitat_demand = defineModel({
  id: 'habitat_demand',
  title: 'Demand for habitat',
  about: 'Development of the land around a cell times the logarithms of population and economic density.',
  equations: [
    '(1) intensity = mean of developed(class) over the valid cells within `window`',
    '(2) demand = intensity · lg(population) · lg(gdp),  lg of numbers below 1 taken as 0',
  ],
  sources: ['source 002, equation 13', 'supply-demand.md'],
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
      columns: {
        developed: { about: 'share of the class that is built up or developed else', unit: '1', range: [0, 1] },
      },
    },
  },
  params: {
    window: {
      about: 'radius within which development counts; 0 for the cell alone',
      unit: 'm',
      range: [0, 1e6],
      default: 1000,
    },
  },
  outputs: {
    demand: { about: 'demand for habitat', service: 'demand', unit: '1', range: [0, 50] },
    developed: { about: 'developed share of the cell', unit: '1', range: [0, 1], intermediate: true },
    intensity: { about: 'developed share of the land around the cell', unit: '1', range: [0, 1], intermediate: true },
  },
  metric: true,
  square: true,
  stages: [
    { local: 'development' },
    {
      solve: 'convolve',
      bind: { values: 'developed', mean: 'intensity' },
      params: ({ window }, { cellWidth }) => ({ kernel: DISC, radius: Math.max(0.5, window / cellWidth) }),
    },
    { local: 'pressure' },
  ],
  tolerance: { rtol: 1e-6, atol: 2e-5, because: 'the mean errs by 1e-6, times two logarithms below 8' },
  tolerances: {
    developed: { rtol: 1e-7, atol: 0, because: 'a table value' },
    intensity: { rtol: 1e-6, atol: 1e-6, because: 'convolve' },
  },
});
