/** How many |Z| there are of each size: coarsely for all, exactly within one of the coarse classes. Sizes are bits of float32. */

import { NODATA } from '../../core/cells.ts';
import { UNDEFINED } from './levels.ts';

/** Coarse classes have so many float32 numbers each, from 1 on; smaller ones are no matter, for p of 1 is 0.32. */
const FINE_BITS = 13;
const FINE = 2 ** FINE_BITS;
const BITS_OF_ONE = 0x3f800000;
/** Up to 2^16; the last class has all above. */
const CLASSES = 16 * 2 ** (23 - FINE_BITS);

const bits = new Int32Array(1);
const number = new Float32Array(bits.buffer);

export function newTally(): Uint32Array {
  return new Uint32Array(CLASSES + 1);
}

/** The last place of a tally: cells with a Z, of any size. */
export const ALL = CLASSES;

export function addSizes(tally: Uint32Array, z: Float32Array): Uint32Array {
  const words = new Int32Array(z.buffer, z.byteOffset, z.length);
  let all = 0;
  for (let i = 0; i < z.length; i++) {
    if (z[i] === NODATA || z[i] === UNDEFINED) continue;
    all++;
    const above = (words[i] & 0x7fffffff) - BITS_OF_ONE;
    if (above >= 0) tally[Math.min(above >> FINE_BITS, CLASSES - 1)]++;
  }
  tally[ALL] += all;
  return tally;
}

/** Smallest and largest number of a class. */
export function classRange(index: number): readonly [number, number] {
  const last = index === CLASSES - 1 ? Infinity : sizeAt((index + 1) * FINE - 1);
  return [sizeAt(index * FINE), last];
}

/** How often each number of a class is there: [number, count], ascending. */
export type ExactSizes = readonly (readonly [size: number, count: number])[];

export function sizesWithin(z: Float32Array, index: number): Map<number, number> {
  const [low, high] = classRange(index);
  const found = new Map<number, number>();
  for (let i = 0; i < z.length; i++) {
    const size = Math.abs(z[i]);
    if (size >= low && size <= high && size !== UNDEFINED) found.set(size, (found.get(size) ?? 0) + 1);
  }
  return found;
}

function sizeAt(above: number): number {
  bits[0] = BITS_OF_ONE + above;
  return number[0];
}
