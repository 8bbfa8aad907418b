/** Oracles for shaders/lib/math.wgsl: the same domains and clamps, with float64 functions in place of polynomials. */

const FLT_MIN = 2 ** -126;
/** Largest f32 whose exponential is below FLT_MAX, smallest whose is a normal f32. */
export const EXP_LARGEST = Math.fround(88.72283172607422);
export const EXP_SMALLEST = Math.fround(-87.33654022216797);

/** e^x; 0 below EXP_SMALLEST, constant above EXP_LARGEST. */
export function expAccurate(x: number): number {
  return x < EXP_SMALLEST ? 0 : Math.exp(Math.min(x, EXP_LARGEST));
}

/** log x; below the smallest normal f32, the logarithm of that. */
export function logAccurate(x: number): number {
  return Math.log(Math.max(x, FLT_MIN));
}

/** x^y with 0 for what underflows f32 and the largest exponential for what overflows; negative x counts as 0. */
export function powAccurate(x: number, y: number): number {
  if (x < FLT_MIN) return y > 0 ? 0 : y === 0 ? 1 : Math.exp(EXP_LARGEST);
  const logarithm = y * Math.log(x);
  return logarithm < EXP_SMALLEST ? 0 : logarithm > EXP_LARGEST ? Math.exp(EXP_LARGEST) : x ** y;
}
