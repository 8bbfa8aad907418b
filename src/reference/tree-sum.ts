/** Twin of shaders/lib/sum.wgsl: sums by one binary tree of 256 leaves, leaf i joined with leaf i + 128, then i + 64, … */
import { type TwoFloat, twoFloatAdd } from './two-float.ts';

const LEAVES = 256;

/** Joins at most 256 values in the fixed order; missing leaves are `zero`. */
export function treeSum<T>(values: ArrayLike<T>, zero: T, add: (a: T, b: T) => T): T {
  if (values.length > LEAVES) throw new RangeError(`${values.length} values for a tree of ${LEAVES} leaves`);
  const leaves = Array.from({ length: LEAVES }, (_, i) => (i < values.length ? values[i] : zero));
  for (let stride = LEAVES / 2; stride >= 1; stride /= 2) {
    for (let i = 0; i < stride; i++) leaves[i] = add(leaves[i], leaves[i + stride]);
  }
  return leaves[0];
}

/** f32 values to a two-float; equal to the device's bit for bit. */
export function treeSumF32(values: ArrayLike<number>): TwoFloat {
  const pairs = Array.from(values, (value): TwoFloat => [value, 0]);
  return treeSum<TwoFloat>(pairs, [0, 0], twoFloatAdd);
}

/** Integers modulo 2^32, as unsigned. */
export function treeSumU32(values: ArrayLike<number>): number {
  return treeSum(values, 0, (a, b) => (a + b) >>> 0);
}

/** Integers modulo 2^32, as signed. */
export function treeSumI32(values: ArrayLike<number>): number {
  return treeSum(values, 0, (a, b) => (a + b) | 0);
}
