/**
 * Bringing a raster to another grid: the methods there are, and where the centres of a window's cells lie in the source. Positions are
 * integers, so that every device and every thread finds the same source cells and the same weights.
 */
import type { Window } from './grid.ts';

/** `sum` is for counts (people per cell) and conserves their total; `average` and `mode` weigh the source cells that a target cell covers by area. */
export const RESAMPLINGS = ['nearest', 'bilinear', 'cubic', 'average', 'mode', 'sum'] as const;
export type Resampling = (typeof RESAMPLINGS)[number];

/** Those that look at one place of the source, the centre of the target cell, and can run on the device. */
export const INTERPOLATIONS = ['nearest', 'bilinear', 'cubic'] as const satisfies readonly Resampling[];
export type Interpolation = (typeof INTERPOLATIONS)[number];

/** A node whose place has no image in the source; nor have the cells between it and its neighbours. */
export const NO_POSITION = -(2 ** 30);

/**
 * Where the centres of the cells of a target window lie in a window of source cells that is held in memory. Source cell c covers [c, c + 1);
 * 0 is the first cell of the held window, and positions may lie outside of it.
 *
 * Between nodes a position is reckoned in 32-bit integers. With s = log2 step, a and b the target columns and rows from the node above and left:
 *   rel(n)  = ((n.cell − n00.cell) << bits) + n.fraction
 *   lerp(p, q, t) = p + (((q − p)·t + (step >> 1)) >> s)          arithmetic shift
 *   position = lerp(lerp(rel00, rel10, a), lerp(rel01, rel11, a), b)
 *   cell = n00.cell + (position >> bits),  fraction = position & (2^bits − 1)
 * `bits` is chosen so that nothing leaves 32 bits. Where step is 1 a cell's own node is all that counts: the next ones may have no position.
 */
export interface CellPositions {
  /** Cells of the target window. */
  readonly width: number;
  readonly height: number;
  /** Target cells from node to node: a power of two up to 16. */
  readonly step: number;
  /** Column and row, counted from the first cell of the window, of the first node: from 1 − step to 0, so that nodes lie at multiples of `step` of the whole grid. */
  readonly originX: number;
  readonly originY: number;
  readonly columns: number;
  readonly rows: number;
  /** Bits of a fraction. */
  readonly bits: number;
  /** Four for each node: column, its fraction, row, its fraction. */
  readonly nodes: Int32Array;
}

/** What a device or a thread needs to make a window of a plane from source cells, for one of the INTERPOLATIONS. */
export interface WarpInput {
  readonly method: Interpolation;
  /** The held window of the source, in its own columns and rows. */
  readonly held: Window;
  /** Its cells, with the engine's sentinels. */
  readonly cells: Float32Array | Uint32Array;
  readonly positions: CellPositions;
}

/** One of the windows that a window of a plane is made in, where all of it would need more source cells than can be held at once. */
export interface WarpPart {
  /** Column and row of the part in the whole window. */
  readonly x: number;
  readonly y: number;
  readonly input: WarpInput;
}
