/** What an executor is: it runs the stages of one visit to one tile and keeps nothing between visits that could change a result. */
import type { CellType, Plane } from '../core/cells.ts';
import type { TileContext } from '../core/model-reference.ts';
import type { ClassRows, Values } from '../core/values.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { DevicePlane } from './store-levels.ts';
import type { WarpedPlane } from './warped-plane.ts';

/** A stage with its parameters known. */
export interface ResolvedNode {
  readonly name: string;
  readonly model: string;
  readonly shader: string;
  readonly entry: string;
  readonly reads: Readonly<Record<string, string>>;
  readonly writes: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, string>>;
  readonly params: Values;
  readonly record?: string;
}

/** One of `host`, `device`, `warp`. */
export interface VisitInput {
  /** Padded cells: (width + 2 halo) × (height + 2 halo), row by row. */
  readonly host?: Plane;
  /** The executor may give the host plane's memory away. */
  readonly owned?: boolean;
  readonly device?: DevicePlane;
  /** To be made by the executor, one that `warps`. */
  readonly warp?: WarpedPlane;
  /** Cells of padding around the window of `warp`, of undefined value; 0 when absent: it reaches over all padded cells. */
  readonly inset?: number;
}

export interface VisitRequest {
  readonly label: string;
  readonly nodes: readonly ResolvedNode[];
  readonly tables: ReadonlyMap<string, ClassRows>;
  readonly tile: TileContext;
  /** Every field that a node reads and none of them makes. */
  readonly inputs: ReadonlyMap<string, VisitInput>;
  readonly types: ReadonlyMap<string, CellType>;
  /** Fields made here whose cells are wanted in host memory (files, store). */
  readonly toHost: readonly string[];
  /** Fields made here that may stay on the device; where that cannot be, they come to the host. */
  readonly toStay: readonly string[];
  readonly signal?: AbortSignal;
}

export interface VisitResult {
  /** Without padding. */
  readonly host: ReadonlyMap<string, Plane>;
  readonly device: ReadonlyMap<string, DevicePlane>;
  /** One partial record per reduction. */
  readonly partials: ReadonlyMap<string, Values>;
  readonly timings?: VisitTimings;
}

/** Milliseconds of one visit. */
export interface VisitTimings {
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Until the inputs stood in the device's queue. */
  readonly upload: number;
  /** Of the stages themselves where the device can time them; until everything was there otherwise, waiting included. */
  readonly compute: number;
  /** Of copying out of mapped memory. */
  readonly readback: number;
  /** Nanoseconds by stage, where the device can time them. */
  readonly stages?: ReadonlyMap<string, number>;
}

export interface Executor {
  readonly kind: 'gpu' | 'cpu';
  /** For the log and the provenance: the device in words. */
  readonly name: string;
  /** Visits that it computes at the same time; 1 when absent. */
  readonly lanes?: number;
  /** Makes planes of sources in other grids itself; for others, whoever reads them does. */
  readonly warps?: boolean;
  /** The device that global operators run on; they run in worker threads when absent. */
  readonly solvesOn?: Gpu;
  visit(request: VisitRequest): Promise<VisitResult>;
  close(): Promise<void>;
}
