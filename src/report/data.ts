/** What a report is made from: maps, totals, parameters, inputs, device, verification. Plain data, filled by the run. */
import type { Grid } from '../core/grid.ts';
import type { BundleStory, FlowStory, HotspotStory, ReportZone, RiskStory, RiskTransitions } from './stories.ts';

export type Rgba = readonly [number, number, number, number];

export type ReportStep = 'services' | 'flow' | 'risk' | 'hotspots' | 'bundles';

/** One map. `cells` is a preview in row-major order, north first, with the sentinels NODATA and NODATA_CODE. */
export interface ReportMap {
  /** "2003/WY/supply". */
  readonly id: string;
  readonly title: string;
  readonly year?: number;
  /** The step that made it; services where left out. */
  readonly step?: ReportStep;
  /** Code of the service, or "composite". */
  readonly service?: string;
  readonly serviceName?: string;
  /** supply, demand, balance_static, ratio, lulc, role, risk, sti, …; of hot spots, what gathers: supply, demand, ratio. */
  readonly quantity: string;
  readonly unit: string;
  readonly kind: 'quantity' | 'classes';
  /** Coloured around `centre` (0 where not given). */
  readonly diverging?: boolean;
  readonly centre?: number;
  /** Left out: chosen from the values, and said in the legend. */
  readonly logarithmic?: boolean;
  readonly width: number;
  readonly height: number;
  readonly cells: Float32Array | Uint32Array;
  /** Edge of a cell of the preview in metres. */
  readonly cellMetres: number;
  /** Red, green, blue, alpha of each class, 0..255. */
  readonly palette?: Readonly<Record<number, Rgba>>;
  readonly classNames?: Readonly<Record<number, string>>;
  /** Link to the raster, relative to the report. */
  readonly file?: string;
  readonly formula?: string;
  /** Cells of each class on the grid; counted in the preview where left out. */
  readonly classCells?: Readonly<Record<number, number>>;
}

export interface TotalsRow {
  readonly year: number;
  readonly service: string;
  readonly quantity: string;
  readonly unit: string;
  readonly cells: number;
  readonly sum: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

export interface VerificationRow {
  readonly stage: string;
  readonly output: string;
  readonly cells: number;
  readonly maxAbsolute: number;
  readonly maxRelative: number;
  readonly worst?: {
    readonly column: number;
    readonly row: number;
    readonly device: number;
    readonly reference: number;
  };
  readonly classDisagreements?: number;
  readonly nodataDisagreements: number;
  readonly tolerance: { readonly rtol: number; readonly atol: number };
  readonly passed: boolean;
}

export interface ReportService {
  readonly code: string;
  readonly name: string;
  readonly category: string;
  readonly flow?: string;
  readonly unit: string;
  readonly supplyModel: string;
  readonly demandModel: string;
}

export interface ReportParameter {
  readonly where: string;
  readonly name: string;
  readonly value: string;
  readonly unit?: string;
  readonly about?: string;
  readonly defaulted: boolean;
}

export interface ReportInput {
  readonly layer: string;
  readonly file: string;
  readonly sha256?: string;
  /** In place of a checksum: what the server of a file on the web says of it. */
  readonly identity?: string;
  readonly unit?: string;
  readonly alignment: string;
}

export interface ReportEquations {
  readonly model: string;
  readonly title: string;
  readonly equations: readonly string[];
  readonly sources: readonly string[];
}

export interface ReportDevice {
  readonly name: string;
  readonly kind: string;
  readonly driver?: string;
  readonly sentence: string;
}

export interface ReportData {
  readonly title: string;
  /** ISO 8601; absent where the same run should give the same file. */
  readonly created?: string;
  readonly version: string;
  readonly grid: Grid;
  readonly years: readonly number[];
  readonly services: readonly ReportService[];
  readonly maps: readonly ReportMap[];
  readonly totals: readonly TotalsRow[];
  /** Empty without zones. */
  readonly zones?: readonly ReportZone[];
  /** By service, then by year; and so on: what a run did not compute is left out. */
  readonly flows?: readonly FlowStory[];
  readonly risks?: readonly RiskStory[];
  readonly riskTransitions?: readonly RiskTransitions[];
  readonly hotspots?: readonly HotspotStory[];
  readonly bundles?: BundleStory;
  /** Undefined where the run was not verified. */
  readonly verification: readonly VerificationRow[] | undefined;
  readonly parameters: readonly ReportParameter[];
  readonly inputs: readonly ReportInput[];
  readonly equations?: readonly ReportEquations[];
  readonly device: ReportDevice;
  readonly timings?: readonly { readonly name: string; readonly seconds: number }[];
  readonly log?: readonly string[];
}
