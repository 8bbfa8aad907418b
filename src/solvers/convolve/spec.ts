import { defineSolver } from '../../core/solver.ts';

export const spec = defineSolver({
  id: 'convolve',
  title: 'Kernel mean and sum',
  about: 'Weighted mean and sum of the valid cells around each cell, with a kernel of any radius.',
  equations: [
    'sum(p) = sum over valid q of K(p - q) x(q);  mean(p) = sum(p) / sum over valid q of K(p - q)',
    'exponential: K = exp(-r / n) for r <= 5 n;  disc: 1 for r <= n;  quartic: (1 - (r/n)²)² for r < n;  exponential and quartic over their sum',
  ],
  sources: ['invest-models.md section 7', 'gpu-algorithms.md section 2'],
  inputs: { values: { about: 'what is averaged', unit: '', type: 'f32' } },
  outputs: {
    mean: { about: 'kernel mean; nodata where the cell itself is', unit: '', type: 'f32' },
    sum: { about: 'kernel sum; nodata where the cell itself is', unit: '', type: 'f32' },
  },
  params: {
    kernel: { about: 'shape of the kernel', unit: '1', choices: ['exponential', 'disc', 'quartic'] },
    radius: { about: 'n', unit: 'cells', range: [0, 20_000] },
  },
  tolerance: {
    rtol: 1e-6,
    atol: 1e-6,
    because: 'FFT of float32 planes: the error follows the largest value of a block',
  },
});
