import { EcofluxError } from '../../core/errors.ts';
import { defineModel } from '../../core/model.ts';
import type { CellSize } from '../../core/stage.ts';
import type { Values } from '../../core/values.ts';

/** As the operator convolve numbers them. */
const KERNELS = ['exponential', 'disc', 'quartic', 'linear'] as const;
/** Multiples of the radius up to which each goes. */
const REACHES = [5, 1, 1, 1];

/** What is around each place: means and sums with a kernel. */
export const convolve = defineModel({
  id: 'convolve',
  title: 'Kernel mean and sum',
  about: 'Weighted mean and sum of the valid cells around each cell, with a kernel of any radius.',
  equations: [
    '(1) mean(p) = Σ K(p − q) x(q) / Σ K(p − q) over the valid cells q',
    '(2) sum(p) = Σ K(p − q) x(q) over the valid cells q',
    'K by the distance r and the radius n: exponential exp(−r / n) to r = 5 n;  disc 1 to r = n;  quartic (1 − (r / n)²)²;  linear 1 − r / n',
    'all but the disc over their sum; nodata where the cell itself is; exactly 0 where no value other than 0 is within the kernel',
  ],
  sources: ['invest-models.md section 7', 'Silverman 1986, Density Estimation'],
  inputs: { values: { about: 'what is averaged', unit: 'any', kind: 'density' } },
  params: {
    kernel: { about: 'shape of the kernel', unit: '1', choices: KERNELS, default: 0 },
    radius: { about: 'n of the kernel', unit: 'm', range: [0, 1e7] },
  },
  outputs: {
    mean: { about: 'kernel mean', unit: 'any' },
    sum: { about: 'kernel sum', unit: 'any', intermediate: true },
    weight: { about: 'kernel sum of the valid cells', unit: '1', intermediate: true },
  },
  metric: true,
  square: true,
  stages: [{ solve: 'convolve', params: kernelInCells }],
  tolerance: { rtol: 1e-6, atol: 1e-6, because: 'convolve' },
});

/** @throws EcofluxError InvalidConfiguration for a kernel that meets no neighbour of a cell */
function kernelInCells({ kernel, radius }: Values, { cellWidth }: CellSize): Values {
  if (!Number.isNaN(radius) && !(radius * REACHES[kernel] >= cellWidth))
    throw new EcofluxError('InvalidConfiguration', 'radius is too short for the cells', {
      found: `${radius} m, with which the kernel meets no neighbour of a cell of ${cellWidth} m`,
      expected: `${cellWidth / REACHES[kernel]} m or more`,
      fix: 'give a longer radius, or use a finer raster',
    });
  return { kernel, radius: radius / cellWidth };
}
