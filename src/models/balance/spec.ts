import { defineModel } from '../../core/model.ts';

/** Supply against demand, cell by cell, before anything flows. */
export const balance = defineModel({
  id: 'balance',
  title: 'Static balance and supply-demand ratio',
  about: 'Supply less demand in each cell, and the same as a share of the middle of their largest values.',
  equations: [
    '(1) balance_static = supply − demand',
    '(2) ratio = (supply − demand) / ((supply_max + demand_max) / 2),  maxima over all years',
  ],
  sources: ['source 002, section 3.2', 'supply-demand.md'],
  inputs: {
    supply: { about: 'supply of the service', unit: 'any', kind: 'density' },
    demand: { about: 'demand for the service, in the same unit', unit: 'any', kind: 'density', unitOf: 'supply' },
  },
  params: {
    supply_max: { about: 'largest supply of all years', unit: 'any', optional: true },
    demand_max: { about: 'largest demand of all years', unit: 'any', optional: true },
  },
  outputs: {
    balance_static: { about: 'supply less demand', unit: 'any', centre: 0 },
    ratio: {
      about: 'supply less demand, as a share of the middle of their largest values',
      unit: '1',
      range: [-2, 2],
      centre: 0,
    },
  },
  stages: [{ local: 'difference' }, { local: 'ratio', bind: { supply_demand_ratio: 'ratio' } }],
  tolerance: {
    rtol: 1e-6,
    atol: 0,
    because: 'one subtraction and one division; the inputs are the same float32 values',
  },
});
