/**
 * What a flow was, as plain data for tables and reports: totals, shares, zones, what each epoch delivered. Operators give it as numbers by name
 * (SolveFacts), so that it travels like everything else that they count.
 */
import { NODATA_CODE } from '../../core/cells.ts';
import type { Values } from '../../core/values.ts';
import type { Inspection } from './inspect.ts';
import { type FlowTotals, noFlow, TOTAL_NAMES } from './totals.ts';
import type { ZoneFlow } from './zone-flows.ts';

export interface FlowSummary {
  /** Of all amounts below, which are whole numbers of it; the mixes of `flows` are parts. */
  readonly quantum: number;
  /** Cells that have only one of supply and demand, and take no part. */
  readonly onlySupply: number;
  readonly onlyDemand: number;
  readonly barriers: number;
  readonly totals: Readonly<FlowTotals>;
  readonly lost: number;
  /** Of each epoch. */
  readonly delivered: readonly number[];
  /** Steps of a quantum that was delivered, in the mean. */
  readonly meanDistance: number;
  /** By number of the zone; cells outside of zones under NODATA_CODE. Undefined without zones, or with too many. */
  readonly zones?: ReadonlyMap<number, Readonly<FlowTotals>>;
  /** From zone to zone; undefined without zones, or with more than 64. */
  readonly flows?: readonly ZoneFlow[];
  /** How many zones there are, as far as they were counted (10 001: more than are of use). */
  readonly zoneCount: number;
}

export interface FlowFinding {
  readonly quantum: number;
  readonly inspection: Inspection;
  readonly totals: Readonly<FlowTotals>;
  readonly lost: number;
  readonly delivered: readonly number[];
  readonly distance: bigint;
  readonly zones?: ReadonlyMap<number, Readonly<FlowTotals>>;
  readonly flows?: readonly ZoneFlow[];
}

/** Numbers by name; `flowSummary` reads them. */
export function factsOf(found: FlowFinding): Values {
  const { quantum, inspection, totals, lost, delivered, distance, zones, flows } = found;
  const { onlySupply, onlyDemand, barriers } = inspection;
  const facts: Record<string, number> = {
    quantum,
    ...totals,
    lost,
    only_supply: onlySupply,
    only_demand: onlyDemand,
    barriers,
    epochs: delivered.length,
    mean_distance: meanOf(distance, delivered),
  };
  for (const [k, amount] of delivered.entries()) facts[`epoch ${k + 1}`] = amount;
  const numbered = [...inspection.zones].filter((zone) => zone !== NODATA_CODE).length;
  if (numbered > 0) facts.zones = numbered;
  for (const [zone, ofZone] of zones ?? [])
    for (const name of TOTAL_NAMES) facts[`zone ${zone} ${name}`] = ofZone[name];
  for (const { from, to, as, amount } of flows ?? []) facts[`flow ${from} ${as} ${to}`] = amount;
  if (flows) facts.zone_flows = flows.length;
  return facts;
}

function meanOf(distance: bigint, delivered: readonly number[]): number {
  const all = delivered.reduce((sum, amount) => sum + amount, 0);
  return all === 0 ? 0 : Number(distance) / all;
}

/** What `factsOf` was given. */
export function flowSummary(facts: Values): FlowSummary {
  const zones = new Map<number, FlowTotals>();
  const flows: ZoneFlow[] = [];
  for (const [key, amount] of Object.entries(facts)) {
    const [what, first, as, last] = key.split(' ');
    if (what === 'zone') {
      const zone = zones.get(Number(first)) ?? noFlow();
      zone[as as keyof FlowTotals] = amount;
      zones.set(Number(first), zone);
    } else if (what === 'flow') flows.push({ from: Number(first), as: as as ZoneFlow['as'], to: Number(last), amount });
  }
  return {
    quantum: facts.quantum,
    onlySupply: facts.only_supply,
    onlyDemand: facts.only_demand,
    barriers: facts.barriers,
    totals: Object.fromEntries(TOTAL_NAMES.map((name) => [name, facts[name]])) as unknown as FlowTotals,
    lost: facts.lost,
    delivered: Array.from({ length: facts.epochs }, (_, k) => facts[`epoch ${k + 1}`]),
    meanDistance: facts.mean_distance,
    zones: zones.size > 0 ? zones : undefined,
    flows: facts.zone_flows === undefined ? undefined : flows,
    zoneCount: facts.zones ?? 0,
  };
}
