/**
 * Exact sums of float32 numbers and of their squares, at a few additions a number: each goes to the bin of its exponent, where 2^29 numbers of
 * 24 bits add up in float64 without rounding. A square goes there in three products of the number's upper and lower half.
 */

/** Exponents of float32. */
const BINS = 256;
/** Numbers that the bins hold exactly. */
export const MOST_BINNED = 2 ** 29;

export class BinnedSums {
  readonly #sums = new Float64Array(BINS);
  readonly #upper = new Float64Array(BINS);
  readonly #middle = new Float64Array(BINS);
  readonly #lower = new Float64Array(BINS);
  count = 0;
  min = Infinity;
  max = -Infinity;

  /** Empties the bins. */
  clear(): void {
    for (const bins of [this.#sums, this.#upper, this.#middle, this.#lower]) bins.fill(0);
    this.count = 0;
    this.min = Infinity;
    this.max = -Infinity;
  }

  /** values[from..to) but for NaN; `bits` are those of the values. */
  add(values: Float32Array, bits: Int32Array, from: number, to: number): void {
    const [sums, upper, middle, lower] = [this.#sums, this.#upper, this.#middle, this.#lower];
    let { count, min, max } = this;
    for (let i = from; i < to; i++) {
      const x = values[i];
      if (Number.isNaN(x)) continue;
      count++;
      if (x < min) min = x;
      if (x > max) max = x;
      const bin = (bits[i] >>> 23) & 255;
      sums[bin] += x;
      // Rounded to 12 bits; what is left has 12 too.
      const shifted = x * SPLITTER;
      const high = shifted - (shifted - x);
      const low = x - high;
      upper[bin] += high * high;
      middle[bin] += high * low;
      lower[bin] += low * low;
    }
    this.count = count;
    this.min = min;
    this.max = max;
  }

  /** Numbers whose exact total is the sum. */
  sumParts(): number[] {
    return Array.from(this.#sums).filter((part) => part !== 0);
  }

  /** Numbers whose exact total is the sum of the squares. */
  squareParts(): number[] {
    const twice = this.#middle.map((part) => 2 * part);
    return [this.#upper, twice, this.#lower].flatMap((bins) => Array.from(bins)).filter((part) => part !== 0);
  }
}

/** Leaves the upper 12 of the 24 bits of a float32 number, in float64. */
const SPLITTER = 2 ** 41 + 1;
