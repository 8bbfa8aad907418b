/** Codes as loops over many cells take them apart: only the directions that have a share, and only the sides from which water comes. */
import { NODATA_CODE, type Plane } from '../../core/cells.ts';

/** The code of a cell without a direction, as an Int32Array shows it. */
export const NO_CODE = NODATA_CODE | 0;

/** Whole numbers of 32 bits with a sign are the fastest there are. */
export function codesOf(direction: Plane): Int32Array {
  return new Int32Array(direction.buffer, direction.byteOffset, direction.length);
}

/** The lowest bit of each share that is not 0. */
export function nonZeroShares(code: number): number {
  return (code | (code >>> 1) | (code >>> 2) | (code >>> 3)) & 0x11111111;
}

/** The directions that have a share, one bit each. */
export function directionsOf(code: number): number {
  let bits = code | (code >>> 1);
  bits = (bits | (bits >>> 2)) & 0x11111111;
  bits = (bits | (bits >>> 3)) & 0x03030303; // pairs, then fours, move together
  bits = (bits | (bits >>> 6)) & 0x000f000f;
  return (bits | (bits >>> 12)) & 255;
}

/** The direction of the lowest bit that `nonZeroShares` gave. */
export function lowestDirection(bits: number): number {
  return (31 - Math.clz32(bits & -bits)) >> 2;
}

/** The side of the lowest bit of `inbound`. */
export function lowestSide(sides: number): number {
  return 31 - Math.clz32(sides & -sides);
}
