/**
 * Flow directions as codes: eight shares of four bits, that of direction d (0 E, 1 NE, 2 N, 3 NW, 4 W, 5 SW, 6 S, 7 SE) in bits 4d to 4d + 3.
 * D8 has one share of 1. Odd directions are diagonal. A cell's part of the flow towards d is share(d) over the sum of its shares; 0 has none.
 */

/** Columns to the east, of each direction. */
export const DX: readonly number[] = [1, 1, 0, -1, -1, -1, 0, 1];
/** Rows to the south, of each direction. */
export const DY: readonly number[] = [0, -1, -1, -1, 0, 1, 1, 1];

/** Length of a diagonal step in cells. */
export const DIAGONAL = Math.SQRT2;

/**
 * What a diagonal drop is multiplied with, in float64: 0.7071067811865475. Neither 2^-0.5 (1 ulp larger) nor a division by sqrt(2) gives the
 * shares of InVEST in every cell.
 */
export const INVERSE_DIAGONAL = 1 / DIAGONAL;

/** The step of each direction in cells. */
export const STEP: readonly number[] = [1, DIAGONAL, 1, DIAGONAL, 1, DIAGONAL, 1, DIAGONAL];

/** The share of a drop (diagonal ones times `INVERSE_DIAGONAL`) in the sum of drops, added up in the order of directions; float64, in this order. */
export function shareOfDrop(drop: number, sum: number): number {
  return (0.5 + (drop / sum) * 15) | 0;
}

/** The direction from the neighbour back. */
export function opposite(direction: number): number {
  return direction ^ 4;
}

export function isDiagonal(direction: number): boolean {
  return (direction & 1) === 1;
}

/** Distance in cells of a row-major plane to the neighbour of each direction. */
export function offsetsOf(width: number): number[] {
  return DX.map((dx, direction) => DY[direction] * width + dx);
}

/** 0 to 15. */
export function shareOf(code: number, direction: number): number {
  return (code >>> (4 * direction)) & 15;
}

/** The sum of the eight shares: the denominator of every part of the flow. */
export function sumOfShares(code: number): number {
  const pairs = (code & 0x0f0f0f0f) + ((code >>> 4) & 0x0f0f0f0f); // four sums of two shares, each below 32
  const halves = pairs + (pairs >>> 16);
  return (halves + (halves >>> 8)) & 0xff;
}

/** The code of a cell that drains to one neighbour. */
export function d8Code(direction: number): number {
  return (1 << (4 * direction)) >>> 0;
}

/** The only direction of a D8 code, −1 of a code without one. */
export function d8Direction(code: number): number {
  return code === 0 ? -1 : (31 - Math.clz32(code)) >> 2;
}
