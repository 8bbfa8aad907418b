/** Equation (1) of amounts per cell, by hand. */
import { NODATA } from '../../src/core/cells.ts';
import { entry } from '../../src/models/per_cell/reference.ts';
import { describeModel } from '../support/describe-model.ts';

describeModel(entry, {
  worked: [
    {
      about: '(1) mm to m³ in cells of 900 m²: 12 · 10^-3 · 900',
      inputs: { density: [12, 0, -5, NODATA] },
      params: { factor: 1e-3 },
      outputs: { amount: [10.8, 0, -4.5, NODATA] },
    },
    {
      about: '(1) t/ha to t in cells of 2000 m × 500 m = 100 ha',
      inputs: { density: [242.75, 1e-6] },
      cell: [2000, 500],
      params: { factor: 1e-4 },
      outputs: { amount: [24275, 1e-4] },
    },
    { about: '(1) without a factor: per m²', inputs: { density: [1.5] }, cell: [10, 10], outputs: { amount: [150] } },
  ],
});
