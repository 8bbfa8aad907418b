/**
 * What flowed from zone to zone (flow.md section 5): each amount that is sent carries the mix of zones of what the cell held, in float64, and
 * the table is scaled to the totals of its rows and columns, which are whole numbers of quanta.
 */
import { NODATA_CODE } from '../../core/cells.ts';
import type { FlowTotals } from './totals.ts';

/** Zones of which a table is made. */
export const MOST_TABLE_ZONES = 64;

/** Where it was used, where it left the study area, or lost on the way. */
export type FlowEnd = 'used' | 'spill' | 'lost';

export interface ZoneFlow {
  /** Number of the zone; NODATA_CODE for cells outside of zones. */
  readonly from: number;
  /** NODATA_CODE too for what is lost. */
  readonly to: number;
  readonly as: FlowEnd;
  /** Quanta, and parts of them. */
  readonly amount: number;
}

/** Sums of mixes between zones. */
export class ZoneMatrix {
  readonly #amounts = new Map<string, number>();
  readonly #grain: number;

  /** `total`: more than the matrix will hold, in quanta. */
  constructor(total: number) {
    this.#grain = grainOf(total);
  }

  add(from: number, as: FlowEnd, to: number, amount: number): void {
    const part = Math.round(amount / this.#grain) * this.#grain;
    if (part === 0) return;
    const key = `${from} ${as} ${to}`;
    this.#amounts.set(key, (this.#amounts.get(key) ?? 0) + part);
  }

  addAll(flows: Iterable<ZoneFlow>): void {
    for (const { from, as, to, amount } of flows) this.add(from, as, to, amount);
  }

  /** By zone of origin, then of the end. */
  flows(): ZoneFlow[] {
    return [...this.#amounts]
      .map(([key, amount]) => {
        const [from, as, to] = key.split(' ');
        return { from: Number(from), as: as as FlowEnd, to: Number(to), amount };
      })
      .sort((a, b) => a.from - b.from || a.as.localeCompare(b.as) || a.to - b.to);
  }
}

/** Parts of mixes are multiples of this, so that float64 adds them without rounding, in any order. */
export function grainOf(total: number): number {
  return total <= 1 ? 2 ** -52 : 2 ** (Math.ceil(Math.log2(total)) - 52);
}

/** Zones of which a table can be made, with one for the cells outside of zones; undefined where there are too many. */
export function tableZones(zones: ReadonlySet<number>): readonly number[] | undefined {
  const numbered = [...zones].filter((zone) => zone !== NODATA_CODE);
  return numbered.length > MOST_TABLE_ZONES ? undefined : [...zones].sort((a, b) => a - b);
}

const MOST_TURNS = 100;

/**
 * Scales rows to what left each zone, and columns to what was used and spilled in each and was lost, in turns until they meet. What is in the
 * table errs by some 10^-15 of a sum before, so a few turns do.
 */
export function scaledFlows(
  flows: readonly ZoneFlow[],
  zones: ReadonlyMap<number, Readonly<FlowTotals>>,
  lost: number,
): ZoneFlow[] {
  const amounts = Float64Array.from(flows, ({ amount }) => amount);
  const rows = groupsOf(
    flows,
    ({ from }) => `${from}`,
    (key) => zones.get(Number(key))!.outflow,
  );
  const columns = groupsOf(
    flows,
    ({ as, to }) => (as === 'lost' ? as : `${as} ${to}`),
    (key) => {
      const [as, to] = key.split(' ');
      return as === 'lost' ? lost : zones.get(Number(to))![as as 'used' | 'spill'];
    },
  );
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const worst = Math.max(scale(amounts, columns), scale(amounts, rows));
    if (worst < 1e-15) break;
  }
  return flows.map((flow, k) => ({ ...flow, amount: amounts[k] }));
}

interface Group {
  readonly members: readonly number[];
  readonly total: number;
}

function groupsOf(
  flows: readonly ZoneFlow[],
  keyOf: (flow: ZoneFlow) => string,
  totalOf: (key: string) => number,
): Group[] {
  const members = new Map<string, number[]>();
  for (const [k, flow] of flows.entries()) members.set(keyOf(flow), [...(members.get(keyOf(flow)) ?? []), k]);
  return [...members].map(([key, group]) => ({ members: group, total: totalOf(key) }));
}

/** Gives the largest relative change. */
function scale(amounts: Float64Array, groups: readonly Group[]): number {
  let worst = 0;
  for (const { members, total } of groups) {
    const sum = members.reduce((all, k) => all + amounts[k], 0);
    if (sum === 0) continue;
    const factor = total / sum;
    worst = Math.max(worst, Math.abs(factor - 1));
    for (const k of members) amounts[k] *= factor;
  }
  return worst;
}
