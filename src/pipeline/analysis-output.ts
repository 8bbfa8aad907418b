/** A map of the analysis: which field it is, what it shows, and how it is drawn. */
import type { OutputSpec } from '../core/model.ts';
import type { ReportStep } from '../report/index.ts';

/** A field that becomes a file. */
export interface AnalysisOutput {
  /** "2003/WY/supply"; the file is this with .tif. */
  readonly id: string;
  readonly field: string;
  readonly step: ReportStep;
  /** Left out where it is about a period. */
  readonly year?: number;
  readonly period?: Period;
  /** Code of the service, 'composite' or 'land_cover'. */
  readonly service: string;
  readonly serviceName: string;
  /** supply, demand, balance_static, ratio, lulc; the names of the outputs of flow and risk; of hot spots z, p, bin, bin_fdr. */
  readonly quantity: string;
  readonly unit: string;
  readonly about: string;
  /** Drawn around it with two colours. */
  readonly centre?: number;
  readonly formula?: string;
  /** Of class codes that a model makes. */
  readonly made?: OutputSpec;
  /** As what it stands in the report; not drawn where left out. */
  readonly drawn?: { readonly step: ReportStep; readonly quantity: string; readonly year?: number };
  /** Of its totals: records of the run, or the statistics of the file. */
  readonly totals?: { readonly range: string; readonly sum: string } | 'of the file';
}

/** From a year to a later one. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** "2003-2023". */
export function periodName({ from, to }: Period): string {
  return `${from}-${to}`;
}
