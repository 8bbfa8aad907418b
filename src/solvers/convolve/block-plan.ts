/**
 * The blocks in which a raster is convolved: a lattice that only the raster and the kernel decide, so that a cell gets the same bits whatever
 * the tiles. A block is a transform of `lengthX` × `lengthY` cells less the reach of the kernel on each side (overlap-save), or plain rows.
 */
import { EcofluxError } from '../../core/errors.ts';
import type { Window } from '../../core/grid.ts';
import type { RasterShape } from '../../core/solver.ts';
import { intersect } from '../../core/tiles.ts';
import type { Kernel } from './kernels.ts';

export interface BlockPlan {
  readonly method: 'direct' | 'transform';
  /** Cells of a block in the middle of the raster. */
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly columns: number;
  readonly rows: number;
  /** Of the transform, powers of two. */
  readonly lengthX: number;
  readonly lengthY: number;
}

export interface BlockLimits {
  /** Kernels that reach no further are summed cell by cell. */
  readonly direct: number;
  /** Elements of the shortest and the longest line, and of the largest transform. */
  readonly shortest: number;
  readonly longest: number;
  readonly largest: number;
}

/** Measured on one core: below it a sum over the kernel is faster than a transform. */
export const CPU_LIMITS: BlockLimits = { direct: 3, shortest: 16, longest: 8192, largest: 8192 * 8192 };

const DIRECT_BLOCK = 256;
/** A transform that the second-level cache does not hold line by line costs more for each element. */
const LARGE = 2 ** 22;

/** @throws EcofluxError OutOfCapacity for a kernel wider than the longest transform */
export function planBlocks(
  { width, height }: Pick<RasterShape, 'width' | 'height'>,
  { reachX, reachY, radius }: Kernel,
  { direct, shortest, longest, largest }: BlockLimits,
): BlockPlan {
  if (Math.max(reachX, reachY) <= direct)
    return {
      method: 'direct',
      ...lattice(width, height, DIRECT_BLOCK, DIRECT_BLOCK),
      lengthX: 0,
      lengthY: 0,
    };
  let best: BlockPlan | undefined;
  let least = Infinity;
  for (const lengthX of lengthsFor(width, reachX, shortest, longest))
    for (const lengthY of lengthsFor(height, reachY, shortest, longest)) {
      const size = lengthX * lengthY;
      if (size > largest) continue;
      const blocks = lattice(width, height, lengthX - 2 * reachX, lengthY - 2 * reachY);
      const cost = blocks.columns * blocks.rows * size * (Math.log2(size) + 6) * (size > LARGE ? 1.3 : 1);
      if (cost < least) {
        least = cost;
        best = { method: 'transform', ...blocks, lengthX, lengthY };
      }
    }
  if (best) return best;
  throw new EcofluxError('OutOfCapacity', `a kernel of radius ${radius} cells is too wide for one transform`, {
    found: `${2 * reachX + 1} × ${2 * reachY + 1} cells`,
    expected: `less than ${Math.min(longest, Math.floor(Math.sqrt(largest)))} cells`,
    fix: 'use a smaller radius, or larger cells',
  });
}

/** Powers of two that hold at least a few cells beside the reach, up to the first that holds the whole raster. */
function lengthsFor(cells: number, reach: number, shortest: number, longest: number): number[] {
  const lengths: number[] = [];
  for (let length = shortest; length <= longest; length *= 2) {
    if (length - 2 * reach >= Math.min(cells, 4)) lengths.push(length);
    if (length >= cells + 2 * reach) break;
  }
  return lengths;
}

function lattice(width: number, height: number, blockWidth: number, blockHeight: number) {
  return {
    blockWidth: Math.min(width, blockWidth),
    blockHeight: Math.min(height, blockHeight),
    columns: Math.ceil(width / blockWidth),
    rows: Math.ceil(height / blockHeight),
  };
}

/** The cells that a block is made from: itself and the reach of the kernel around it. */
export function reachAround({ x, y, width, height }: Window, { reachX, reachY }: Kernel): Window {
  return { x: x - reachX, y: y - reachY, width: width + 2 * reachX, height: height + 2 * reachY };
}

/** Rectangle of each block, row by row. */
export function* blocksOf(
  { blockWidth, blockHeight, columns, rows }: BlockPlan,
  { width, height }: Pick<RasterShape, 'width' | 'height'>,
): Generator<Window> {
  const grid = { x: 0, y: 0, width, height };
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      yield intersect(grid, { x: column * blockWidth, y: row * blockHeight, width: blockWidth, height: blockHeight })!;
}
