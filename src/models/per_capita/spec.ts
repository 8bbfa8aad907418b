import { defineModel } from '../../core/model.ts';

/** What the people in a cell use or emit in a year: equations 11 (water) and 12 (carbon) of source 002. */
export const per_capita = defineModel({
  id: 'per_capita',
  title: 'Demand per person',
  about: 'Demand of the people in each cell: an amount per person and year times the people there.',
  equations: ['(1) demand = amount · population · A,  A the area of a cell in km²'],
  sources: ['source 002, equations 11 and 12'],
  inputs: {
    population: {
      about: 'people',
      unit: 'people/km2',
      kind: 'density',
      plausible: [0, 200000],
      largest: [20, 200000], // a village has more; people per cell of 30 m have less
    },
  },
  params: {
    amount: {
      about: 'amount for one person in a year, in the unit of the service',
      unit: 'any/yr',
      range: [0, Infinity],
    },
  },
  outputs: { demand: { about: 'demand of the people in the cell', service: true, unit: 'any', range: [0, Infinity] } },
  metric: true,
  stages: [{ local: 'per_capita' }],
  tolerance: { rtol: 5e-7, atol: 0, because: 'four multiplications and a constant rounded to float32' },
});
