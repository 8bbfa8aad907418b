/** Distances between f32 numbers in units in the last place. */

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** How many f32 numbers lie from a to b: 0 for equal ones, 1 for neighbours. Both are rounded to f32 first; ±0 are one number. */
export function ulpsApart(a: number, b: number): number {
  return Math.abs(ordinal(a) - ordinal(b));
}

/** Error of an f32 result against a float64 one, in units of the last place of the exact result. 0.5 is correct rounding. */
export function ulpError(computed: number, exact: number): number {
  return Math.abs(computed - exact) / ulp(exact);
}

/** Spacing of normal f32 numbers around x; that of the smallest ones where |x| is smaller. */
export function ulp(x: number): number {
  const size = Math.max(Math.abs(x), 2 ** -126);
  const exponent = Math.floor(Math.log2(size));
  // log2 rounds up just below a power of two.
  return 2 ** ((size < 2 ** exponent ? exponent - 1 : exponent) - 23);
}

function ordinal(x: number): number {
  float[0] = x;
  return bits[0] < 0 ? -(bits[0] & 0x7fffffff) : bits[0];
}
