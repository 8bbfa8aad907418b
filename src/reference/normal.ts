/** The two-sided tail of the normal distribution, with a small relative error however small it is. */

const SQRT_2 = Math.SQRT2;

/** p = erfc(|z| / √2), to some 1e-13 of itself down to 1e-300. */
export function twoSidedP(z: number): number {
  return tail(z, FINE);
}

/** The same to 2^-30 of itself: for what is rounded to float32. */
export function twoSidedP32(z: number): number {
  return tail(z, COARSE);
}

/** erfc(x) = t · h(t) · exp(−x²) with t = 1 / (1 + x / 2): h is smooth from x = 0 (t = 1) to infinity (t = 0). */
function tail(z: number, { even, odd }: Halves): number {
  const x = Math.abs(z) / SQRT_2;
  const t = 1 / (1 + x / 2);
  const v = 2 * t - 1;
  const w = v * v;
  let [a, b] = [0, 0];
  for (let i = even.length - 1; i >= 0; i--) {
    a = a * w + even[i];
    b = b * w + odd[i];
  }
  return t * (a + v * b) * Math.exp(-0.5 * z * z);
}

/** Coefficients of h in powers of 2 t − 1. */
interface Halves {
  readonly even: Float64Array;
  readonly odd: Float64Array;
}

const FINE = powersOf(chebyshev(30));
const COARSE = powersOf(chebyshev(16));

/** Coefficients of the Chebyshev polynomials of h(t), from its values at their nodes. */
function chebyshev(terms: number): number[] {
  const nodes = 64;
  const values = Array.from({ length: nodes }, (_, k) => {
    const t = (Math.cos((Math.PI * (k + 0.5)) / nodes) + 1) / 2;
    return scaledTail(2 / t - 2) / t;
  });
  return Array.from({ length: terms }, (_, j) => {
    const sum = values.reduce((all, h, k) => all + h * Math.cos((Math.PI * j * (k + 0.5)) / nodes), 0);
    return ((j === 0 ? 1 : 2) * sum) / nodes;
  });
}

/** exp(x²) erfc(x): by the series of erf where that loses little, else by a continued fraction. */
function scaledTail(x: number): number {
  if (x < 1.5) {
    let [term, sum] = [x, x];
    for (let n = 1; n < 60; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return Math.exp(x * x) - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = x;
  for (let n = 400; n > 0; n--) fraction = x + n / 2 / fraction;
  return 1 / (Math.sqrt(Math.PI) * fraction);
}

function powersOf(coefficients: readonly number[]): Halves {
  const powers = new Float64Array(coefficients.length);
  let before = [1];
  let polynomial = [0, 1];
  for (const [j, coefficient] of coefficients.entries()) {
    const each = j === 0 ? before : polynomial;
    for (let i = 0; i < each.length; i++) powers[i] += coefficient * each[i];
    if (j === 0) continue;
    const next = [0, ...polynomial.map((c) => 2 * c)];
    for (let i = 0; i < before.length; i++) next[i] -= before[i];
    [before, polynomial] = [polynomial, next];
  }
  return { even: powers.filter((_, i) => i % 2 === 0), odd: powers.filter((_, i) => i % 2 === 1) };
}
