/** What flowed over the whole region and in each zone, in quanta, and the check that nothing was lost on the way (flow.md sections 1 and 5). */
import { EcofluxError } from '../../core/errors.ts';
import type { CellFlow } from './fields.ts';

/** Sums over cells, in quanta. */
export interface FlowTotals {
  cells: number;
  supply: number;
  demand: number;
  local: number;
  outflow: number;
  used: number;
  residual: number;
  deficit: number;
  spill: number;
}

export const TOTAL_NAMES = [
  'cells',
  'supply',
  'demand',
  'local',
  'outflow',
  'used',
  'residual',
  'deficit',
  'spill',
] as const satisfies readonly (keyof FlowTotals)[];

export function noFlow(): FlowTotals {
  return { cells: 0, supply: 0, demand: 0, local: 0, outflow: 0, used: 0, residual: 0, deficit: 0, spill: 0 };
}

/** @throws EcofluxError Bug for a cell that sent more than it had, or was given more than it lacked */
export function addCell(to: FlowTotals, { supply, demand, used, outflow, spill }: CellFlow): void {
  const local = Math.min(supply, demand);
  if (outflow > supply - local || used > demand - local || outflow < 0 || used < 0)
    throw new EcofluxError('Bug', 'the flow does not conserve amounts in a cell', {
      found: `supply ${supply}, demand ${demand}, sent ${outflow}, received ${used} quanta`,
    });
  to.cells++;
  to.supply += supply;
  to.demand += demand;
  to.local += local;
  to.outflow += outflow;
  to.used += used;
  to.residual += supply - local - outflow;
  to.deficit += demand - local - used;
  to.spill += spill;
}

/** The totals of a zone, which are made where there are none. */
export function zoneOf(zones: Map<number, FlowTotals>, zone: number): FlowTotals {
  const known = zones.get(zone);
  if (known) return known;
  const made = noFlow();
  zones.set(zone, made);
  return made;
}

export function addTotals(to: FlowTotals, from: Readonly<FlowTotals>): void {
  for (const name of TOTAL_NAMES) to[name] += from[name];
}

/**
 * `delivered`: what each epoch delivered, where there are some.
 * @throws EcofluxError Bug where something came from nowhere, or went there
 */
export function checkConservation(
  { supply, local, outflow, residual, used, spill }: Readonly<FlowTotals>,
  lost: number,
  delivered: readonly number[] = [],
): void {
  const fault = (what: string, found: number, expected: number) =>
    new EcofluxError('Bug', `the flow does not conserve amounts: ${what}`, {
      found: `${found} quanta`,
      expected: `${expected}`,
    });
  if (local + outflow + residual !== supply)
    throw fault('local + outflow + residual is not the supply', local + outflow + residual, supply);
  if (used + spill + lost !== outflow)
    throw fault('used + spill + lost is not the outflow', used + spill + lost, outflow);
  const arrived = delivered.reduce((sum, amount) => sum + amount, 0);
  if (delivered.length > 0 && arrived !== used) throw fault('the epochs did not deliver what was used', arrived, used);
}
