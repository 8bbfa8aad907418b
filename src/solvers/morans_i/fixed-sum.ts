/** A sum in whole numbers of a quantum: no order of adding shows. Two words, so that 2^52 quanta a term and 10^8 terms are exact. */

const WORD = 2 ** 26;

export interface FixedWords {
  readonly high: number;
  readonly low: number;
}

export class FixedSum {
  readonly #quantum: number;
  #high = 0;
  #low = 0;

  /** `largest`: no term is larger. */
  constructor(largest: number) {
    this.#quantum = 2 ** (Math.ceil(Math.log2(largest)) - 50);
  }

  add(term: number): void {
    const quanta = Math.floor(term / this.#quantum + 0.5);
    const high = Math.floor(quanta / WORD);
    this.#high += high;
    this.#low += quanta - high * WORD;
  }

  get words(): FixedWords {
    return { high: this.#high, low: this.#low };
  }

  addWords({ high, low }: FixedWords): void {
    const carry = Math.floor((this.#low + low) / WORD);
    this.#low += low - carry * WORD;
    this.#high += high + carry;
  }

  get value(): number {
    return Number(BigInt(this.#high) * BigInt(WORD) + BigInt(this.#low)) * this.#quantum;
  }
}
