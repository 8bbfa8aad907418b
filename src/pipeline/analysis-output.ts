/** A map of the analysis: which field it is, what it shows, and how it is drawn. */
export type Quantity = 'supply' | 'demand' | 'balance_static' | 'ratio' | 'lulc';

/** A field that becomes a file. */
export interface AnalysisOutput {
  /** "2003/WY/supply"; the file is this with .tif. */
  readonly id: string;
  readonly field: string;
  readonly year: number;
  /** Code of the service, 'composite' or 'land_cover'. */
  readonly service: string;
  readonly serviceName: string;
  readonly quantity: Quantity;
  readonly unit: string;
  readonly about: string;
  /** Drawn around it with two colours. */
  readonly centre?: number;
  readonly formula?: string;
  /** Records of its totals. */
  readonly range?: string;
  readonly sum?: string;
}
