/** What passes over a step, e^(−5 step / critical length), for loops over many cells: critical lengths are those of land covers, so there are few. */

/** Lengths with the same lowest bits take each other's place. */
const SLOTS = 64;

export class Passage {
  /** For the length that `over` was asked for last: the part that passes over a step in each direction, from the place that it gave. */
  readonly passed = new Float64Array(8 * SLOTS);
  readonly #lengths = new Float64Array(SLOTS).fill(Number.NaN);
  readonly #steps: readonly number[];

  /** `steps`: their lengths in the eight directions. */
  constructor(steps: readonly number[]) {
    this.#steps = steps;
  }

  over(length: number): number {
    const slot = length & (SLOTS - 1);
    if (this.#lengths[slot] !== length) this.#keep(slot, length);
    return 8 * slot;
  }

  #keep(slot: number, length: number): void {
    this.#lengths[slot] = length;
    for (let towards = 0; towards < 8; towards++)
      this.passed[8 * slot + towards] = length > 0 ? Math.exp((-5 * this.#steps[towards]) / length) : 0;
  }
}
