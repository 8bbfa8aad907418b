/** I of the whole raster from the sums of its parts, with what is expected of it. */
import { twoSidedP } from '../../reference/normal.ts';
import type { Largest, MoranSums } from './block.ts';
import { BINARY } from './cells.ts';
import { FixedSum } from './fixed-sum.ts';

export class MoranTotals {
  readonly #product: FixedSum;
  readonly #first: FixedSum;
  readonly #second: FixedSum;
  #neighbours = 0;
  #linked = 0;

  constructor({ product, first, second }: Largest) {
    this.#product = new FixedSum(product);
    this.#first = new FixedSum(first);
    this.#second = new FixedSum(second);
  }

  add({ product, first, second, neighbours, linked }: MoranSums): void {
    this.#product.addWords(product);
    this.#first.addWords(first);
    this.#second.addWords(second);
    this.#neighbours += neighbours;
    this.#linked += linked;
  }

  /** Numbers of the whole raster; those of chance only for one raster. Undefined ones are left out. */
  global(n: number, weights: number, bivariate: boolean): Record<string, number> {
    const s0 = weights === BINARY ? this.#neighbours : this.#linked;
    const about = { n, s0, islands: n - this.#linked };
    if (bivariate) return { ...about, i: this.#product.value / n };
    if (s0 === 0) return about;
    const i = this.#product.value / s0;
    const expected = -1 / (n - 1);
    const [s1, s2] = [this.#first.value, this.#second.value];
    const variance = (n * n * s1 - n * s2 + 3 * s0 * s0) / (s0 * s0 * (n * n - 1)) - expected * expected;
    const z = (i - expected) / Math.sqrt(variance);
    return { ...about, i, expected, variance, z, p: twoSidedP(z) };
  }
}
