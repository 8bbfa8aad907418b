import { defineSolver } from '../../core/solver.ts';

export const spec = defineSolver({
  id: 'streams',
  title: 'Streams',
  about:
    'Cells of streams. D8: all above the threshold. MFD: those at or above it that can be followed upslope from an outlet.',
  equations: [
    'D8: reach = 3',
    'MFD: invest-models.md section 4.5; cells at or above trace × threshold between such cells belong to the stream',
  ],
  sources: ['invest-models.md section 4.5'],
  inputs: {
    direction: { about: 'eight shares of four bits', unit: '1', type: 'u32' },
    reach: { about: 'accumulation against the threshold, of flow_accumulation', unit: '1', type: 'u32' },
  },
  outputs: { stream: { about: '1 on streams, 0 elsewhere', unit: '1', type: 'u32' } },
  params: {
    algorithm: { about: 'where water goes', unit: '1', choices: ['d8', 'mfd'] },
    order: {
      about: 'of the walk upslope: free of any order, or InVEST’s',
      unit: '1',
      choices: ['free', 'invest'],
      default: 0,
    },
  },
  // Direction and reach, marks with and without a ring, the result; cells in the queue.
  wholeBytes: ({ algorithm, order }) => (algorithm === 1 && order === 1 ? 16 : 0),
  tolerance: 'exact',
});
