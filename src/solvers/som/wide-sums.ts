/** Sums of integers in two words each, so that they stay exact beyond 2^53: no order of adding shows in them. */

const WORD = 2 ** 26;

export class WideSums {
  readonly #high: Float64Array;
  readonly #low: Float64Array;

  constructor(length: number) {
    this.#high = new Float64Array(length);
    this.#low = new Float64Array(length);
  }

  /** One integer below 2^53 for each sum; 2^26 times at least. */
  add(integers: ArrayLike<number>): void {
    const [high, low] = [this.#high, this.#low];
    for (let i = 0; i < low.length; i++) {
      const upper = Math.floor(integers[i] / WORD);
      high[i] += upper;
      low[i] += integers[i] - upper * WORD;
    }
  }

  /** Sums `from` on of others, `count` of them, to those from `to` on. */
  addFrom(to: number, others: WideSums, from: number, count: number): void {
    for (let i = 0; i < count; i++) {
      this.#high[to + i] += others.#high[from + i];
      this.#low[to + i] += others.#low[from + i];
    }
  }

  exact(i: number): bigint {
    return BigInt(this.#high[i]) * BigInt(WORD) + BigInt(this.#low[i]);
  }

  /** The nearest float64. */
  value(i: number): number {
    return Number(this.exact(i));
  }

  get length(): number {
    return this.#low.length;
  }
}
