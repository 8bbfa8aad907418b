/** What the operators of ecosystem-service flow read, make and are told in common (flow.md section 1). */
import { allocatePlane, nodataOf, type Plane } from '../../core/cells.ts';
import type { SolverField } from '../../core/solver.ts';

export const INPUTS = {
  supply: { about: 'supply of the service, not negative', unit: 'any', type: 'f32' },
  demand: { about: 'demand for it in the same unit, not negative', unit: 'any', type: 'f32' },
  permeability: {
    about: '0 where nothing passes; nodata passes nothing either',
    unit: '1',
    type: 'f32',
    optional: true,
  },
  zones: { about: 'number of the zone', unit: '1', type: 'u32', optional: true },
} as const satisfies Record<string, SolverField>;

export const OUTPUTS = {
  consumption: { about: 'own supply that is used, and what is received', unit: 'any', type: 'f32' },
  inflow: { about: 'what is received and used', unit: 'any', type: 'f32' },
  outflow: { about: 'of the own surplus, what leaves', unit: 'any', type: 'f32' },
  transit: { about: 'what passes through', unit: 'any', type: 'f32' },
  residual: { about: 'of the own surplus, what stays', unit: 'any', type: 'f32' },
  deficit: { about: 'demand that is not met', unit: 'any', type: 'f32' },
  spill: { about: 'what leaves the study area through the cell', unit: 'any', type: 'f32' },
  net: { about: 'supply less demand, and what is received', unit: 'any', type: 'f32' },
  balance_static: { about: 'supply less demand', unit: 'any', type: 'f32' },
  balance_semi_static: { about: 'supply less demand and what leaves', unit: 'any', type: 'f32' },
  balance_dynamic: { about: 'supply less demand and what leaves, and what is received', unit: 'any', type: 'f32' },
  role: {
    about:
      '0 nothing comes or goes, 1 supplier, 2 only passed through, 3 demander that is served, 4 demander that is not',
    unit: '1',
    type: 'u32',
  },
} as const satisfies Record<string, SolverField>;

export type FlowOutput = keyof typeof OUTPUTS;

export const QUANTUM = {
  about:
    'of all amounts, a power of two; 0: 1 for whole numbers below 2²⁴, otherwise so that the largest value is below 2²⁴ quanta',
  unit: 'any',
  range: [0, Number.MAX_VALUE],
  default: 0,
} as const;

/** What became of one cell, in quanta. `outflow`: of the own surplus, what left; `used`: received and consumed. */
export interface CellFlow {
  readonly supply: number;
  readonly demand: number;
  readonly used: number;
  readonly outflow: number;
  readonly transit: number;
  readonly spill: number;
}

/** Codes of `role`. */
export const ROLES = ['none', 'supplier', 'transit', 'demander', 'unserved demander'] as const;

/** Each output from what became of the cell (the table of flow.md section 1): quanta, or a code. */
export const OUTPUT_OF: Readonly<Record<FlowOutput, (cell: CellFlow) => number>> = {
  consumption: ({ supply, demand, used }) => Math.min(supply, demand) + used,
  inflow: ({ used }) => used,
  outflow: ({ outflow }) => outflow,
  transit: ({ transit }) => transit,
  residual: ({ supply, demand, outflow }) => supply - Math.min(supply, demand) - outflow,
  deficit: ({ supply, demand, used }) => demand - Math.min(supply, demand) - used,
  spill: ({ spill }) => spill,
  net: ({ supply, demand, used }) => supply - demand + used,
  balance_static: ({ supply, demand }) => supply - demand,
  balance_semi_static: ({ supply, demand, outflow }) => supply - demand - outflow,
  balance_dynamic: ({ supply, demand, outflow, used }) => supply - demand - outflow + used,
  role: ({ supply, demand, used, outflow, transit }) => {
    if (outflow > 0) return 1;
    if (used > 0) return 3;
    if (demand > supply) return 4;
    return transit > 0 ? 2 : 0;
  },
};

/** Planes for the outputs, nodata throughout, and what writes a cell of them. */
export function outputPlanes(
  names: readonly FlowOutput[],
  cells: number,
  quantum: number,
): { readonly planes: Readonly<Record<string, Plane>>; readonly write: (at: number, cell: CellFlow) => void } {
  const types = names.map((name) => OUTPUTS[name].type);
  const planes = types.map((type) => allocatePlane(type, cells).fill(nodataOf(type)));
  const outputs = names.map((name) => OUTPUT_OF[name]);
  const units = types.map((type) => (type === 'f32' ? quantum : 1));
  return {
    planes: Object.fromEntries(names.map((name, k) => [name, planes[k]])),
    write(at, cell) {
      for (let k = 0; k < outputs.length; k++) planes[k][at] = outputs[k](cell) * units[k];
    },
  };
}
