import { NEIGHBOURHOODS } from '../../core/neighbourhoods.ts';
import { defineSolver } from '../../core/solver.ts';

export const WEIGHTS = ['row', 'binary'] as const;

export const spec = defineSolver({
  id: 'morans_i',
  title: "Moran's I",
  about:
    'How much neighbours are alike: the product of what a cell and its neighbours deviate from the mean, by cell, and over the whole raster with its expectation and variance.',
  equations: [
    'z = x − mean of the n valid cells, S² = Σ z² / n;  of two rasters those cells that are valid in both, and y for the neighbours',
    'lag(i) = Σ w(i, j) z(j) over the k(i) valid neighbours j ≠ i;  w = 1, or 1 / k(i) (row);  0 without neighbours',
    'local(i) = (n − 1) / n · z(i) / S · lag(i) / S;  quadrant 1 high among high, 2 low among high, 3 low among low, 4 high among low',
    'I = (n / S0) Σ z lag / Σ z²,  S0 = Σ w;  of two rasters Σ zx lag / (n Sx Sy)',
    'E = −1 / (n − 1);  variance (normality) = (n² S1 − n S2 + 3 S0²) / (S0² (n² − 1)) − E²',
  ],
  sources: ['Moran 1950; Cliff, Ord 1981; Anselin 1995', 'statistics.md section 6'],
  inputs: {
    values: { about: 'x', unit: '', type: 'f32' },
    other: { about: 'y, whose neighbours count', unit: '', type: 'f32', optional: true },
  },
  outputs: {
    local: { about: 'local I', unit: '1', type: 'f32' },
    quadrant: { about: 'whether cell and neighbours are high or low', unit: '1', type: 'u32' },
  },
  params: {
    shape: { about: 'of the window', unit: '1', choices: NEIGHBOURHOODS, default: 3 },
    radius: { about: 'of a disc, square or diamond', unit: 'm', range: [0, Infinity], default: 0 },
    weights: { about: 'of neighbours: those of a cell together 1, or 1 each', unit: '1', choices: WEIGHTS, default: 0 },
  },
  tolerance: 'exact',
});
