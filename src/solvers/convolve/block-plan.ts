/**
 * The blocks in which a raster is convolved: a lattice that only the raster and the kernel decide, so that a cell gets the same bits whatever
 * the tiles. A block is a transform of `lengthX` × `lengthY` cells less its margins (overlap-save), or plain rows.
 */
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
  /** Cells that a block needs on each side: the reach of the kernel; none along an axis on which a transform holds the raster and what wraps around. */
  readonly marginX: number;
  readonly marginY: number;
  /** Of the transform. */
  readonly lengthX: number;
  readonly lengthY: number;
}

export interface BlockLimits {
  /** Kernels that reach no further are summed cell by cell. */
  readonly direct: number;
  /** Lengths of lines that can be transformed, in their order. */
  readonly lengths: readonly number[];
  /** Elements of the largest transform. */
  readonly largest: number;
}

/** For the CPU, where any transform can be made. Measured on one core: up to this reach a sum over the kernel is faster than a transform. */
export const CPU_LIMITS: BlockLimits = { direct: 1, lengths: lengthsUpTo(16, 2 ** 24), largest: Infinity };

const DIRECT_BLOCK = 256;
/** Lines that the caches of a core do not hold cost more for each element. */
const LONG = 2048;
/** What a block costs beside its transform, as elements of one. */
const EACH_BLOCK = 20_000;
/** Of a block, along each axis. */
const FEWEST_CELLS = 4;
/** So many workers should have something to do. */
const FEWEST_BLOCKS = 2;

/** 1, 1⅛, 1¼, 1½ and 1⅞ times powers of two. */
function lengthsUpTo(shortest: number, longest: number): number[] {
  const lengths: number[] = [];
  for (let power = shortest; power <= longest; power *= 2)
    for (const eighths of [8, 9, 10, 12, 15]) {
      const length = (power * eighths) / 8;
      if (length % 8 === 0 && length <= longest) lengths.push(length);
    }
  return lengths;
}

/** Undefined for a kernel wider than the largest transform, on a raster that is wider too. */
export function planBlocks(
  { width, height }: Pick<RasterShape, 'width' | 'height'>,
  { reachX, reachY }: Pick<Kernel, 'reachX' | 'reachY'>,
  { direct, lengths, largest }: BlockLimits,
): BlockPlan | undefined {
  if (Math.max(reachX, reachY) <= direct) {
    const margins = { marginX: reachX, marginY: reachY };
    return {
      method: 'direct',
      ...lattice(width, height, DIRECT_BLOCK, DIRECT_BLOCK),
      ...margins,
      lengthX: 0,
      lengthY: 0,
    };
  }
  let best: BlockPlan | undefined;
  let least = Infinity;
  for (const x of axisPlans(width, reachX, lengths))
    for (const y of axisPlans(height, reachY, lengths)) {
      const size = x.length * y.length;
      if (size > largest) continue;
      const blocks = lattice(width, height, x.block, y.block);
      const count = Math.max(FEWEST_BLOCKS, blocks.columns * blocks.rows);
      const cost = count * (size + EACH_BLOCK) * (lineCost(x.length) + lineCost(y.length)) * memoryCost(size);
      if (cost >= least) continue;
      least = cost;
      const margins = { marginX: x.margin, marginY: y.margin };
      best = { method: 'transform', ...blocks, ...margins, lengthX: x.length, lengthY: y.length };
    }
  return best;
}

/** Of one element of a line. */
function lineCost(length: number): number {
  return (Math.log2(length) + 3) * (length > LONG ? 1.3 : 1);
}

/** Blocks that take a gigabyte leave room for few at once; larger ones go through memory in parts, or through a scratch file. */
function memoryCost(size: number): number {
  if (size > 2 ** 28) return size > 2 ** 30 ? 6 : 3;
  return size > 2 ** 25 ? 2 : size > 2 ** 24 ? 1.2 : 1;
}

interface AxisPlan {
  readonly length: number;
  readonly block: number;
  readonly margin: number;
}

/**
 * Lengths that hold at least a few cells beside the reach, with blocks of equal width, up to the first that holds all cells: beyond them nothing
 * is, so that a margin of the reach on one side is enough for what wraps around.
 */
function axisPlans(cells: number, reach: number, lengths: readonly number[]): AxisPlan[] {
  const plans: AxisPlan[] = [];
  for (const length of lengths) {
    if (length >= cells + reach) return [...plans, { length, block: cells, margin: 0 }];
    const most = length - 2 * reach;
    if (most < FEWEST_CELLS) continue;
    plans.push({ length, block: Math.ceil(cells / Math.ceil(cells / most)), margin: reach });
  }
  return plans;
}

function lattice(width: number, height: number, blockWidth: number, blockHeight: number) {
  return {
    blockWidth: Math.min(width, blockWidth),
    blockHeight: Math.min(height, blockHeight),
    columns: Math.ceil(width / blockWidth),
    rows: Math.ceil(height / blockHeight),
  };
}

/** The cells that a block is made from: itself and the margin around it. */
export function marginAround({ x, y, width, height }: Window, { marginX, marginY }: BlockPlan): Window {
  return { x: x - marginX, y: y - marginY, width: width + 2 * marginX, height: height + 2 * marginY };
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
