/** What the process `breaks` takes and gives, in words. */
import type { ProcessDescription } from '../process-list.ts';
import { BREAKS_METHODS } from './find-breaks.ts';

export const BREAKS: ProcessDescription = {
  id: 'breaks',
  title: 'Classes of a quantity',
  about: 'Cuts the values of a raster into classes: natural breaks (Fisher-Jenks), quantiles or equal intervals',
  equations: [
    'class(v) = number of breaks strictly below v: classes are closed above, and counted from 0',
    'natural: the least sum of squares within classes, exact; on all different values where there are at most 65536, else on a histogram of 65536 bins',
    'quantile: breaks at p = q / classes, at position p (n − 1) of the sorted values, between two of them in proportion',
    'equal: min + q (max − min) / classes, the last one the maximum',
    'goodness of variance fit = 1 − WSS / TSS',
  ],
  inputs: { values: { about: 'raster', unit: 'any' } },
  params: {
    method: { about: 'how values are cut', unit: '', choices: BREAKS_METHODS, default: 0 },
    classes: { about: 'how many', unit: '1', range: [1, 254], default: 5 },
  },
  outputs: {
    class: { about: 'class of the cell, from 0', unit: '1' },
    breaks: { about: 'table: limits, cells, share, area and mean of each class', unit: '' },
  },
  sources: ['statistics.md section 3', 'Fisher 1958', 'Jenks 1977'],
};
