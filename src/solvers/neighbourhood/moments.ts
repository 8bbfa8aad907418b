/** Mean and standard deviation of all valid cells, exact until they are rounded once: no order of tiles shows. */

import { BinnedSums, MOST_BINNED } from '../../core/binned-sums.ts';
import { NODATA } from '../../core/cells.ts';
import { ExactSum, varianceOf } from '../../core/exact-sum.ts';
import type { InputPlane } from '../../core/model-reference.ts';

/** Of a part of the raster; `sums` and `squares` are numbers whose exact total is meant. */
export interface PartialMoments {
  readonly count: number;
  readonly low: number;
  readonly high: number;
  readonly sums: readonly number[];
  readonly squares: readonly number[];
}

export interface Moments {
  readonly count: number;
  readonly low: number;
  readonly high: number;
  readonly mean: number;
  /** Of the population: divisor n. */
  readonly deviation: number;
}

/** Changes `cells`: nodata to NaN. */
export function momentsOfPart(cells: Float32Array): PartialMoments {
  for (let i = 0; i < cells.length; i++) if (cells[i] === NODATA) cells[i] = Number.NaN;
  const bits = new Int32Array(cells.buffer, cells.byteOffset, cells.length);
  const binned = new BinnedSums();
  const [sums, squares] = [[] as number[], [] as number[]];
  let [count, low, high] = [0, Infinity, -Infinity];
  for (let from = 0; from < cells.length; from += MOST_BINNED) {
    binned.clear();
    binned.add(cells, bits, from, Math.min(cells.length, from + MOST_BINNED));
    sums.push(...binned.sumParts());
    squares.push(...binned.squareParts());
    count += binned.count;
    low = Math.min(low, binned.min);
    high = Math.max(high, binned.max);
  }
  return { count, low, high, sums, squares };
}

/** Gathers the parts of a raster in any order. */
export class MomentsOfParts {
  readonly #sum = new ExactSum();
  readonly #squares = new ExactSum();
  #count = 0;
  #low = Infinity;
  #high = -Infinity;

  add({ count, low, high, sums, squares }: PartialMoments): void {
    this.#count += count;
    this.#low = Math.min(this.#low, low);
    this.#high = Math.max(this.#high, high);
    for (const part of sums) this.#sum.add(part);
    for (const part of squares) this.#squares.add(part);
  }

  /** Mean and deviation are 0 where there is no valid cell. */
  get moments(): Moments {
    const [count, low, high] = [this.#count, this.#low, this.#high];
    if (count === 0) return { count, low, high, mean: 0, deviation: 0 };
    const mean = this.#sum.value / count;
    return { count, low, high, mean, deviation: Math.sqrt(varianceOf(count, this.#sum, this.#squares)) };
  }
}

/** `values` are float32 numbers, whatever holds them. */
export function momentsOf(values: InputPlane): Moments {
  const all = new MomentsOfParts();
  all.add(momentsOfPart(new Float32Array(values)));
  return all.moments;
}
