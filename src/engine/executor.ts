/** What an executor is: it runs the stages of one visit to one tile and keeps nothing between visits. */
import type { CellType, Plane } from '../core/cells.ts';
import type { ClassRows, TileContext, Values } from '../core/model.ts';
import type { DevicePlane } from './store.ts';

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

export interface VisitInput {
  /** Padded cells: (width + 2 halo) × (height + 2 halo), row by row. */
  readonly host?: Plane;
  /** The executor may give the host plane's memory away. */
  readonly owned?: boolean;
  readonly device?: DevicePlane;
}

export interface VisitRequest {
  readonly label: string;
  readonly nodes: readonly ResolvedNode[];
  readonly tables: ReadonlyMap<string, ClassRows>;
  readonly tile: TileContext;
  readonly inputs: ReadonlyMap<string, VisitInput>;
  readonly types: ReadonlyMap<string, CellType>;
  /** Fields whose cells are wanted in host memory (files, store). */
  readonly toHost: readonly string[];
  /** Fields that may stay on the device; where that cannot be, they come to the host. */
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

export interface VisitTimings {
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Milliseconds on the host side of each step, and nanoseconds per stage on the device where it can tell. */
  readonly upload: number;
  readonly compute: number;
  readonly readback: number;
  readonly stages?: ReadonlyMap<string, number>;
}

export interface Executor {
  readonly kind: 'gpu' | 'cpu';
  /** For the log and the provenance: the device in words. */
  readonly name: string;
  visit(request: VisitRequest): Promise<VisitResult>;
  close(): Promise<void>;
}
