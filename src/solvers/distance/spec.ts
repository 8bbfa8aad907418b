import { defineSolver } from '../../core/solver.ts';

export const spec = defineSolver({
  id: 'distance',
  title: 'Euclidean distance and allocation',
  about:
    'Exact distance from the centre of each cell to that of the nearest source cell, and which one that is; nodata where the raster has no source.',
  equations: [
    'squared(i) = min over sources s of (x_i - x_s)² + (y_i - y_s)²',
    'allocation(i) = smallest index y_s width + x_s among the nearest',
  ],
  sources: [
    'invest-models.md section 3',
    'gpu-algorithms.md section 7',
    'Meijster, Roerdink, Hesselink 2000; Felzenszwalb, Huttenlocher 2012',
  ],
  inputs: { source: { about: 'neither 0 nor nodata: a source', unit: '1', type: 'u32' } },
  outputs: {
    squared: { about: 'square of the distance', unit: 'cells²', type: 'u32' },
    distance: { about: 'distance', unit: 'cells', type: 'f32' },
    allocation: { about: 'index of the nearest source cell, row by row', unit: '1', type: 'u32' },
  },
  params: { required: { about: '1: that no cell is a source is an error', unit: '1', default: 0 } },
  tolerance: 'exact',
});
