/** The supply-demand indices and all 18 classes of risk, from cells that were made for each of them. */
import { describe, expect, it } from 'vitest';
import { NODATA } from '../../src/core/cells.ts';
import { RISK_COLOURS, RISK_NAMES, STATE_OF } from '../../src/models/risk/classes.ts';
import { entry } from '../../src/models/risk/reference.ts';
import { describeModel } from '../support/describe-model.ts';

const NUMBERS = [-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
/** Supply and demand of the first year are 50; of the last: falling against demand, both down, demand falling. */
const LAST = [
  { supply: 40, demand: 50 },
  { supply: 40, demand: 40 },
  { supply: 50, demand: 40 },
];
/** Net balances of both years: of each state, first with a balance that goes down, then with one that does not. */
const NET = [
  [-10, -20],
  [-20, -20],
  [5, 0],
  [0, 0],
  [9, 5],
  [5, 5],
];

const cells = NET.flatMap((net) => LAST.map((last) => ({ ...last, net })));
const all = {
  supply_1: cells.map(() => 50),
  supply_2: cells.map(({ supply }) => supply),
  demand_1: cells.map(() => 50),
  demand_2: cells.map(({ demand }) => demand),
  net_1: cells.map(({ net }) => net[0]),
  net_2: cells.map(({ net }) => net[1]),
};
const one = { supply_1: [10], supply_2: [8], demand_1: [5], demand_2: [6] };

describeModel(entry, {
  worked: [
    { about: '(5) each of the 18 classes once', inputs: all, outputs: { risk: NUMBERS } },
    {
      about: '(1)-(3) the indices of a supplier that becomes a demander',
      inputs: { ...one, net_1: [5], net_2: [-2] },
      outputs: { sti: [-2], dti: [1], sdi: [-2], sdti: [-7], risk: [-6] },
    },
    {
      about: '(3) strict: what was left over in the first year does not count',
      inputs: { ...one, net_1: [5], net_2: [-2] },
      params: { trend: 1 },
      outputs: { sdti: [-2] },
    },
    {
      about: '(4) by outflow: a surplus that nobody uses is a balance',
      inputs: { ...one, net_1: [2], net_2: [2], outflow_2: [0] },
      params: { surplus: 1 },
      outputs: { risk: [4] },
    },
    {
      about: '(4) by outflow: what sends is a surplus',
      inputs: { ...one, net_1: [2], net_2: [2], outflow_2: [1] },
      params: { surplus: 1 },
      outputs: { risk: [10] },
    },
    {
      about: '(6) a millionth of the largest supply is nothing',
      inputs: {
        supply_1: [2 ** 20, 2 ** 20],
        supply_2: [2 ** 20 - 1, 2 ** 20 - 2],
        demand_1: [1, 1],
        demand_2: [1, 1],
        net_1: [0, 0],
        net_2: [-1, -2],
      },
      outputs: { risk: [5, -6] },
    },
    {
      about: '(6) the same with a tolerance of 0',
      inputs: { supply_1: [2 ** 20], supply_2: [2 ** 20 - 1], demand_1: [1], demand_2: [1], net_1: [0], net_2: [-1] },
      params: { tolerance: 0 },
      outputs: { risk: [-6] },
    },
    {
      about: 'nodata in any input is nodata in what needs it',
      inputs: {
        supply_1: [NODATA, 1, 1],
        supply_2: [1, 1, 1],
        demand_1: [1, NODATA, 1],
        demand_2: [1, 1, 1],
        net_1: [1, 1, NODATA],
        net_2: [1, 1, 1],
      },
      outputs: {
        sti: [NODATA, 0, 0],
        dti: [0, NODATA, 0],
        sdi: [0, 0, 0],
        sdti: [0, 0, NODATA],
        risk: [NODATA, NODATA, NODATA],
      },
    },
  ],
});

describe('the classes of risk', () => {
  it('have a name, a colour of their own and a state each', () => {
    expect([...STATE_OF.keys()]).toEqual(NUMBERS);
    expect(Object.keys(RISK_NAMES)).toHaveLength(18);
    expect(new Set(Object.values(RISK_COLOURS).map(String)).size).toBe(18);
    expect(STATE_OF.get(-1)).toBe('deficit');
    expect(STATE_OF.get(1)).toBe('balance');
    expect(STATE_OF.get(7)).toBe('surplus');
  });
});
