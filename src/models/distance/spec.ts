import { defineModel } from '../../core/model.ts';

/** How far each place is from the nearest of some places, and from which. */
export const distance = defineModel({
  id: 'distance',
  title: 'Distance to the nearest source',
  about:
    'Exact Euclidean distance from the centre of each cell to that of the nearest source, and the class of that source.',
  equations: [
    '(1) source = 1 where the class is not 0, or where it is source_class;  0 elsewhere',
    '(2) distance = width of a cell · √(min over sources s of (x − x_s)² + (y − y_s)²)',
    '(3) allocation = class of the nearest source; of two as near, of the one further up, then further left',
    'cells without a value have a distance as others do',
  ],
  sources: ['Meijster, Roerdink, Hesselink 2000', 'Felzenszwalb, Huttenlocher 2012, Theory of Computing 8'],
  inputs: { sources: { about: 'classes, of which some are sources', unit: '1', kind: 'classes' } },
  params: {
    source_class: {
      about: 'class whose cells are sources; with 0 all other classes are',
      unit: '1',
      range: [0, 4294967294],
      integer: true,
      default: 0,
    },
  },
  outputs: {
    distance: { about: 'distance to the nearest source', unit: 'm', range: [0, Infinity] },
    allocation: { about: 'class of the nearest source', unit: '1', classes: true },
    source: {
      about: '1 on sources, 0 elsewhere',
      unit: '1',
      classes: true,
      intermediate: true,
      classNames: { 0: 'elsewhere', 1: 'source' },
    },
    steps: { about: 'distance to the nearest source', unit: 'cells', intermediate: true },
    nearest: { about: 'index of the nearest source, row by row', unit: '1', classes: true, intermediate: true },
  },
  metric: true,
  square: true,
  stages: [
    { local: 'mark_sources', shader: 'sources', bind: { classes: 'sources' } },
    { solve: 'distance', bind: { distance: 'steps', allocation: 'nearest' }, params: () => ({ required: 1 }) },
    { solve: 'gather', bind: { index: 'nearest', codes: 'sources', gathered: 'allocation' } },
    { local: 'metres_of_steps', shader: 'sources', bind: { metres: 'distance' } },
  ],
  tolerance: { rtol: 2e-7, atol: 0, because: 'two roundings to float32; everything before is integers' },
});
