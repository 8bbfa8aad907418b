/** Totals of every service, quantity and year, from the records of a run; as rows and as CSV. */
import type { Values } from '../core/model.ts';
import { csvText } from '../io/tables/write-csv.ts';
import type { TotalsRow } from '../report/index.ts';
import type { AnalysisOutput } from './analysis.ts';

export function totalsOf(outputs: readonly AnalysisOutput[], records: ReadonlyMap<string, Values>): TotalsRow[] {
  return outputs.flatMap(({ year, service, quantity, unit, range, sum }) => {
    if (range === undefined || sum === undefined) return [];
    const { count, low, high } = records.get(range)!;
    const { sum: total, mean } = records.get(sum)!;
    const empty = count === 0;
    return [
      {
        year,
        service,
        quantity,
        unit,
        cells: count,
        sum: total,
        mean,
        min: empty ? Number.NaN : low,
        max: empty ? Number.NaN : high,
      },
    ];
  });
}

const COLUMNS = ['year', 'service', 'quantity', 'unit', 'cells', 'sum', 'mean', 'min', 'max'] as const;

export function totalsCsv(rows: readonly TotalsRow[]): string {
  return csvText([COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))]);
}
