/** The tables of a flow as CSV. */
import type { Values } from '../../core/values.ts';
import { csvText } from '../../io/tables/write-csv.ts';
import type { OutputFolder } from '../platform.ts';
import { type FlowReport, flowReport } from './report-data.ts';

/** Of operators by name, those that were flows. */
export function flowReports(solves: ReadonlyMap<string, { readonly facts: Values }>): Map<string, FlowReport> {
  const found = [...solves].map(([name, { facts }]) => [name, flowReport(facts)] as const);
  return new Map(found.filter((each): each is [string, FlowReport] => each[1] !== undefined));
}

/** Of a process: tables beside its rasters, and what is to be said of them. */
export async function writeFlowTables(
  folder: Pick<OutputFolder, 'writeText'>,
  solves: ReadonlyMap<string, { readonly facts: Values }>,
  log: ((line: string) => void) | undefined,
): Promise<void> {
  for (const report of flowReports(solves).values()) {
    for (const remark of report.remarks) log?.(`warning: ${remark}`);
    for (const [name, text] of Object.entries(flowTables(report))) await folder.writeText(name, text);
  }
}

/** Text by name of the file: totals, epochs of omnidirectional flow, flows between zones. */
export function flowTables({ rows, zones, flows, epochs }: FlowReport): Record<string, string> {
  const named = (zone: number | null | undefined) => (zone === undefined ? 'all' : (zone ?? 'outside'));
  return {
    'flow_totals.csv': csvText([
      ['zone', 'quantity', 'amount', 'share'],
      ...[...rows, ...zones].map(({ zone, quantity, amount, share }) => [named(zone), quantity, amount, share]),
    ]),
    ...(epochs.length > 0 && {
      'flow_epochs.csv': csvText([
        ['epoch', 'delivered', 'residual'],
        ...epochs.map(({ epoch, delivered, residual }) => [epoch, delivered, residual]),
      ]),
    }),
    ...(flows && {
      'zone_flows.csv': csvText([
        ['from', 'to', 'as', 'amount'],
        ...flows.map(({ from, to, as, amount }) => [
          named(from),
          as === 'lost' ? '' : named(to),
          as,
          Number(amount.toPrecision(12)), // mixes err by some 10^-15
        ]),
      ]),
    }),
  };
}
