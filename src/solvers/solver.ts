/** What implements a global operator, and what it is given to do so. */
import type { CellType, Plane } from '../core/cells.ts';
import type { Window } from '../core/grid.ts';
import type { Scratch } from '../core/scratch.ts';
import type { RasterShape, SolverReference, SolverSpec } from '../core/solver.ts';
import type { TaskPool } from '../core/tasks.ts';
import type { Tile, Tiling } from '../core/tiles.ts';
import type { Values } from '../core/values.ts';
import type { Gpu } from '../gpu/gpu.ts';

/** A field of the whole grid. The window may reach beyond the grid, where cells are nodata; the plane is the caller's to change or transfer. */
export interface SolveInput {
  readonly type: CellType;
  /** `into`: a plane of the window's size that may be filled and returned instead of a new one. */
  read(window: Window, into?: Plane): Promise<Plane>;
}

/** Takes each tile of `tiling` once, in any order, and owns the plane (row by row, no padding). Resolves when there is room for more. */
export interface SolveOutput {
  readonly type: CellType;
  write(tile: Tile, plane: Plane): Promise<void>;
}

export interface SolveRequest {
  readonly shape: RasterShape;
  /** How fields are stored, and how the operator must write; to read by the same tiles (and a halo) is cheapest. */
  readonly tiling: Tiling;
  /** Those that are given; optional ones may be missing. */
  readonly inputs: Readonly<Record<string, SolveInput>>;
  /** Those that are wanted. */
  readonly outputs: Readonly<Record<string, SolveOutput>>;
  readonly params: Values;
  /** Where tasks of src/solvers/tasks.ts run. */
  readonly pool: TaskPool;
  /** Bytes of host memory for what the operator keeps itself; what exceeds it goes to scratch. */
  readonly memory: number;
  readonly openScratch: () => Promise<Scratch>;
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number) => void;
}

/** The same on a device. */
export interface DeviceSolveRequest extends SolveRequest {
  readonly gpu: Gpu;
}

/** Counts of what was done, for benchmarks: visits of tiles, rounds, dispatches, bytes over the bus. */
export type SolveFacts = Values;

export interface Solver {
  readonly spec: SolverSpec;
  readonly reference: SolverReference;
  /** In worker threads, tile by tile. */
  readonly cpu: (request: SolveRequest) => Promise<SolveFacts>;
  readonly gpu?: (request: DeviceSolveRequest) => Promise<SolveFacts>;
  /** Of an operator that one thread works on where its memory holds the whole grid: bytes for a cell. Others may then run beside it. */
  readonly bytesInOneThread?: number;
}
