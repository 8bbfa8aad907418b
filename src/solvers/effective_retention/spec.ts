import { defineSolver } from '../../core/solver.ts';

export const spec = defineSolver({
  id: 'effective_retention',
  title: 'Effective retention downslope',
  about: 'Share of a nutrient that the land between a cell and the stream retains.',
  equations: [
    'stream: 0; else eff’(i) = sum of share(n) e(n) / sum of share(n), n in all directions',
    'a = exp(-5 step / crit_len(i)), 0 where crit_len <= 0',
    'e(n) = eff (1 - a) if eff’(n) = 0;  eff’(n) a + eff (1 - a) if eff > eff’(n);  eff’(n) otherwise',
  ],
  sources: ['invest-models.md section 6'],
  inputs: {
    direction: { about: 'eight shares of four bits', unit: '1', type: 'u32' },
    stream: { about: '1 on streams', unit: '1', type: 'u32' },
    efficiency: { about: 'largest share that the cell’s land cover retains', unit: '1', type: 'f32' },
    critical_length: { about: 'length over which it does so', unit: 'm', type: 'f32' },
  },
  outputs: { retention: { about: 'effective retention', unit: '1', type: 'f32' } },
  params: {
    order: {
      about: 'downslope before upslope, or as InVEST seeds and pops cells',
      unit: '1',
      choices: ['free', 'invest'],
      default: 0,
    },
  },
  // Four planes, retention in float64, what a cell waits for, the result.
  wholeBytes: ({ order }) => (order === 1 ? 29 : 0),
  tolerance: { rtol: 0, atol: 1e-5, because: 'invest-models.md section 6: float32 on devices' },
});
