import { defineSolver } from '../../core/solver.ts';

export const spec = defineSolver({
  id: 'flow_direction',
  title: 'Flow directions',
  about:
    'Where the water of each cell goes: eight shares of four bits, that of direction d (0 E, 1 NE, 2 N, … 7 SE) in bits 4d to 4d+3; its part of the flow is the share over the sum of the shares. D8 has one share of 1.',
  equations: [
    'D8: the direction of the largest positive drop, diagonal drops over sqrt(2), ties to the first direction',
    'MFD: share(d) = floor(0.5 + drop(d) / (sum of drops) * 15)',
    'plateaus: towards the plateau’s drains, over the shortest way with steps of 13860 and 19601',
  ],
  sources: ['invest-models.md sections 4.2 and 4.3'],
  inputs: { filled: { about: 'elevation without depressions', unit: 'm', type: 'f32' } },
  outputs: { direction: { about: 'eight shares of four bits', unit: '1', type: 'u32' } },
  params: {
    algorithm: { about: 'where water goes', unit: '1', choices: ['d8', 'mfd'] },
    order: {
      about: 'on plateaus: free of any order, or as InVEST meets the cells',
      unit: '1',
      choices: ['free', 'invest'],
      default: 0,
    },
  },
  wholeBytes: ({ order }) => (order === 1 ? 9 : 0), // height, code, mark
  tolerance: 'exact',
});
