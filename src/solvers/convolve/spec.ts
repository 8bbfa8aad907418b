import { defineSolver } from '../../core/solver.ts';

export const spec = defineSolver({
  id: 'convolve',
  title: 'Kernel mean and sum',
  about: 'Weighted mean and sum of the valid cells around each cell, with a kernel of any radius.',
  equations: [
    'sum(p) = sum over valid q of K(p - q) x(q);  weight(p) = sum over valid q of K(p - q);  mean(p) = sum(p) / weight(p)',
    'exponential: K = exp(-r / n) for r <= 5 n;  disc: 1 for r <= n;  quartic: (1 - (r/n)²)² for r < n;  linear: 1 - r/n for r < n',
    'exponential, quartic and linear over their sum, rounded to float32; r in cells',
    'exactly 0: sum and mean of a cell with no value other than 0 within the kernel. Exact: weight of a disc, and its sum where all values are whole numbers',
  ],
  sources: ['invest-models.md section 7', 'gpu-algorithms.md section 2', 'Stockham 1966; Bailey 1990'],
  inputs: { values: { about: 'what is averaged', unit: '', type: 'f32' } },
  outputs: {
    mean: { about: 'kernel mean; nodata where the cell itself is', unit: '', type: 'f32' },
    sum: { about: 'kernel sum; nodata where the cell itself is', unit: '', type: 'f32' },
    weight: { about: 'kernel sum of the valid cells; nodata where the cell itself is', unit: '1', type: 'f32' },
  },
  params: {
    kernel: { about: 'shape of the kernel', unit: '1', choices: ['exponential', 'disc', 'quartic', 'linear'] },
    radius: { about: 'n', unit: 'cells', range: [0, 20_000] },
  },
  tolerance: {
    rtol: 1e-6,
    atol: 1e-6,
    because:
      'all sums in float64, which err by some 10^-14 of the kernel sum times the largest contrast of a block (where less than 10^-7 of the kernel is valid, summed cell by cell); on devices in pairs of float32 with 44 bits; then rounded to float32',
  },
});
