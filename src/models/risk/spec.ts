import { defineModel } from '../../core/model.ts';
import { RISK_COLOURS, RISK_NAMES } from './classes.ts';

const YEARS = { 1: 'first', 2: 'last' } as const;
const SHARED = { unit: 'any', kind: 'density', unitOf: 'supply_1' } as const;
const supply = (year: 1 | 2) =>
  ({ about: `supply in the ${YEARS[year]} year`, ...SHARED, unitOf: year === 1 ? undefined : 'supply_1' }) as const;
const demand = (year: 1 | 2) =>
  ({
    about: `demand in the ${YEARS[year]} year, in the same unit`,
    ...SHARED,
  }) as const;
const net = (year: 1 | 2) =>
  ({
    about: `net balance in the ${YEARS[year]} year: supply less demand plus what flowed in`,
    ...SHARED,
    plausible: [-1e6, 1e6],
  }) as const;
const largest = (input: string) =>
  ({
    about: `largest ${input}, for the default tolerance`,
    unit: 'any',
    found: { of: input, as: 'high' },
    optional: true,
  }) as const;

const INDICES = { supply_trend: 'sti', demand_trend: 'dti', lacking: 'sdi', balance_change: 'sdti' } as const;

/** How the supply of a service and the demand for it moved between two years, and what risk that is. */
export const risk = defineModel({
  id: 'risk',
  title: 'Supply-demand indices and risk classes',
  about:
    'Trends of supply, demand and of the balance after flow between two years, and the 18 classes of supply-demand risk that follow from them.',
  equations: [
    '(1) STI = supply_2 − supply_1,  DTI = demand_2 − demand_1',
    '(2) SDI = min(0, net_2)',
    '(3) SDTI = net_2 − net_1  (trend net), or min(0, net_2) − min(0, net_1)  (trend strict)',
    '(4) deficit: SDI < 0;  surplus: no deficit, and net_2 > 0 (surplus net) or outflow_2 > 0 (surplus outflow);  balance: neither',
    '(5) risk: −6 … −1 deficit, 1 … 6 balance, 7 … 12 surplus; the first half of each where SDTI < 0; in a half STI < 0 ≤ DTI, both of one sign, DTI < 0 ≤ STI',
    '(6) x < 0 means x < −tolerance, x > 0 means x > tolerance;  tolerance = 1e-6 · max(supply, demand) where none is given',
  ],
  sources: ['source 001, section 2.2.3 and Table 1', 'risk.md'],
  inputs: {
    supply_1: supply(1),
    supply_2: supply(2),
    demand_1: demand(1),
    demand_2: demand(2),
    net_1: net(1),
    net_2: net(2),
    outflow_2: {
      about: 'what the cell sent out in the last year; needed with surplus outflow',
      ...SHARED,
      optional: true,
    },
  },
  params: {
    trend: {
      about: 'what SDTI is a difference of: the net balance, or the deficit alone',
      unit: '1',
      choices: ['net', 'strict'],
      default: 0,
    },
    surplus: {
      about: 'what makes a surplus: a positive net balance, or what was sent out',
      unit: '1',
      choices: ['net', 'outflow'],
      default: 0,
    },
    tolerance: {
      about: 'what counts as zero, in the unit of the supply; −1: a millionth of the largest supply or demand',
      unit: 'any',
      range: [-1, Infinity],
      default: -1,
    },
    supply_1_max: largest('supply_1'),
    supply_2_max: largest('supply_2'),
    demand_1_max: largest('demand_1'),
    demand_2_max: largest('demand_2'),
  },
  outputs: {
    sti: { about: 'supply trend', unit: 'any', centre: 0 },
    dti: { about: 'demand trend', unit: 'any', centre: 0 },
    sdi: {
      about: 'supply-demand index: what demand lacks, 0 where it is met',
      unit: 'any',
      range: [-Infinity, 0],
      centre: 0,
    },
    sdti: { about: 'supply-demand trend', unit: 'any', centre: 0 },
    risk: {
      about: 'class of supply-demand risk',
      unit: '1',
      signed: true,
      classNames: RISK_NAMES,
      colours: RISK_COLOURS,
    },
  },
  stages: [
    { id: 'supply_trend', local: 'difference', bind: { before: 'supply_1', after: 'supply_2', change: 'sti' } },
    { id: 'demand_trend', local: 'difference', bind: { before: 'demand_1', after: 'demand_2', change: 'dti' } },
    { local: 'deficit', bind: { net: 'net_2' } },
    { local: 'balance_trend' },
    { id: 'classify_by_net', local: 'classify', bind: { ...INDICES, left: 'net_2' }, unless: 'surplus' },
    { id: 'classify_by_outflow', local: 'classify', bind: { ...INDICES, left: 'outflow_2' }, when: 'surplus' },
  ],
  tolerance: { rtol: 0, atol: 0, because: 'single differences of float32 numbers, rounded once on every backend' },
});
