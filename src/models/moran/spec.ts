import { defineModel } from '../../core/model.ts';
import { hasRadius, NEIGHBOURHOODS } from '../../core/neighbourhoods.ts';

/** Whether neighbours are alike: over a whole raster, and cell by cell. */
export const moran = defineModel({
  id: 'moran',
  title: "Moran's I",
  about:
    "Spatial autocorrelation: global and local Moran's I of a raster, or of one raster with the neighbours of another.",
  equations: [
    '(1) I = (n / S0) Σ w z z / Σ z²,  z = x − mean;  of two rasters Σ zx lag(zy) / n in standard scores',
    '(2) E = −1 / (n − 1),  variance under normality, z = (I − E) / √variance, p two-sided',
    '(3) local = (n − 1) z lag(z) / Σ z²',
    'the operator behind: morans_i',
  ],
  sources: [
    'Moran 1950, Biometrika 37',
    'Cliff, Ord 1981',
    'Anselin 1995, Geographical Analysis 27',
    'statistics.md section 6',
  ],
  inputs: {
    values: { about: 'what may be alike', unit: 'any', kind: 'density', varied: "Moran's I is not defined" },
    other: {
      about: 'another quantity, whose neighbours count instead',
      unit: 'any',
      kind: 'density',
      optional: true,
      varied: "Moran's I is not defined",
    },
  },
  params: {
    shape: {
      about: 'which cells are neighbours: those that touch (queen), share a side (rook), or lie within a radius',
      unit: '1',
      choices: NEIGHBOURHOODS,
      default: NEIGHBOURHOODS.indexOf('queen'),
    },
    radius: { about: 'of a disc, square or diamond', unit: 'm', range: [0, Infinity], optional: true },
    weights: {
      about: 'of neighbours: those of a cell together 1 (row), or 1 each (binary)',
      unit: '1',
      choices: ['row', 'binary'],
      default: 0,
    },
  },
  outputs: {
    local: { about: "local Moran's I: positive among its like", unit: '1', centre: 0 },
    quadrant: {
      about: 'cells and their neighbours against the mean',
      unit: '1',
      classes: true,
      classNames: { 1: 'high among high', 2: 'low among high', 3: 'low among low', 4: 'high among low' },
      colours: { 1: [202, 60, 50], 2: [150, 190, 222], 3: [50, 100, 170], 4: [244, 170, 140] },
    },
  },
  summaries: {
    moran: {
      about: "global Moran's I",
      stage: 'morans_i',
      numbers: {
        n: { about: 'valid cells', unit: '1' },
        islands: { about: 'of these, without neighbours', unit: '1' },
        s0: { about: 'sum of the weights', unit: '1' },
        i: { about: "Moran's I", unit: '1' },
        expected: { about: 'its expectation', unit: '1' },
        variance: { about: 'its variance under normality', unit: '1' },
        z: { about: 'standard score', unit: '1' },
        p: { about: 'chance of a score as far from 0, two-sided', unit: '1' },
      },
    },
  },
  metric: ({ shape }) => hasRadius(shape),
  remarks: ({ shape = NEIGHBOURHOODS.indexOf('queen'), radius }) =>
    radius === undefined || hasRadius(shape) ? [] : [`radius has no effect with shape ${NEIGHBOURHOODS[shape]}`],
  stages: [{ solve: 'morans_i', params: ({ shape, radius }) => ({ radius: hasRadius(shape) ? radius : 0 }) }],
  tolerance: { rtol: 2e-7, atol: 0, because: 'morans_i' },
});
