/** Codebooks as shaders/solvers/som.wgsl reads them, and the sums that it writes. */
import type { Codebook } from './map.ts';
import type { Samples } from './samples.ts';
import type { NodeSums } from './tasks.ts';

/** Nodes that an invocation compares at once. */
const LANES = 8;
/** Far beyond any row, and its square within float32. */
const FAR = 1e15;
/** Sums of one workgroup: PAIRS in the shader. */
const PAIRS = 2048;

export interface DeviceBooks {
  /** What a whole number is worth, by feature, so that the largest of all is 1 or less. */
  readonly scale: Float32Array<ArrayBuffer>;
  readonly vectors: Float32Array<ArrayBuffer>;
  /** For each codebook its first vec4 and its nodes. */
  readonly table: Uint32Array<ArrayBuffer>;
}

export function deviceBooks(
  { quantum, largest }: Pick<Samples, 'quantum' | 'largest'>,
  books: readonly Codebook[],
): DeviceBooks {
  const features = quantum.length;
  const most = largest.reduce((all, x) => Math.max(all, x), 0);
  const unit = most === 0 ? 1 : 2 ** -Math.ceil(Math.log2(most));
  const groups = books.map((book) => Math.ceil(book.length / features / LANES));
  const vectors = new Float32Array(groups.reduce((sum, count) => sum + count, 0) * LANES * features).fill(FAR);
  const table = new Uint32Array(2 * books.length);
  let first = 0;
  for (const [b, book] of books.entries()) {
    const nodes = book.length / features;
    table.set([first / 4, nodes], 2 * b);
    for (let k = 0; k < nodes; k++)
      for (let f = 0; f < features; f++)
        vectors[first + (Math.floor(k / LANES) * features + f) * LANES + (k % LANES)] = book[k * features + f] * unit;
    first += groups[b] * LANES * features;
  }
  return { scale: Float32Array.from(quantum, (x) => x * unit), vectors, table };
}

/** What one workgroup sums of its rows; feature `features` of all counts them. */
export interface Job {
  readonly book: number;
  readonly firstNode: number;
  readonly nodes: number;
  readonly firstFeature: number;
  readonly features: number;
  /** Word of its first sum. */
  readonly at: number;
}

export function jobsOf(
  nodesOfBooks: readonly number[],
  features: number,
): { jobs: Job[]; words: Uint32Array<ArrayBuffer> } {
  const jobs: Job[] = [];
  let at = 0;
  for (const [book, all] of nodesOfBooks.entries()) {
    const width = Math.min(features + 1, PAIRS);
    const height = Math.max(1, Math.floor(PAIRS / width));
    for (let firstNode = 0; firstNode < all; firstNode += height)
      for (let firstFeature = 0; firstFeature <= features; firstFeature += width) {
        const nodes = Math.min(height, all - firstNode);
        const columns = Math.min(width, features + 1 - firstFeature);
        jobs.push({ book, firstNode, nodes, firstFeature, features: columns, at });
        at += 2 * nodes * columns;
      }
  }
  const words = Uint32Array.from(
    jobs.flatMap((job) => [job.book, job.firstNode, job.nodes, job.firstFeature, job.features, job.at]),
  );
  return { jobs, words };
}

/** By codebook; exact. */
export function decodeSums(
  words: Uint32Array,
  jobs: readonly Job[],
  books: readonly Codebook[],
  features: number,
): NodeSums[] {
  const out = books.map((book) => ({
    counts: new Float64Array(book.length / features),
    sums: new Float64Array(book.length),
  }));
  for (const { book, firstNode, nodes, firstFeature, features: columns, at } of jobs)
    for (let k = 0; k < nodes; k++)
      for (let f = 0; f < columns; f++) {
        const word = at + 2 * (k * columns + f);
        const value = (words[word] | 0) * 2 ** 20 + words[word + 1];
        const [node, feature] = [firstNode + k, firstFeature + f];
        if (feature === features) out[book].counts[node] = value;
        else out[book].sums[node * features + feature] = value;
      }
  return out;
}
