import { defineModel } from '../../core/model.ts';

/** Services of different units combined: each min-max normalised over all years together, then added with weights. */
export const composite = defineModel({
  id: 'composite',
  title: 'Composite supply and demand',
  about: 'Weighted sum of min-max normalised services, and the ratio of composite supply to composite demand.',
  equations: [
    '(1) n(x) = (x − low) / (high − low);  0 where high = low',
    '(2) total = Σ weight_s · n_s(values_s)',
    '(3) ratio = composite_supply / composite_demand;  nodata where composite_demand = 0',
  ],
  sources: ['source 002, section 3.2', 'statistics.md section 4'],
  inputs: {
    values: { about: 'supply (or demand) of one service', unit: 'any', kind: 'density' },
    total_before: { about: 'sum over the services before it', unit: '1', kind: 'density', optional: true },
    composite_supply: { about: 'composite supply', unit: '1', kind: 'density', optional: true },
    composite_demand: { about: 'composite demand', unit: '1', kind: 'density', optional: true },
  },
  params: {
    low: { about: 'smallest value of all years', unit: 'any', default: 0 },
    high: { about: 'largest value of all years', unit: 'any', default: 1 },
    weight: { about: 'weight of the service', unit: '1', range: [0, 1], default: 1 },
  },
  outputs: {
    total: { about: 'weighted sum of normalised services', unit: '1', range: [0, 1] },
    composite_ratio: { about: 'composite supply by composite demand', unit: '1', range: [0, Infinity], centre: 1 },
  },
  stages: [{ local: 'add' }, { local: 'first' }, { local: 'ratio' }], // `add` where there is a total before it,
  tolerance: {
    rtol: 2e-6,
    atol: 2e-6,
    because: 'difference and division in float32 (manifest of stats/normalise: 2e-6)',
  },
  internal: true,
});
