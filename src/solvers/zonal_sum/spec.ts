import { defineSolver } from '../../core/solver.ts';

export const spec = defineSolver({
  id: 'zonal_sum',
  title: 'Sum over a zone',
  about:
    'The sum of the valid cells of the zone that a cell lies in, in whole quanta: no order of adding shows, and a cell errs by at most max|x| / 2^31.',
  equations: [
    'q(i) = round(x(i) / quantum),  quantum = 2^(⌈log2 max|x|⌉ − 30)',
    'sum(i) = quantum · sum of q(j) over valid j of the zone of i;  nodata outside of zones',
  ],
  sources: ['supply-demand.md', 'gpu-algorithms.md 0.1'],
  inputs: {
    values: { about: 'what is added', unit: '', type: 'f32' },
    zones: { about: 'number of the zone', unit: '1', type: 'u32' },
  },
  outputs: { sum: { about: 'sum over the zone', unit: '', type: 'f32' } },
  params: {},
  tolerance: 'exact',
});
