import { defineSolver } from '../../core/solver.ts';

export const spec = defineSolver({
  id: 'gather',
  title: 'Codes of other cells',
  about: 'For each cell the code of the cell whose index it holds: what an allocation points at.',
  equations: ['gathered(i) = codes(index(i));  nodata where index(i) is'],
  sources: [],
  inputs: {
    index: { about: 'index of a cell, row by row', unit: '1', type: 'u32' },
    codes: { about: 'what is gathered', unit: '1', type: 'u32' },
  },
  outputs: { gathered: { about: 'code of that cell', unit: '1', type: 'u32' } },
  params: {},
  tolerance: 'exact',
});
