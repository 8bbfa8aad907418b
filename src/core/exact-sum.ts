/**
 * Sums of float64 numbers without any rounding until the end: a sum is kept as a few numbers whose exact total it is, so that it does not
 * depend on the order in which its terms came, nor on how they were split between workers (Shewchuk 1997, Adaptive precision arithmetic).
 */

/** Above this a square overflows or loses its low part. */
export const LARGEST_EXACT = 1e150;

export class ExactSum {
  /** Of ascending size, none overlapping another. */
  readonly #parts: number[] = [];

  add(term: number): void {
    let x = term;
    let kept = 0;
    const parts = this.#parts;
    for (const part of parts) {
      const sum = x + part;
      const shadow = sum - x;
      const error = x - (sum - shadow) + (part - shadow);
      if (error !== 0) parts[kept++] = error;
      x = sum;
    }
    parts.length = kept;
    if (x !== 0) parts.push(x);
  }

  /** Numbers whose exact total is this sum. */
  get parts(): readonly number[] {
    return this.#parts;
  }

  /** The float64 nearest to the sum, ties to even. */
  get value(): number {
    const parts = this.#parts;
    let at = parts.length - 1;
    if (at < 0) return 0;
    let high = parts[at];
    let low = 0;
    while (at > 0 && low === 0) {
      const before = high;
      high = before + parts[--at];
      low = parts[at] - (high - before);
    }
    // Halfway between two numbers so far, but what follows says to which side: one more step that way, if it is exact.
    if (at > 0 && low !== 0 && low < 0 === parts[at - 1] < 0) {
      const twice = 2 * low;
      const stepped = high + twice;
      if (twice === stepped - high) return stepped;
    }
    return high;
  }
}

const SPLITTER = 2 ** 27 + 1;

/** a · b = product + error exactly, for |a|, |b| ≤ LARGEST_EXACT whose product is no denormal. */
export function productError(a: number, b: number, product: number): number {
  const [as, bs] = [SPLITTER * a, SPLITTER * b];
  const a1 = as - (as - a);
  const b1 = bs - (bs - b);
  const [a2, b2] = [a - a1, b - b1];
  return a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2);
}

function addProduct(sum: ExactSum, a: number, b: number): void {
  const product = a * b;
  sum.add(product);
  sum.add(productError(a, b, product));
}

/** Population variance from n, Σx and Σx²: (n Σx² − (Σx)²) / n², whose difference is formed without rounding. */
export function varianceOf(count: number, sum: ExactSum, squares: ExactSum): number {
  const difference = new ExactSum();
  for (const part of squares.parts) addProduct(difference, count, part);
  const { parts } = sum;
  for (let i = 0; i < parts.length; i++) {
    addProduct(difference, -parts[i], parts[i]);
    for (let k = 0; k < i; k++) addProduct(difference, -2 * parts[i], parts[k]);
  }
  return Math.max(0, difference.value) / count / count;
}
