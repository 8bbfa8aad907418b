/** What a run takes and gives. */
import type { Plane } from '../core/cells.ts';
import type { Window } from '../core/grid.ts';
import type { Values } from '../core/model.ts';
import type { Executor } from './executor.ts';
import type { Scratch } from './store.ts';

/** Where the cells of a source come from. The window may reach beyond the grid, where cells are nodata. The plane is the caller's. */
export interface FieldReader {
  read(window: Window, signal?: AbortSignal): Promise<Plane>;
}

/** Where a finished tile goes. Called once for each tile, in any order; takes ownership of the plane. */
export interface FieldWriter {
  write(window: Window, plane: Plane): Promise<void>;
}

export interface RunProgress {
  readonly pass: number;
  readonly passes: number;
  readonly tilesDone: number;
  readonly tiles: number;
}

export interface RunOptions {
  /** Stays the caller's to close, unless its device is lost: then the run closes it. */
  readonly executor: Executor;
  /** A new device after a loss; the CPU after the second. It is the caller's to close. */
  readonly replaceExecutor?: (losses: number) => Promise<Executor>;
  readonly readers: ReadonlyMap<string, FieldReader>;
  readonly writers: ReadonlyMap<string, FieldWriter>;
  /** Bytes; half of each is for fields kept between passes. */
  readonly budget: { readonly device: number; readonly host: number };
  readonly openScratch: () => Promise<Scratch>;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: RunProgress) => void;
  readonly log?: (line: string) => void;
}

export interface RunSummary {
  readonly records: ReadonlyMap<string, Values>;
  readonly timings: RunTimings;
  /** The one that was in use at the end. */
  readonly executor: Executor;
  readonly losses: number;
}

/** Milliseconds of each part, summed over visits; they overlap, so they add to more than the wall clock. */
export interface RunTimings {
  readonly wall: number;
  /** Until the inputs were in host memory. */
  readonly read: number;
  readonly upload: number;
  readonly compute: number;
  readonly readback: number;
  /** In the writers. */
  readonly write: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Nanoseconds on the device by stage, where it can time them. */
  readonly stages: ReadonlyMap<string, number>;
}
