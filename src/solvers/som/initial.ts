/** Where training begins: on the plane of the two largest principal components, or at rows drawn by chance (statistics.md section 2). */
import { eigenpairs } from './eigen.ts';
import { type Codebook, nodesOf, type SomMap } from './map.ts';

/** `covariance`: with divisor n, row by row. */
export function pcaCodebook(map: SomMap, mean: Float64Array, covariance: Float64Array): Codebook {
  const { rows, columns } = map;
  const features = mean.length;
  const [first, second] = eigenpairs(covariance, features);
  const none = { value: 0, vector: new Float64Array(features) };
  const [along, across] = columns >= rows ? [first, second ?? none] : [second ?? none, first];
  const out = new Float64Array(nodesOf(map) * features);
  for (let k = 0; k < nodesOf(map); k++) {
    const a = place(k % columns, columns) * Math.sqrt(Math.max(0, along.value));
    const b = place(Math.floor(k / columns), rows) * Math.sqrt(Math.max(0, across.value));
    for (let f = 0; f < features; f++) out[k * features + f] = mean[f] + a * along.vector[f] + b * across.vector[f];
  }
  return out;
}

/** −1 to 1. */
function place(index: number, of: number): number {
  return of === 1 ? 0 : (2 * index) / (of - 1) - 1;
}

/** Uniform numbers in [0, 1). */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `nodes` different numbers below `rows`: a Fisher-Yates shuffle that ends when it has them; what it would move is kept in a table. */
export function sampleRows(rows: number, nodes: number, seed: number): number[] {
  const random = mulberry32(seed);
  const moved = new Map<number, number>();
  const at = (i: number) => moved.get(i) ?? i;
  return Array.from({ length: nodes }, (_, i) => {
    const j = i + Math.floor(random() * (rows - i));
    const drawn = at(j);
    moved.set(j, at(i));
    return drawn;
  });
}
