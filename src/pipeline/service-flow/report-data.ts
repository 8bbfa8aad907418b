/** What became of a flow, in amounts: rows for tables and for the report, from what the operator counted (flow.md section 5). */
import { NODATA_CODE } from '../../core/cells.ts';
import type { Values } from '../../core/values.ts';
import { type FlowSummary, flowSummary } from '../../solvers/service-flow/summary.ts';
import type { FlowTotals } from '../../solvers/service-flow/totals.ts';
import type { FlowEnd } from '../../solvers/service-flow/zone-flows.ts';

/** Amounts of a region or a zone, with shares of what they are part of. */
export interface FlowRow {
  /** Number of the zone; null for cells outside of zones, undefined for the whole region. */
  readonly zone?: number | null;
  readonly quantity: FlowQuantity;
  readonly amount: number;
  /** Of supply, or of demand for `unmet` and `inflow`; NaN where that is 0. */
  readonly share: number;
}

export const FLOW_QUANTITIES = [
  'supply',
  'demand',
  'local',
  'outflow',
  'delivered',
  'inflow',
  'spill',
  'lost',
  'residual',
  'unmet',
  'before',
  'after',
] as const;
/** `before`, `after`: supply less demand, as it was and with what is left of both. Zones have no `delivered` and no `lost`. */
export type FlowQuantity = (typeof FLOW_QUANTITIES)[number];

export interface ZoneFlowRow {
  /** null: cells outside of zones. */
  readonly from: number | null;
  readonly to: number | null;
  readonly as: FlowEnd;
  readonly amount: number;
}

export interface EpochRow {
  readonly epoch: number;
  readonly delivered: number;
  /** Surplus that is left after it. */
  readonly residual: number;
}

export interface FlowReport {
  readonly summary: FlowSummary;
  readonly rows: readonly FlowRow[];
  readonly zones: readonly FlowRow[];
  /** Undefined where no table of zones was made. */
  readonly flows?: readonly ZoneFlowRow[];
  readonly epochs: readonly EpochRow[];
  /** What a reader should know: cells that took no part, nothing that could flow, a table that was left out. */
  readonly remarks: readonly string[];
}

/** Undefined where the facts are not those of a flow. */
export function flowReport(facts: Values): FlowReport | undefined {
  if (facts.quantum === undefined || facts.outflow === undefined) return undefined;
  const summary = flowSummary(facts);
  const { quantum, totals, lost, delivered, zones, flows } = summary;
  let residual = totals.supply - totals.local;
  return {
    summary,
    rows: rowsOf(totals, quantum, lost),
    zones: [...(zones ?? [])].flatMap(([zone, ofZone]) => zoneRows(numberOf(zone), ofZone, quantum)),
    flows: flows?.map(({ from, to, as, amount }) => ({
      from: numberOf(from),
      to: numberOf(to),
      as,
      amount: amount * quantum,
    })),
    epochs: delivered.map((amount, k) => {
      residual -= amount;
      return { epoch: k + 1, delivered: amount * quantum, residual: residual * quantum };
    }),
    remarks: remarksOn(summary),
  };
}

function numberOf(zone: number): number | null {
  return zone === NODATA_CODE ? null : zone;
}

function rowsOf(totals: Readonly<FlowTotals>, quantum: number, lost: number): FlowRow[] {
  const { supply, demand, local, outflow, used, spill, residual, deficit } = totals;
  return [
    row('supply', supply, supply, quantum),
    row('demand', demand, demand, quantum),
    row('local', local, supply, quantum),
    row('outflow', outflow, supply, quantum),
    row('delivered', used, supply, quantum),
    row('inflow', used, demand, quantum),
    row('spill', spill, supply, quantum),
    row('lost', lost, supply, quantum),
    row('residual', residual, supply, quantum),
    row('unmet', deficit, demand, quantum),
    row('before', supply - demand, demand, quantum),
    row('after', residual - deficit, demand, quantum),
  ];
}

function zoneRows(zone: number | null, totals: Readonly<FlowTotals>, quantum: number): FlowRow[] {
  const { supply, demand, local, outflow, used, spill, residual, deficit } = totals;
  return [
    row('supply', supply, supply, quantum, zone),
    row('demand', demand, demand, quantum, zone),
    row('local', local, supply, quantum, zone),
    row('outflow', outflow, supply, quantum, zone),
    row('inflow', used, demand, quantum, zone),
    row('spill', spill, supply, quantum, zone),
    row('residual', residual, supply, quantum, zone),
    row('unmet', deficit, demand, quantum, zone),
    row('before', supply - demand, demand, quantum, zone),
    row('after', residual - deficit, demand, quantum, zone),
  ];
}

function row(quantity: FlowQuantity, amount: number, whole: number, quantum: number, zone?: number | null): FlowRow {
  return { zone, quantity, amount: amount * quantum, share: whole === 0 ? Number.NaN : amount / whole };
}

function remarksOn({ onlySupply, onlyDemand, barriers, totals, flows, zoneCount, zones }: FlowSummary): string[] {
  const cells = (count: number) => `${count.toLocaleString('en')} cell${count === 1 ? '' : 's'}`;
  const remarks: string[] = [];
  if (totals.cells === 0) return ['no cell has both supply and demand'];
  if (onlySupply > 0) remarks.push(`${cells(onlySupply)} with supply but no demand take no part`);
  if (onlyDemand > 0) remarks.push(`${cells(onlyDemand)} with demand but no supply take no part`);
  if (barriers === totals.cells) remarks.push('every cell is a barrier: nothing can flow');
  if (totals.demand === 0) remarks.push('demand is 0 everywhere: nothing is used');
  if (totals.supply === 0) remarks.push('supply is 0 everywhere: no demand is met');
  if (zoneCount > 0 && !flows)
    remarks.push(
      `no table of flows between zones: there are ${zones ? zoneCount : 'more than 10 000'} zones, and the table is made for 64 at most`,
    );
  return remarks;
}
