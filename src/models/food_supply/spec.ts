import { defineModel } from '../../core/model.ts';

/** What statistics say a region harvests, on the fields that grew it. */
export const food_supply = defineModel({
  id: 'food_supply',
  title: 'Food production',
  about: 'Food of statistical regions spread over their cropland by its greenness.',
  equations: [
    '(1) weight = max(0, ndvi) · cropland(class)',
    '(2) weight_sum = Σ weight over the region',
    '(3) food_supply = food(region) · weight / weight_sum;  0 where the region has no green cropland',
  ],
  sources: ['supply-demand.md'],
  inputs: {
    lulc: { about: 'land-cover classes', unit: '1', kind: 'classes' },
    ndvi: { about: 'vegetation index', unit: '1', kind: 'quantity', plausible: [-1, 1], largest: [0.1, 1] },
    regions: { about: 'regions of the statistics, by number', unit: '1', kind: 'classes' },
  },
  tables: {
    biophysical: {
      about: 'properties of each land-cover class',
      of: ['lulc'],
      columns: { cropland: { about: 'share of the class that bears crops', unit: '1', range: [0, 1] } },
    },
    food: {
      about: 'statistics, one row for each region',
      of: ['regions'],
      columns: { food: { about: 'food produced', unit: 't/yr', range: [0, 1e12] } },
    },
  },
  params: {},
  outputs: {
    food_supply: { about: 'food produced in the cell', service: 'supply', unit: 't/yr', range: [0, Infinity] },
    weight: { about: 'greenness of cropland', unit: '1', range: [0, 1], intermediate: true },
    weight_sum: {
      about: 'greenness of the cropland of the region',
      unit: '1',
      range: [0, Infinity],
      intermediate: true,
    },
  },
  stages: [
    { local: 'greenness' },
    { solve: 'zonal_sum', bind: { values: 'weight', zones: 'regions', sum: 'weight_sum' } },
    { local: 'spread' },
  ],
  tolerance: { rtol: 1e-6, atol: 0, because: 'a product and a quotient of float32 numbers; the sum is exact' },
});
