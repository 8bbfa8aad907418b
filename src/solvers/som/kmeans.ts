/** Deterministic k-means on the vectors of a codebook: the second stage of a large map (statistics.md section 2). */
import type { Codebook } from './map.ts';
import { squaredDistance } from './quality.ts';

const MOST_ROUNDS = 300;

export interface Classes {
  /** Class of each node. */
  readonly labels: readonly number[];
  readonly centres: Float64Array;
  /** Sum of squared distances of nodes to their centres. */
  readonly inertia: number;
}

/** `hits`: rows of each node; the first centre is the node with the most, each next one the farthest from those there are. */
export function kMeans(codebook: Codebook, hits: ArrayLike<number>, classes: number): Classes {
  const nodes = hits.length;
  const features = codebook.length / nodes;
  const nearest = new Float64Array(nodes).fill(Infinity);
  const centres = new Float64Array(classes * features);
  let next = 0;
  for (let k = 1; k < nodes; k++) if (hits[k] > hits[next]) next = k;
  for (let c = 0; c < classes; c++) {
    if (c > 0) {
      next = 0;
      for (let k = 1; k < nodes; k++) if (nearest[k] > nearest[next]) next = k;
    }
    centres.set(codebook.subarray(next * features, (next + 1) * features), c * features);
    for (let k = 0; k < nodes; k++)
      nearest[k] = Math.min(nearest[k], squaredDistance(codebook, k, centres, c, features));
  }
  let labels = assign(codebook, centres, nodes, classes, features);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    moveCentres(codebook, centres, labels, features);
    const before = labels;
    labels = assign(codebook, centres, nodes, classes, features);
    if (labels.every((label, k) => label === before[k])) break;
  }
  const inertia = labels.reduce((sum, c, k) => sum + squaredDistance(codebook, k, centres, c, features), 0);
  return { labels, centres, inertia };
}

function assign(codebook: Codebook, centres: Float64Array, nodes: number, classes: number, features: number): number[] {
  return Array.from({ length: nodes }, (_, k) => {
    let [best, distance] = [0, Infinity];
    for (let c = 0; c < classes; c++) {
      const d = squaredDistance(codebook, k, centres, c, features);
      if (d < distance) [best, distance] = [c, d];
    }
    return best;
  });
}

/** To the mean of its nodes; an empty class keeps its centre. */
function moveCentres(codebook: Codebook, centres: Float64Array, labels: readonly number[], features: number): void {
  for (let c = 0; c < centres.length / features; c++) {
    const members = labels.flatMap((label, k) => (label === c ? [k] : []));
    if (members.length === 0) continue;
    for (let f = 0; f < features; f++)
      centres[c * features + f] = members.reduce((sum, k) => sum + codebook[k * features + f], 0) / members.length;
  }
}
