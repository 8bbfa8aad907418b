import { defineModel } from '../../core/model.ts';

const QUARTIC = 2; // kernel of `convolve`

/** Where there is much to see. */
export const attraction_density = defineModel({
  id: 'attraction_density',
  title: 'Density of attractions',
  about: 'Kernel density of points of interest, with a quartic kernel.',
  equations: ['(1) density = Σ K(d) attractions,  K(d) = (1 − (d / bandwidth)²)² for d < bandwidth, over its sum'],
  sources: ['supply-demand.md'],
  inputs: {
    attractions: { about: 'attractions in each cell, by weight', unit: '1', kind: 'count', plausible: [0, 1e6] },
  },
  params: { bandwidth: { about: 'radius of the kernel', unit: 'm', range: [1, 1e6], default: 20000 } },
  outputs: { density: { about: 'density of attractions', unit: '1', range: [0, Infinity] } },
  metric: true,
  square: true,
  stages: [
    {
      solve: 'convolve',
      bind: { values: 'attractions', sum: 'density' },
      params: ({ bandwidth }, { cellWidth }) => ({ kernel: QUARTIC, radius: bandwidth / cellWidth }),
    },
  ],
  tolerance: { rtol: 1e-6, atol: 1e-6, because: 'convolve' },
});
