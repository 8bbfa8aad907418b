import { defineSolver } from '../../core/solver.ts';
import { INPUTS, OUTPUTS, QUANTUM } from '../service-flow/fields.ts';

export const spec = defineSolver({
  id: 'flow_directional',
  title: 'Directional flow of a service',
  about:
    'Along the flow directions of a filled elevation model, upstream first: a cell uses what it has and what comes, and passes on the rest. What reaches the edge, nodata, a barrier or a cell without a direction leaves the study area. In whole quanta: no order of cells shows.',
  equations: [
    'available = supply + inflow from above;  consumption = min(demand, available)',
    'sent = available − consumption;  out = floor((1 − ρ) sent), ρ in parts of 2^-16;  lost = sent − out',
    'outflow = min(own surplus, sent);  transit = sent − outflow',
    'shares: floor(out · share / sum of shares) to each direction; what is left over one quantum each to the first directions',
  ],
  sources: ['flow.md section 4', 'source 001, section 2.2.2', 'gpu-algorithms.md section 5.4'],
  inputs: {
    supply: INPUTS.supply,
    demand: INPUTS.demand,
    direction: { about: 'eight shares of four bits', unit: '1', type: 'u32' },
    stream: {
      about: '1 where supply and demand that are nodata count 0: models that are nodata on streams',
      unit: '1',
      type: 'u32',
      optional: true,
    },
    permeability: INPUTS.permeability,
    zones: INPUTS.zones,
  },
  outputs: OUTPUTS,
  params: {
    retention: { about: 'share that is lost in a step', unit: '1', range: [0, 1], default: 0 },
    quantum: QUANTUM,
  },
  tolerance: 'exact',
});
