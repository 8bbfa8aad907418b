import { defineModel } from '../../core/model.ts';
import type { Values } from '../../core/values.ts';
import { floatFrom } from './float-from.ts';

const COLOURS = { 1: [61, 139, 99], 2: [176, 58, 72], 3: [196, 186, 170], 4: [69, 137, 196] } as const;

/** Which of supply and demand lie above the mean: matched where both do or neither, at odds where one does. */
export const quadrants = defineModel({
  id: 'quadrants',
  title: 'Four quadrants of supply and demand',
  about:
    'Z-scores of supply and demand over the cells that have both, and which of the four quadrants each cell lies in.',
  equations: [
    '(1) z = (x − mean) / deviation, of the population of cells that have both',
    '(2) quadrant: 1 high supply, high demand; 2 low supply, high demand; 3 both low; 4 high supply, low demand;  z ≥ 0, x ≥ mean, is high',
  ],
  sources: ['statistics.md section 4', 'zoning.md'],
  inputs: {
    supply: { about: 'supply', unit: 'any', kind: 'density' },
    demand: { about: 'demand', unit: 'any', kind: 'density' },
  },
  params: {
    // The process finds all four; 50 is the middle of the values that parity is tried with.
    supply_mean: { about: 'mean of supply', unit: 'any', default: 50 },
    supply_deviation: { about: 'standard deviation of supply', unit: 'any', range: [0, Infinity], default: 1 },
    demand_mean: { about: 'mean of demand', unit: 'any', default: 50 },
    demand_deviation: { about: 'standard deviation of demand', unit: 'any', range: [0, Infinity], default: 1 },
  },
  outputs: {
    z_supply: { about: 'z-score of supply', unit: '1', centre: 0 },
    z_demand: { about: 'z-score of demand', unit: '1', centre: 0 },
    quadrant: {
      about: 'quadrant of supply and demand',
      unit: '1',
      classes: true,
      classNames: {
        1: 'high supply, high demand',
        2: 'low supply, high demand',
        3: 'low supply, low demand',
        4: 'high supply, low demand',
      },
      colours: COLOURS,
    },
  },
  stages: [
    {
      local: 'match_cells',
      params: (params) => ({ ...partsOf('supply', params), ...partsOf('demand', params) }),
    },
  ],
  tolerance: {
    rtol: 5e-7,
    atol: 1e-7,
    because:
      'a mean in two float32 numbers; two differences and a product in float32 (manifest of stats/normalise: 2e-6)',
  },
  internal: true, // means and deviations are found by the process of this name
});

/** The mean in two float32 numbers, the least float32 number that is no smaller, and what differences are multiplied with. */
function partsOf(name: 'supply' | 'demand', params: Values): Values {
  const mean = params[`${name}_mean`];
  const upper = Math.fround(mean);
  return {
    [`${name}_upper`]: upper,
    [`${name}_lower`]: mean - upper,
    [`${name}_high`]: floatFrom(mean),
    [`${name}_factor`]: 1 / params[`${name}_deviation`],
  };
}
