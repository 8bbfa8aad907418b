import { defineModel } from '../../core/model.ts';

/** Carbon that was taken up, from stocks at two times. */
export const carbon_change = defineModel({
  id: 'carbon_change',
  title: 'Change of carbon stock',
  about: 'Carbon sequestered in a year: the difference of two stocks over the years between them.',
  equations: ['(1) change = (carbon_after − carbon_before) / years'],
  sources: ['supply-demand.md'],
  inputs: {
    carbon_before: { about: 'carbon stored at first', unit: 'tC/ha', kind: 'density', plausible: [0, 3000] },
    carbon_after: { about: 'carbon stored later', unit: 'tC/ha', kind: 'density', plausible: [0, 3000] },
  },
  params: { years: { about: 'years between the stocks', unit: 'yr', range: [1e-3, 1e5] } },
  outputs: { change: { about: 'carbon sequestered', service: 'supply', unit: 'tC/(ha yr)', centre: 0 } },
  stages: [{ local: 'difference' }],
  tolerance: { rtol: 5e-7, atol: 0, because: 'a difference and a quotient of float32 numbers' },
});
