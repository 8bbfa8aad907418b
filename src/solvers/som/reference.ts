/** The batch self-organising map as it is defined (statistics.md section 2): all rows in memory, float64, no tiles, no quanta. */
import { pcaCodebook, sampleRows } from './initial.ts';
import { adjacent, type Codebook, nodesOf } from './map.ts';
import { pseudoF, type SomQuality, squaredDistance } from './quality.ts';
import { type Training, updated } from './training.ts';

/** n rows of d features, one row after the other. */
export interface Rows {
  readonly features: number;
  readonly values: Float64Array;
}

export interface ReferenceResult {
  readonly initial: Codebook;
  readonly codebook: Codebook;
  /** Best node of each row. */
  readonly labels: Int32Array;
  readonly hits: Float64Array;
  readonly quality: SomQuality;
  /** Mean distance to the best node at the start of each epoch. */
  readonly quantisationBefore: readonly number[];
}

/** Each feature to mean 0 and population standard deviation 1. */
export function standardised({ features, values }: Rows): Rows {
  const n = values.length / features;
  const out = new Float64Array(values.length);
  for (let f = 0; f < features; f++) {
    const column = Float64Array.from({ length: n }, (_, i) => values[i * features + f]);
    const mean = column.reduce((sum, x) => sum + x, 0) / n;
    const deviation = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n);
    for (let i = 0; i < n; i++) out[i * features + f] = (column[i] - mean) / deviation;
  }
  return { features, values: out };
}

export function trainReference(rows: Rows, training: Training): ReferenceResult {
  const { features, values } = rows;
  const n = values.length / features;
  const { map, init, seed, epochs } = training;
  const nodes = nodesOf(map);
  const initial =
    init === 'pca'
      ? pcaCodebook(map, meanOf(rows), covarianceOf(rows))
      : Float64Array.from(sampleRows(n, nodes, seed).flatMap((i) => [...rowOf(rows, i)]));
  let codebook: Codebook = initial;
  const quantisationBefore: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const { best, distances } = nearest(rows, codebook);
    quantisationBefore.push(distances.reduce((sum, d) => sum + Math.sqrt(d), 0) / n);
    codebook = updated(codebook, sumsOf(rows, best, nodes), training, epoch);
  }
  const { best, second, distances } = nearest(rows, codebook);
  const quantisation = distances.reduce((sum, d) => sum + Math.sqrt(d), 0) / n;
  let apart = 0;
  for (let i = 0; i < n; i++) if (nodes > 1 && !adjacent(map, best[i], second[i])) apart++;
  const { counts } = sumsOf(rows, best, nodes);
  const nonEmpty = counts.filter((count) => count > 0).length;
  return {
    initial,
    codebook,
    labels: best,
    hits: counts,
    quality: { quantisation, topographic: apart / n, pseudoF: pseudoFOf(rows, best), nonEmpty },
    quantisationBefore,
  };
}

/** Calinski-Harabasz of any labels of the rows. */
export function pseudoFOf(rows: Rows, labels: ArrayLike<number>): number {
  const { features, values } = rows;
  const n = values.length / features;
  const classes = Array.from(labels).reduce((most, label) => Math.max(most, label + 1), 0);
  const { counts, sums } = sumsOf(rows, labels, classes);
  const means = sums.map((sum, i) => sum / counts[Math.floor(i / features)]);
  const mean = meanOf(rows);
  let [between, within] = [0, 0];
  for (let c = 0; c < classes; c++)
    if (counts[c] > 0) between += counts[c] * squaredDistance(means, c, mean, 0, features);
  for (let i = 0; i < n; i++) within += squaredDistance(values, i, means, labels[i], features);
  return pseudoF(between, within, counts.filter((count) => count > 0).length, n);
}

function rowOf({ features, values }: Rows, i: number): Float64Array {
  return values.subarray(i * features, (i + 1) * features);
}

function meanOf({ features, values }: Rows): Float64Array {
  const mean = new Float64Array(features);
  for (let i = 0; i < values.length; i++) mean[i % features] += values[i];
  return mean.map((sum) => sum / (values.length / features));
}

function covarianceOf(rows: Rows): Float64Array {
  const { features, values } = rows;
  const mean = meanOf(rows);
  const n = values.length / features;
  const out = new Float64Array(features * features);
  for (let i = 0; i < n; i++)
    for (let a = 0; a < features; a++)
      for (let b = 0; b < features; b++)
        out[a * features + b] += (values[i * features + a] - mean[a]) * (values[i * features + b] - mean[b]);
  return out.map((sum) => sum / n);
}

/** Best and second best node, the lowest of equal ones. */
function nearest({ features, values }: Rows, codebook: Codebook) {
  const n = values.length / features;
  const [best, second] = [new Int32Array(n), new Int32Array(n)];
  const distances = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let [first, next] = [Infinity, Infinity];
    for (let k = 0; k < codebook.length / features; k++) {
      const d = squaredDistance(values, i, codebook, k, features);
      if (d < first) {
        [next, second[i]] = [first, best[i]];
        [first, best[i]] = [d, k];
      } else if (d < next) [next, second[i]] = [d, k];
    }
    distances[i] = first;
  }
  return { best, second, distances };
}

function sumsOf({ features, values }: Rows, labels: ArrayLike<number>, nodes: number) {
  const counts = new Float64Array(nodes);
  const sums = new Float64Array(nodes * features);
  for (let i = 0; i < labels.length; i++) {
    counts[labels[i]]++;
    for (let f = 0; f < features; f++) sums[labels[i] * features + f] += values[i * features + f];
  }
  return { counts, sums };
}
