/**
 * A relaxation on a device, as data: planes of state that rounds of a kernel improve until a round changes nothing. What it ends in must not
 * depend on the order in which blocks, tiles and rounds run (docs/decisions/0015); then it does not depend on how the grid was cut either.
 */
import type { Values } from '../../core/values.ts';
import type { Kernel } from '../../gpu/pipelines.ts';
import type { SolveInput, SolveOutput } from '../solver.ts';

/** A plane that rounds change, with one cell of halo, which holds what the neighbour tiles last told. */
export interface StatePlane {
  /** u32 words of a cell; they stand together. */
  readonly words: number;
  /** Those of cells that nobody has told of yet, and of cells beyond the grid. */
  readonly outside: readonly number[];
}

/**
 * Bindings are found by name: planes of `inputs`, `state` and `outputs`, and `wake` and `counters`, whose use shaders/lib/blocks.wgsl
 * describes. One that is named nowhere (an optional input, an output that nobody wants) gets a buffer of its own with nothing in it.
 */
export interface Relaxation {
  readonly shader: string;
  /** Fixed planes with one cell of halo; beyond the grid is nodata. */
  readonly inputs: Readonly<Record<string, SolveInput>>;
  readonly state: Readonly<Record<string, StatePlane>>;
  /** Entry for each cell of the interior: the first state. */
  readonly start: string;
  /** Entry for each block of 16 × 16 cells, in workgroups of 16 × 16. */
  readonly round: string;
  /** Entry for each cell of the interior, after the last round: writes the outputs, row by row without halo. */
  readonly finish: string;
  readonly outputs: Readonly<Record<string, SolveOutput>>;
  /** Parameters of the shader besides round, slot, slots and all. */
  readonly params?: Values;
}

export interface RelaxKernels {
  readonly start: Kernel;
  readonly round: Kernel;
  readonly finish: Kernel;
  readonly gather: Kernel;
  readonly scatter: Kernel;
  readonly arrange: Kernel;
}

/** Counts of a relaxation. */
export type RelaxFacts = {
  tiles: number;
  visits: number;
  rounds: number;
  dispatches: number;
  bytes_up: number;
  bytes_down: number;
  /** Cells times the visits of blocks that changed them. */
  moves: number;
  /** What `finish` added to counters[slots]. */
  unfinished: number;
};
