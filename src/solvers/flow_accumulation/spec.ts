import { defineSolver } from '../../core/solver.ts';

export const spec = defineSolver({
  id: 'flow_accumulation',
  title: 'Flow accumulation',
  about:
    'What flows through each cell, itself included: cells, and up to two weights in the same visit. Summed in float64 on every device.',
  equations: [
    'acc(i) = weight(i) + sum over upslope j of acc(j) share(j, i) / sum of shares(j), j in the order of directions 0 to 7',
  ],
  sources: ['invest-models.md section 4.4'],
  inputs: {
    direction: { about: 'eight shares of four bits', unit: '1', type: 'u32' },
    weight: { about: 'weight of a cell, not negative; nodata counts 0', unit: '1', type: 'f32', optional: true },
    weight_2: { about: 'a second weight, not negative', unit: '1', type: 'f32', optional: true },
  },
  outputs: {
    accumulation: { about: 'cells that flow through, itself included', unit: 'cells', type: 'f32' },
    weighted: { about: 'the same for `weight`', unit: '1', type: 'f32' },
    weighted_2: { about: 'the same for `weight_2`', unit: '1', type: 'f32' },
    reach: {
      about:
        'accumulation against the threshold, before rounding: 0 below trace × threshold, 1 from there, 2 at the threshold, 3 above it',
      unit: '1',
      type: 'u32',
    },
  },
  params: {
    threshold: { about: 'cells that make a stream', unit: 'cells', range: [0, Number.MAX_VALUE], default: 1 },
    trace: {
      about: 'share of the threshold from which a stream is traced through gaps',
      unit: '1',
      range: [0, 1],
      default: 1,
    },
  },
  tolerance: 'exact',
});
