import { defineModel } from '../../core/model.ts';

/** The amount in a cell from an amount per area, so that supply and demand are counted in the same unit. */
export const per_cell = defineModel({
  id: 'per_cell',
  title: 'Amount per cell',
  about: 'Turns a density or a depth of water into the amount in each cell.',
  equations: ['(1) amount = density · factor · A,  A the area of a cell in m²'],
  sources: ['supply-demand.md'],
  inputs: { density: { about: 'amount per area', unit: 'any', kind: 'density' } },
  params: {
    factor: {
      about: 'amount per m² for one unit of the density; 1e-3 from mm to m³, 1e-4 from t/ha to t',
      unit: 'any',
      default: 1,
    },
  },
  outputs: { amount: { about: 'amount in the cell', unit: 'any' } },
  metric: true,
  stages: [{ local: 'per_cell' }],
  tolerance: { rtol: 4e-7, atol: 0, because: 'three multiplications in float32' },
  internal: true,
});
