import { defineModel } from '../../core/model.ts';
import { hasRadius, NEIGHBOURHOODS } from '../../core/neighbourhoods.ts';
import { LEVEL_COLOURS, LEVEL_NAMES } from './levels.ts';

/** Where a quantity gathers: the hot and cold spots of supply, demand or any other raster. */
export const hotspots = defineModel({
  id: 'hotspots',
  title: 'Hot and cold spots',
  about: 'Getis-Ord Gi*: where high or low values gather more than chance explains, at 90, 95 and 99 % confidence.',
  equations: [
    '(1) Z = Σ (x − m) / (S √((n W − W²) / (n − 1)))  over the W valid cells around a cell, itself included; m and S of all n valid cells',
    '(2) p = erfc(|Z| / √2)',
    '(3) bin = sign(Z) · 3, 2, 1 for p ≤ 0.01, 0.05, 0.1, else 0',
    '(4) bin_fdr: the same for the share of false discoveries (Benjamini, Hochberg 1995) among all cells',
    'the operator behind: getis_ord',
  ],
  sources: [
    'Getis, Ord 1992, Geographical Analysis 24',
    'Ord, Getis 1995, Geographical Analysis 27',
    'statistics.md section 1',
  ],
  inputs: {
    values: { about: 'what gathers', unit: 'any', kind: 'density', varied: 'where values gather cannot be told' },
  },
  params: {
    shape: {
      about: 'of the window around a cell: within a radius, or the cells that touch it (queen) or share a side (rook)',
      unit: '1',
      choices: NEIGHBOURHOODS,
      default: 0,
    },
    radius: { about: 'of a disc, square or diamond', unit: 'm', range: [0, Infinity], optional: true },
    correction: {
      about: 'bins by the share of false discoveries too, for many cells are looked at',
      unit: '1',
      choices: ['none', 'fdr'],
      default: 1,
    },
  },
  outputs: {
    z: {
      about: 'Z score: positive where high values gather',
      unit: '1',
      centre: 0,
      empty: 'no cell has a Z, for every window sees all valid cells: a smaller radius gives some',
    },
    p: { about: 'chance of a Z as far from 0, two-sided', unit: '1', range: [0, 1] },
    bin: { about: 'hot and cold spots', unit: '1', signed: true, classNames: LEVEL_NAMES, colours: LEVEL_COLOURS },
    bin_fdr: {
      about: 'hot and cold spots by the share of false discoveries',
      unit: '1',
      signed: true,
      classNames: LEVEL_NAMES,
      colours: LEVEL_COLOURS,
    },
  },
  metric: ({ shape }) => hasRadius(shape),
  remarks: ({ shape = 0, radius }) =>
    radius === undefined || hasRadius(shape) ? [] : [`radius has no effect with shape ${NEIGHBOURHOODS[shape]}`],
  stages: [
    {
      id: 'with_correction',
      solve: 'getis_ord',
      when: 'correction',
      params: ({ shape, radius }) => ({ radius: hasRadius(shape) ? radius : 0 }),
    },
    {
      id: 'without_correction',
      solve: 'getis_ord',
      unless: 'correction',
      bind: { bin_fdr: 'not made' },
      params: ({ shape, radius }) => ({ radius: hasRadius(shape) ? radius : 0 }),
    },
  ],
  tolerance: { rtol: 2e-7, atol: 0, because: 'getis_ord' },
});
