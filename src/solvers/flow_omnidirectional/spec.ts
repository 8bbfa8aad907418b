import { defineSolver } from '../../core/solver.ts';
import { INPUTS, OUTPUTS, QUANTUM } from '../service-flow/fields.ts';

export const spec = defineSolver({
  id: 'flow_omnidirectional',
  title: 'Omnidirectional flow of a service',
  about:
    'A cell uses its own supply first; what is left goes to cells around that lack it, on shortest ways over the eight neighbours. Deficits ask outwards, surplus answers inwards, in epochs, in whole quanta: no order of cells shows.',
  equations: [
    'φ(i) = steps to the nearest unmet deficit; reach(i): a surplus lies at i or farther out on a shortest way through i',
    'requests, from φ = 0 up: q(i) = d(i) at φ = 0, else what neighbours nearer by one ask; take = min(s, q); the rest is asked in equal parts of neighbours farther by one that have reach',
    'deliveries, from the largest φ down: have = take + what comes; given to those who asked, largest request first',
    's −= take, outflow += take, transit += have − take; at φ = 0 used += have, d −= have; until an epoch delivers no more than mass_tolerance of all',
    'spill border: what is left then goes to the nearest cells at the border in equal parts, and out',
  ],
  sources: ['flow.md section 3', 'source 001, section 2.2.2', 'Bagstad et al. 2013, Ecosystem Services 4'],
  inputs: INPUTS,
  outputs: OUTPUTS,
  params: {
    moves: {
      about: 'whether anything moves; no: supply is used where it is',
      unit: '1',
      choices: ['no', 'yes'],
      default: 1,
    },
    max_distance: {
      about: 'steps that a quantum may go at most; 0: any',
      unit: 'cells',
      range: [0, Number.MAX_VALUE],
      integer: true,
      default: 0,
    },
    mass_tolerance: {
      about: 'share of all deliveries that an epoch has to exceed for another one to follow',
      unit: '1',
      range: [0, 1],
      default: 1e-3,
    },
    spill: {
      about: 'whether surplus that nobody uses leaves over the border',
      unit: '1',
      choices: ['none', 'border'],
      default: 0,
    },
    quantum: QUANTUM,
  },
  tolerance: 'exact',
});
