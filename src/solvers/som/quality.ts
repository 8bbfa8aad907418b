/** How good a map is: U-matrix, pseudo-F of its classes, and which number of classes the curve of pseudo-F speaks for. */
import { adjacent, type Codebook, nodesOf, type SomMap } from './map.ts';

export interface SomQuality {
  /** Mean distance of rows to their node. */
  readonly quantisation: number;
  /** Share of rows whose second best node is not adjacent to the best one. */
  readonly topographic: number;
  /** Calinski-Harabasz; NaN with fewer than two classes, or as many as rows; infinite where no row lies off the mean of its class. */
  readonly pseudoF: number;
  /** Classes that have rows. */
  readonly nonEmpty: number;
}

/** For each node the mean distance of its vector to those of the adjacent nodes. */
export function uMatrix(map: SomMap, codebook: Codebook): Float64Array {
  const nodes = nodesOf(map);
  const features = codebook.length / nodes;
  return Float64Array.from({ length: nodes }, (_, k) => {
    let [sum, count] = [0, 0];
    for (let j = 0; j < nodes; j++) {
      if (!adjacent(map, k, j)) continue;
      sum += Math.sqrt(squaredDistance(codebook, k, codebook, j, features));
      count++;
    }
    return count === 0 ? 0 : sum / count;
  });
}

/** Of vectors i and j of two lists. */
export function squaredDistance(
  a: ArrayLike<number>,
  i: number,
  b: ArrayLike<number>,
  j: number,
  features: number,
): number {
  let sum = 0;
  for (let f = 0; f < features; f++) {
    const apart = a[i * features + f] - b[j * features + f];
    sum += apart * apart;
  }
  return sum;
}

/** `between`, `within`: sums of squares; `classes`: those that have rows. */
export function pseudoF(between: number, within: number, classes: number, rows: number): number {
  return classes < 2 || rows <= classes ? Number.NaN : between / (classes - 1) / (within / (rows - classes));
}

export interface Turns {
  /** The number with which the curve first turns from increase to decrease. */
  readonly firstTurn: number;
  readonly maximum: number;
}

/** `numbers`: of classes, ascending; `curve`: pseudo-F of each, where NaN is no candidate. */
export function turnsOf(numbers: readonly number[], curve: readonly number[]): Turns {
  const known = [...numbers.keys()].filter((i) => !Number.isNaN(curve[i]));
  if (known.length === 0) return { firstTurn: numbers[0], maximum: numbers[0] };
  const turn =
    known.find((i, at) => at + 1 < known.length && curve[i] > curve[known[at + 1]]) ?? known[known.length - 1];
  const best = known.reduce((most, i) => (curve[i] > curve[most] ? i : most));
  return { firstTurn: numbers[turn], maximum: numbers[best] };
}
