/** What the later steps of a run have to tell: flow, risk, hot spots, bundles. Plain data, filled by the run; their maps are among `ReportData.maps`. */

/** A place that amounts go between and shares are counted in. */
export interface ReportZone {
  /** As flows name it. */
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly cells: number;
  /** A place within it, as shares of the width and height of the grid from its north-west corner. */
  readonly at: readonly [x: number, y: number];
}

export interface FlowAmount {
  /** supply, demand, local, outflow, delivered, inflow, spill, lost, residual, unmet, before, after (flow.md section 5). */
  readonly quantity: string;
  readonly amount: number;
  /** Of supply, or of demand for inflow and unmet; NaN where that is 0. */
  readonly share: number;
}

export interface ZoneLink {
  /** Numbers of zones; null: cells outside of zones. */
  readonly from: number | null;
  readonly to: number | null;
  readonly as: 'used' | 'spill' | 'lost';
  readonly amount: number;
}

/** The flow of a service in a year. */
export interface FlowStory {
  readonly year: number;
  readonly service: string;
  readonly serviceName: string;
  readonly mode: 'in_situ' | 'omnidirectional' | 'directional';
  readonly unit: string;
  readonly totals: readonly FlowAmount[];
  /** What each epoch delivered, and the surplus that was left after it; none but of omnidirectional flow. */
  readonly epochs: readonly { readonly epoch: number; readonly delivered: number; readonly residual: number }[];
  /** How far what was delivered went in the mean, metres; omnidirectional flow. */
  readonly meanDistance?: number;
  /** Undefined without zones, or with too many. */
  readonly links?: readonly ZoneLink[];
  readonly remarks: readonly string[];
}

/** Cells with a class. */
export interface ClassShare {
  readonly code: number;
  readonly cells: number;
  /** km²; undefined where cells have no area in metres. */
  readonly area?: number;
  /** Of the cells that have a class. */
  readonly share: number;
}

export const LEVELS = ['high', 'medium', 'low'] as const;
export type RiskLevel = (typeof LEVELS)[number];

/** The risk of a service over a period. */
export interface RiskStory {
  readonly service: string;
  readonly serviceName: string;
  readonly from: number;
  readonly to: number;
  /** Those of the 18 classes that occur, ascending. */
  readonly classes: readonly ClassShare[];
  readonly levels: Readonly<Record<RiskLevel, Omit<ClassShare, 'code'>>>;
  readonly meanClass: number;
  readonly zones: readonly {
    /** Number of a `ReportZone`; null: outside of zones. */
    readonly zone: number | null;
    readonly cells: number;
    readonly shares: Readonly<Record<RiskLevel, number>>;
    readonly meanClass: number;
  }[];
}

/** How many cells went from one class to another between two maps of the same thing. */
export interface Transitions {
  /** Codes, ascending; the rows of `cells`, in the same order its columns. */
  readonly codes: readonly number[];
  readonly cells: readonly (readonly number[])[];
}

/** Risk classes of one period against those of the next. */
export interface RiskTransitions {
  readonly service: string;
  readonly serviceName: string;
  /** "2003-2013", "2013-2023". */
  readonly before: string;
  readonly after: string;
  readonly transitions: Transitions;
}

/** Hot and cold spots of a composite in a year. */
export interface HotspotStory {
  readonly year: number;
  readonly of: 'supply' | 'demand' | 'ratio';
  /** "disc of 5 km". */
  readonly window: string;
  readonly correction: 'none' | 'fdr';
  /** Bins −3 … 3, all seven. */
  readonly bins: readonly ClassShare[];
  /** Of what the bins became since the year before among `years`; undefined in the first. */
  readonly since?: { readonly year: number; readonly transitions: Transitions };
}

export interface BundleStory {
  /** What was bundled: "risk 2003-2023", "net 2023". */
  readonly of: string;
  /** One a service, in the order of `means`. */
  readonly features: readonly { readonly service: string; readonly serviceName: string }[];
  /** Mean of all cells, by feature. */
  readonly overall: readonly number[];
  /** Pseudo-F by number of bundles; NaN where there are fewer than two that have cells. */
  readonly curve: readonly {
    readonly bundles: number;
    readonly pseudoF: number;
    readonly nonEmpty: number;
    readonly quantisation: number;
    readonly topographic: number;
  }[];
  readonly firstTurn?: number;
  readonly maximum?: number;
  readonly chosen: number;
  readonly bundles: readonly {
    readonly code: number;
    readonly colour: readonly [number, number, number];
    readonly cells: number;
    readonly share: number;
    /** km². */
    readonly area?: number;
    /** By feature, in its unit and scaled. */
    readonly means: readonly number[];
    readonly scaledMeans: readonly number[];
    /** Features, the one that is to be looked after first first. */
    readonly priorities: readonly number[];
  }[];
  readonly zones: readonly {
    readonly zone: number | null;
    readonly cells: number;
    /** By bundle, in the order of `bundles`. */
    readonly shares: readonly number[];
  }[];
}
