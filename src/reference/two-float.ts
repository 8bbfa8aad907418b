/**
 * Twin of shaders/lib/two-sum.wgsl in f32 arithmetic: float64 operations rounded with Math.fround after each, which for + − × is
 * the correctly rounded f32 result.
 */

/** A rounded value and what rounding left out; both f32. */
export type TwoFloat = readonly [value: number, error: number];

const fround = Math.fround;

/** a + b = value + error exactly, for any f32 a, b whose sum does not overflow. */
export function twoSum(a: number, b: number): TwoFloat {
  const s = fround(a + b);
  const bb = fround(s - a);
  return [s, fround(fround(a - fround(s - bb)) + fround(b - bb))];
}

/** As twoSum where |a| ≥ |b| or a = 0. */
export function quickTwoSum(a: number, b: number): TwoFloat {
  const s = fround(a + b);
  return [s, fround(b - fround(s - a))];
}

/** a · b = value + error exactly, unless the error is below the smallest normal f32. */
export function twoProd(a: number, b: number): TwoFloat {
  // 24 × 24 bits fit in the 53 of float64.
  const exact = a * b;
  const p = fround(exact);
  return [p, fround(exact - p)];
}

/** The same steps as two_float_add, so the same bits. */
export function twoFloatAdd(a: TwoFloat, b: TwoFloat): TwoFloat {
  const high = twoSum(a[0], b[0]);
  const low = twoSum(a[1], b[1]);
  const carried = quickTwoSum(high[0], fround(high[1] + low[0]));
  return quickTwoSum(carried[0], fround(carried[1] + low[1]));
}
