import { defineSolver } from '../../core/solver.ts';

export const spec = defineSolver({
  id: 'fill_depressions',
  title: 'Depression filling',
  about: 'Raises the cells of depressions to their spill height, so that water from every cell reaches the outside.',
  equations: ['filled(i) = min over 8-connected paths from i to the outside of the largest elevation on the path'],
  sources: ['invest-models.md section 4.1', 'Barnes, Lehman, Mulla 2014; Barnes 2016'],
  inputs: { dem: { about: 'elevation', unit: 'm', type: 'f32' } },
  outputs: { filled: { about: 'elevation without depressions', unit: 'm', type: 'f32' } },
  params: {},
  tolerance: 'exact',
});
