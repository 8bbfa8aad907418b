/** What a run takes and gives. */
import type { Plane } from '../core/cells.ts';
import type { Window } from '../core/grid.ts';
import type { Scratch } from '../core/scratch.ts';
import type { TaskPool } from '../core/tasks.ts';
import type { Values } from '../core/values.ts';
import type { Executor } from './executor.ts';
import type { WarpedPlane } from './warped-plane.ts';

/** Where the cells of a source come from. The window may reach beyond the grid, where cells are nodata. The plane is the caller's. */
export interface FieldReader {
  /** The plane is the caller's to change, to move to a worker, and to free. */
  read(window: Window, signal?: AbortSignal): Promise<Plane>;
  /**
   * Of a source in another grid: what a device makes the window from. Undefined where the reader would rather make it; whether it does must
   * not change a value from one tiling to another.
   */
  readWarp?(window: Window, signal?: AbortSignal): Promise<WarpedPlane | undefined>;
  /** Known, without reading, to be nodata throughout: outside the study area. A tile whose inputs all are is not visited. */
  empty?(window: Window): boolean;
}

/** Where a finished tile goes. Called once for each tile, in any order; takes ownership of the plane. */
export interface FieldWriter {
  write(window: Window, plane: Plane): Promise<void>;
  /** Instead of `write` where a tile is nodata throughout; a writer without it is given the plane. */
  skip?(window: Window): Promise<void>;
  /** Whether an earlier run has left all of the window. */
  has?(window: Window): boolean;
}

/** What an earlier, interrupted run of the same plan has done, and where this one says what it does. */
export interface RunJournal {
  /** Partial records of the tiles that were visited in a pass, by tile. */
  done(pass: number): ReadonlyMap<number, ReadonlyMap<string, Values>>;
  /** Without waiting; a line that is lost means that the tile is visited again. */
  tileDone(pass: number, tile: number, partials: ReadonlyMap<string, Values>): void;
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
  /** Bytes; half of the device's is for fields kept between passes, and of the host's what memory-shares.ts says. */
  readonly budget: { readonly device: number; readonly host: number };
  readonly openScratch: () => Promise<Scratch>;
  /** Where global operators run their tasks; this thread when absent. */
  readonly pool?: TaskPool;
  readonly journal?: RunJournal;
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
  /** Global operators by name: how long each took, and what it counts (visits of tiles, rounds, dispatches). */
  readonly solves: ReadonlyMap<string, { readonly milliseconds: number; readonly facts: Values }>;
}
