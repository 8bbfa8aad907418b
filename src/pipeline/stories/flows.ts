/** The flows of a run for its report and its tables: what the operators counted, exact in quanta. */

import type { Grid } from '../../core/grid.ts';
import { csvText } from '../../io/tables/write-csv.ts';
import type { FlowStory } from '../../report/stories.ts';
import type { FlowReport, FlowRow } from '../service-flow/report-data.ts';
import { grouped, type StoryContext, type Tables, zoneNames } from './context.ts';

export interface ToldFlow extends Pick<FlowStory, 'year' | 'service' | 'serviceName' | 'mode' | 'unit'> {
  readonly report: FlowReport;
}

/** Stories in the order given; flow_totals.csv, flow_epochs.csv, zone_flows.csv, balances.csv. */
export function tellFlows(
  flows: readonly ToldFlow[],
  { grid, zones }: Pick<StoryContext, 'grid' | 'zones'>,
): { readonly stories: FlowStory[]; readonly tables: Tables } {
  const stories = flows.map((flow) => storyOf(flow, grid));
  const named = zoneNames(zones);
  const inZone = (zone: number | null | undefined) => (zone === undefined ? 'all' : named(zone));
  const totals = flows.flatMap(({ year, service, unit, report }, i) => [
    ...[...report.rows, ...inOrder(report.zones)].map(({ zone, quantity, amount, share }) => [
      ...[year, service, inZone(zone), quantity, unit, amount, share],
    ]),
    ...(stories[i].meanDistance === undefined
      ? []
      : [[year, service, 'all', 'mean_distance', 'm', stories[i].meanDistance, undefined]]),
  ]);
  const epochs = stories.flatMap(({ year, service, unit, epochs }) =>
    epochs.map(({ epoch, delivered, residual }) => [year, service, epoch, unit, delivered, residual]),
  );
  const links = stories.flatMap(({ year, service, unit, links = [] }) =>
    links.map(({ from, to, as, amount }) => [
      ...[year, service, named(from), as === 'lost' ? '' : named(to), as, unit, amount],
    ]),
  );
  return {
    stories,
    tables: {
      'flow_totals.csv': csvText([['year', 'service', 'zone', 'quantity', 'unit', 'amount', 'share'], ...totals]),
      'balances.csv': csvText([
        ['year', 'service', 'zone', 'unit', ...BALANCES],
        ...flows.flatMap(({ year, service, unit, report }) =>
          balancesOf(report).map(({ zone, ...balance }) => [
            ...[year, service, inZone(zone), unit],
            ...BALANCES.map((name) => balance[name]),
          ]),
        ),
      ]),
      ...(epochs.length > 0 && {
        'flow_epochs.csv': csvText([['year', 'service', 'epoch', 'unit', 'delivered', 'residual'], ...epochs]),
      }),
      ...(links.length > 0 && {
        'zone_flows.csv': csvText([['year', 'service', 'from', 'to', 'as', 'unit', 'amount'], ...links]),
      }),
    },
  };
}

function storyOf({ report, ...told }: ToldFlow, grid: Grid): FlowStory {
  const { summary, rows, epochs, flows, remarks } = report;
  const moves = told.mode === 'omnidirectional';
  return {
    ...told,
    totals: rows.map(({ quantity, amount, share }) => ({ quantity, amount, share })),
    epochs: moves ? epochs : [],
    meanDistance: moves && summary.totals.used > 0 ? stepMetres(grid, summary.meanDistance) : undefined,
    // Mixes of zones err by some 10^-15.
    links: flows?.map((flow) => ({ ...flow, amount: Number(flow.amount.toPrecision(12)) })),
    remarks,
  };
}

/** A step is as long as a cell; undefined where that is unknown in metres. */
function stepMetres({ crs, cellWidth, cellHeight }: Grid, steps: number): number | undefined {
  if (crs.kind !== 'projected' || crs.metresPerUnit === undefined) return undefined;
  return steps * Math.max(cellWidth, cellHeight) * crs.metresPerUnit;
}

/** By number of the zone; outside of zones last. */
function inOrder(rows: readonly FlowRow[]): FlowRow[] {
  return [...rows].sort((a, b) => (a.zone ?? Infinity) - (b.zone ?? Infinity) || 0);
}

const BALANCES = ['balance_static', 'balance_semi_static', 'balance_dynamic', 'before', 'after'] as const;
type Balance = { readonly zone?: number | null } & Readonly<Record<(typeof BALANCES)[number], number>>;

/** Sums over the cells that take part, of the region and of each zone (risk.md): whole numbers of quanta, so differences are exact. */
function balancesOf({ rows, zones, summary }: FlowReport): Balance[] {
  const { quantum, totals } = summary;
  const byZone = grouped(inOrder(zones), ({ zone }) => zone);
  return [
    balanceOf(undefined, new Map(rows.map(({ quantity, amount }) => [quantity, amount])), totals.outflow * quantum),
    ...[...byZone].map(([zone, own]) => {
      const amounts = new Map(own.map(({ quantity, amount }) => [quantity, amount]));
      return balanceOf(zone, amounts, amounts.get('outflow')!);
    }),
  ];
}

function balanceOf(
  zone: number | null | undefined,
  amounts: ReadonlyMap<FlowRow['quantity'], number>,
  outflow: number,
): Balance {
  const balance_static = amounts.get('supply')! - amounts.get('demand')!;
  return {
    zone,
    balance_static,
    balance_semi_static: balance_static - outflow,
    balance_dynamic: balance_static - outflow + amounts.get('inflow')!,
    before: amounts.get('before')!,
    after: amounts.get('after')!,
  };
}
