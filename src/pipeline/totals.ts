/** Totals of every service, quantity and year, from the records of a run; as rows and as CSV. */
import type { Values } from '../core/model.ts';
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

/** A number without a value is an empty cell. */
export function totalsCsv(rows: readonly TotalsRow[]): string {
  const cell = (value: string | number) => (typeof value === 'number' && !Number.isFinite(value) ? '' : String(value));
  return `${[COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((column) => cell(row[column])).join(','))].join('\n')}\n`;
}
