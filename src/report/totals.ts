/** Supply against demand by year, read from the totals table: what charts, key figures and the finding are made from. */
import type { ReportData, ReportService, TotalsRow } from './data.ts';
import { addsUp, totalUnit } from './format.ts';

export interface YearTotals {
  readonly year: number;
  readonly supply?: number;
  readonly demand?: number;
  /** Supply minus demand over the cells where both are known. */
  readonly balance?: number;
}

export interface ServiceTotals {
  readonly service: ReportService;
  /** Sums over the study area, or means where sums mean nothing (indices). */
  readonly measure: 'sum' | 'mean';
  /** Of the sums or means. */
  readonly unit: string;
  /** Years that have a supply or a demand, ascending. */
  readonly years: readonly YearTotals[];
}

export function serviceTotals(data: ReportData): ServiceTotals[] {
  return data.services.map((service) => {
    const rows = data.totals.filter((row) => row.service === service.code);
    const unit = rows.find(({ quantity }) => quantity === 'supply' || quantity === 'demand')?.unit ?? service.unit;
    const measure = addsUp(unit) ? 'sum' : 'mean';
    const years = [...new Set(rows.map(({ year }) => year))].sort((a, b) => a - b);
    return {
      service,
      measure,
      unit: measure === 'sum' ? totalUnit(unit) : unit,
      years: years.map((year) => yearTotals(rows, year, measure)).filter(hasSomething),
    };
  });
}

function yearTotals(rows: readonly TotalsRow[], year: number, measure: 'sum' | 'mean'): YearTotals {
  const value = (quantity: string) => {
    const row = rows.find((candidate) => candidate.year === year && candidate.quantity === quantity);
    return row && row.cells > 0 && Number.isFinite(row[measure]) ? row[measure] : undefined;
  };
  const supply = value('supply');
  const demand = value('demand');
  const difference = supply !== undefined && demand !== undefined ? supply - demand : undefined;
  return { year, supply, demand, balance: value('balance_static') ?? difference };
}

function hasSomething({ supply, demand }: YearTotals): boolean {
  return supply !== undefined || demand !== undefined;
}

/** Area of the valid cells in m², from the row that has most of them; undefined without a metric grid. */
export function studyArea({ grid, totals }: ReportData): number | undefined {
  const cells = Math.max(0, ...totals.map((row) => row.cells));
  const metres = grid.crs.metresPerUnit;
  if (grid.crs.kind !== 'projected' || metres === undefined || cells === 0) return undefined;
  return cells * grid.cellWidth * metres * grid.cellHeight * metres;
}
