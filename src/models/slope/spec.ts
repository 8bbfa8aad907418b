import { defineModel } from '../../core/model.ts';

/** Slope of the ground as InVEST computes it: Horn's 3 × 3 differences, one-sided where neighbours are missing. */
export const slope = defineModel({
  id: 'slope',
  title: 'Slope',
  about: 'Slope of the ground by Horn’s 3 × 3 differences.',
  equations: [
    '(1) outer rows: left − right over 2 cells; over 1 where one of them is missing; √2 · (corner − centre) where only a corner is left',
    '(2) the row through the cell: twice left − right over 2 cells; one-sided where one is missing',
    '(3) dz/dx = Σ rises / (Σ spans · cell width), 0 without neighbours; dz/dy likewise by columns',
    '(4) slope = 100 · √((dz/dx)² + (dz/dy)²)',
  ],
  sources: ['Horn 1981, Proceedings of the IEEE 69', 'invest-models.md section 4.7'],
  inputs: { dem: { about: 'elevation', unit: 'm', kind: 'quantity', invest: 'dem_path', plausible: [-500, 9000] } },
  params: {},
  outputs: { slope: { about: 'slope', unit: '%', range: [0, Infinity] } },
  metric: true,
  stages: [{ focal: 'slope', halo: 1, bind: { slope_percent: 'slope' } }],
  tolerance: { rtol: 1e-5, atol: 1e-4, because: 'differences of a float32 DEM (invest-models.md section 4.7)' },
});
