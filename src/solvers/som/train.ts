/**
 * Trains maps on samples, many side by side: each epoch reads the rows once for all of them. Sums are of whole numbers, so results depend neither
 * on tiles nor on schedule, nor on where nodes are found: in worker threads, or on a device (gpu.ts).
 */
import { EcofluxError } from '../../core/errors.ts';
import { pcaCodebook, sampleRows } from './initial.ts';
import { adjacency, type Codebook, nodesOf } from './map.ts';
import { pseudoF, type SomQuality } from './quality.ts';
import { quantumOf } from './quanta.ts';
import type { Samples } from './samples.ts';
import type { EpochResult, EpochTask, NodeSums, QualityResult, QualityTask } from './tasks.ts';
import { type Training, updated } from './training.ts';
import { WideSums } from './wide-sums.ts';

/** Exact: `counts` by node, `sums` of whole numbers by node · features + feature. */
export interface ExactSums {
  readonly counts: Float64Array;
  readonly sums: WideSums;
}

/** Where the best nodes of all rows are found, and their rows summed. */
export interface Epochs {
  run(samples: Samples, books: readonly Codebook[]): Promise<ExactSums[]>;
}

export interface Trained {
  readonly training: Training;
  readonly codebook: Codebook;
  /** Rows of each node. */
  readonly hits: Float64Array;
  /** Sums of the rows of each node, by node · features + feature. */
  readonly sums: WideSums;
  readonly quality: SomQuality;
}

export interface TrainOptions {
  readonly epochs?: Epochs;
  readonly progress?: (done: number, total: number) => void;
}

/** @throws EcofluxError InvalidInput where there are more nodes than rows */
export async function train(
  samples: Samples,
  trainings: readonly Training[],
  { epochs = epochsInThreads, progress }: TrainOptions = {},
): Promise<Trained[]> {
  checkNodes(samples, Math.max(...trainings.map(({ map }) => nodesOf(map))));
  const books: Codebook[] = [];
  for (const training of trainings) books.push(await initialBook(samples, training));
  const longest = trainings.reduce((most, each) => Math.max(most, each.epochs), 0);
  for (let epoch = 0; epoch < longest; epoch++) {
    const open = [...trainings.keys()].filter((i) => epoch < trainings[i].epochs);
    const found = await epochs.run(
      samples,
      open.map((i) => books[i]),
    );
    for (const [at, i] of open.entries())
      books[i] = updated(books[i], scaledSums(samples, found[at]), trainings[i], epoch);
    progress?.(epoch + 1, longest + 1);
  }
  const trained = await assess(samples, trainings, books);
  progress?.(longest + 1, longest + 1);
  return trained;
}

export async function initialBook(samples: Samples, { map, init, seed }: Training): Promise<Codebook> {
  const nodes = nodesOf(map);
  checkNodes(samples, nodes);
  if (init === 'pca') return pcaCodebook(map, samples.mean, samples.covariance);
  return samples.pick(sampleRows(samples.count, nodes, seed));
}

function checkNodes({ count }: Samples, nodes: number): void {
  if (nodes <= count) return;
  throw new EcofluxError('InvalidInput', 'there are fewer cells than nodes', {
    found: `${count} cell${count === 1 ? '' : 's'} with a value in every feature`,
    expected: `at least ${nodes}`,
    fix: 'ask for fewer nodes, or for a smaller map',
  });
}

/** Whole numbers to those of the codebook. */
function scaledSums({ quantum }: Samples, { counts, sums }: ExactSums) {
  return {
    counts,
    sums: Float64Array.from({ length: sums.length }, (_, i) => sums.value(i) * quantum[i % quantum.length]),
  };
}

export const epochsInThreads: Epochs = {
  async run(samples, books) {
    const { pool, signal } = samples.request;
    const { quantum } = samples;
    const totals = books.map((book) => emptySums(book.length / quantum.length, quantum.length));
    await samples.visit(async (_tile, rows, cells) => {
      const task: EpochTask = { buffer: rows, quantum, books };
      const found = await pool.run<EpochTask, EpochResult>('som_epoch', task, { signal, transfer: [rows] });
      addSums(totals, found.books);
      return [found.buffer, cells];
    });
    return totals;
  },
};

export function emptySums(nodes: number, features: number): ExactSums {
  return { counts: new Float64Array(nodes), sums: new WideSums(nodes * features) };
}

export function addSums(totals: readonly ExactSums[], found: readonly NodeSums[]): void {
  for (const [i, { counts, sums }] of found.entries()) {
    for (let k = 0; k < counts.length; k++) totals[i].counts[k] += counts[k];
    totals[i].sums.add(sums);
  }
}

/** One more assignment, with the distances: in worker threads wherever the epochs were run, for these are numbers of float64. */
async function assess(
  samples: Samples,
  trainings: readonly Training[],
  books: readonly Codebook[],
): Promise<Trained[]> {
  const { quantum, largest } = samples;
  const { pool, signal } = samples.request;
  const adjacent = trainings.map(({ map }) => adjacency(map));
  // Nodes lie among the rows, or not far: initial ones of `pca` within √λ of the mean. Twice that, and a sum stays below 2^53.
  const distanceQuantum = quantumOf(4 * Math.sqrt(largest.reduce((sum, x) => sum + x * x, 0)));
  const totals = books.map((book) => emptySums(book.length / quantum.length, quantum.length));
  const distances = new WideSums(books.length);
  const apart = new Float64Array(books.length);
  await samples.visit(async (_tile, rows, cells) => {
    const task: QualityTask = { buffer: rows, quantum, books, adjacent, distanceQuantum };
    const found = await pool.run<QualityTask, QualityResult>('som_quality', task, { signal, transfer: [rows] });
    addSums(totals, found.books);
    distances.add(found.distances);
    for (let i = 0; i < apart.length; i++) apart[i] += found.apart[i];
    return [found.buffer, cells];
  });
  return trainings.map((training, i) => {
    const { counts, sums } = totals[i];
    const { nonEmpty, pseudoF } = classQuality(samples, totals[i]);
    const quantisation = (distances.value(i) * distanceQuantum) / samples.count;
    const quality = { quantisation, topographic: apart[i] / samples.count, pseudoF, nonEmpty };
    return { training, codebook: books[i], hits: counts, sums, quality };
  });
}

/** Pseudo-F of classes from the numbers and sums of their rows; sums of squares are exact to 2^-64 of a quantum. */
export function classQuality(
  { sums: total, squares, count, quantum }: Samples,
  { counts, sums }: ExactSums,
): { readonly nonEmpty: number; readonly pseudoF: number } {
  const shift = 64n;
  const features = quantum.length;
  let [between, within] = [0, 0];
  for (let f = 0; f < features; f++) {
    let means = 0n;
    for (let c = 0; c < counts.length; c++) {
      if (counts[c] === 0) continue;
      const sum = sums.exact(c * features + f);
      means += ((sum * sum) << shift) / BigInt(counts[c]);
    }
    const unit = quantum[f] ** 2;
    const scale = 2 ** -64;
    between += Number(means - ((total[f] * total[f]) << shift) / BigInt(count)) * scale * unit;
    within += Number((squares[f] << shift) - means) * scale * unit;
  }
  const nonEmpty = counts.reduce((classes, rows) => classes + Number(rows > 0), 0);
  // Fractions are cut off: what is left of them is no sum of squares.
  const nothing = quantum.reduce((sum, unit) => sum + unit * unit, 0) * 1e-6;
  return { nonEmpty, pseudoF: pseudoF(between, within < nothing ? 0 : within, nonEmpty, count) };
}
