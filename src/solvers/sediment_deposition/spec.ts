import { defineSolver } from '../../core/solver.ts';

export const spec = defineSolver({
  id: 'sediment_deposition',
  title: 'Sediment deposition',
  about: 'Sediment that comes from upslope and stays, and what goes on, cell by cell down the flow.',
  equations: [
    'F(i) = sum over upslope j of f(j) p(j, i)',
    'q(i) = max(SDR(i), sum over downslope n inside the raster of SDR(n) share(n) / sum of share(n))',
    'r(i) = (q - SDR(i)) / (1 - SDR(i)), 1 where SDR(i) = 1',
    'deposition(i) = max(0, r F);  f(i) = max(0, (1 - r) F + E’(i))',
  ],
  sources: ['invest-models.md section 5'],
  inputs: {
    direction: { about: 'eight shares of four bits', unit: '1', type: 'u32' },
    sdr: { about: 'sediment delivery ratio, 1 on streams', unit: '1', type: 'f32' },
    e_prime: { about: 'eroded and not delivered, 0 on streams', unit: 't/(ha yr)', type: 'f32' },
  },
  outputs: {
    deposition: { about: 'sediment deposited', unit: 't/(ha yr)', type: 'f32' },
    flux: { about: 'sediment that goes on downslope', unit: 't/(ha yr)', type: 'f32' },
  },
  params: {},
  tolerance: { rtol: 1e-4, atol: 1e-5, because: 'invest-models.md section 5: long chains in float32 on devices' },
});
