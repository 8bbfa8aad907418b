/** Totals of every service, quantity and year, from the records of a run; as rows and as CSV. */
import type { Values } from '../core/values.ts';
import type { WrittenRaster } from '../io/raster-writer.ts';
import { csvText } from '../io/tables/write-csv.ts';
import type { TotalsRow } from '../report/index.ts';
import type { AnalysisOutput } from './analysis.ts';

/** Of outputs with a year and totals, in their order. */
export function totalsOf(
  outputs: readonly AnalysisOutput[],
  records: ReadonlyMap<string, Values>,
  written: ReadonlyMap<string, WrittenRaster>,
): TotalsRow[] {
  return outputs.flatMap(({ id, year, service, quantity, unit, totals }) => {
    if (year === undefined || totals === undefined) return [];
    const numbers =
      totals === 'of the file'
        ? ofFile(written.get(id)!)
        : ofRecords(records.get(totals.range)!, records.get(totals.sum)!);
    return [{ year, service, quantity, unit, ...numbers }];
  });
}

type Numbers = Pick<TotalsRow, 'cells' | 'sum' | 'mean' | 'min' | 'max'>;

function ofRecords({ count, low, high }: Values, { sum, mean }: Values): Numbers {
  const empty = count === 0;
  return { cells: count, sum, mean, min: empty ? Number.NaN : low, max: empty ? Number.NaN : high };
}

function ofFile({ statistics }: WrittenRaster): Numbers {
  if (!statistics) return { cells: 0, sum: 0, mean: Number.NaN, min: Number.NaN, max: Number.NaN };
  const { valid, mean, min, max } = statistics;
  return { cells: valid, sum: mean * valid, mean, min, max };
}

const COLUMNS = ['year', 'service', 'quantity', 'unit', 'cells', 'sum', 'mean', 'min', 'max'] as const;

export function totalsCsv(rows: readonly TotalsRow[]): string {
  return csvText([COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))]);
}
