import { NEIGHBOURHOODS } from '../../core/neighbourhoods.ts';
import { defineSolver } from '../../core/solver.ts';

export const spec = defineSolver({
  id: 'getis_ord',
  title: 'Getis-Ord Gi*',
  about:
    'Where high or low values gather: the sum of the valid cells around a cell, itself included, against what the mean and spread of the whole raster let expect.',
  equations: [
    'm = Σ x / n,  S² = Σ (x − m)² / n  over the n valid cells of the raster',
    'q(j) = round((x(j) − m) / u),  u a power of two such that every sum over a window stays below 2^53 (decision 0021)',
    'Z(i) = u Σ q(j) / (S √((n W − W²) / (n − 1)))  over the W valid cells j of the window of i, rounded to float32; none where W = n or S = 0',
    'p = erfc(|Z| / √2);  bin = sign(Z) · 3, 2, 1 for p ≤ 0.01, 0.05, 0.1, else 0;  0 for a valid cell without Z',
    'bin_fdr: for each level a, p ≤ the largest p(k) ≤ a k / M of the M sorted p (Benjamini, Hochberg 1995)',
  ],
  sources: ['Getis, Ord 1992; Ord, Getis 1995', 'statistics.md section 1', 'gpu-algorithms.md section 2'],
  inputs: { values: { about: 'what gathers', unit: '', type: 'f32' } },
  outputs: {
    z: { about: 'Z score; nodata where it is not defined', unit: '1', type: 'f32' },
    p: { about: 'chance of a |Z| as large or larger', unit: '1', type: 'f32' },
    bin: { about: 'level of confidence: 1 to 3 hot, −1 to −3 cold, 0 neither', unit: '1', type: 'f32' },
    bin_fdr: { about: 'the same, by the share of false discoveries', unit: '1', type: 'f32' },
  },
  params: {
    shape: { about: 'of the window', unit: '1', choices: NEIGHBOURHOODS, default: 0 },
    radius: { about: 'of a disc, square or diamond', unit: 'm', range: [0, Infinity], default: 0 },
  },
  tolerance: 'exact',
  tolerances: {
    p: { rtol: 2e-7, atol: 1e-37, because: 'a polynomial with an error of 2^-30, rounded to float32' },
  },
});
