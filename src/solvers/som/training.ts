/** How a map is trained: the neighbourhood that shrinks from epoch to epoch, and the step from sums to the next codebook. */
import { type Codebook, nodesOf, type SomMap, squaredGridDistance } from './map.ts';

export type Cooling = 'linear' | 'exponential';
export type Initialisation = 'pca' | 'sample';

export interface Training {
  readonly map: SomMap;
  readonly epochs: number;
  /** Width of the neighbourhood in the first epoch and in the last, in distances between nodes. */
  readonly sigma: readonly [start: number, end: number];
  readonly cooling: Cooling;
  readonly init: Initialisation;
  /** Of `sample`. */
  readonly seed: number;
}

/** Number and sum of the rows whose best node is each one; `sums` by node · features + feature. */
export interface BookSums {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
}

export function sigmaAt({ epochs, sigma: [start, end], cooling }: Training, epoch: number): number {
  if (epochs === 1) return start;
  const t = epoch / (epochs - 1);
  return cooling === 'linear' ? start + (end - start) * t : start * (end / start) ** t;
}

/** w_k = Σ_j h_kj T_j / Σ_j h_kj N_j, as it was where the denominator is 0. */
export function updated(codebook: Codebook, { counts, sums }: BookSums, training: Training, epoch: number): Codebook {
  const { map } = training;
  const nodes = nodesOf(map);
  const features = codebook.length / nodes;
  const sigma = sigmaAt(training, epoch);
  const next = codebook.slice();
  const total = new Float64Array(features);
  for (let k = 0; k < nodes; k++) {
    total.fill(0);
    let weight = 0;
    for (let j = 0; j < nodes; j++) {
      if (counts[j] === 0) continue;
      const h = Math.exp(-squaredGridDistance(map, k, j) / (2 * sigma * sigma));
      weight += h * counts[j];
      for (let f = 0; f < features; f++) total[f] += h * sums[j * features + f];
    }
    if (weight > 0) for (let f = 0; f < features; f++) next[k * features + f] = total[f] / weight;
  }
  return next;
}
