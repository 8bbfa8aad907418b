/** What workers do with the samples of one tile: gather the rows of valid cells, turn them into whole numbers, find their nodes. */
import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { TaskTable } from '../../core/tasks.ts';
import type { Codebook } from './map.ts';
import { NearestNodes, ROWS } from './nearest.ts';
import { type Affine, momentsOf, ownMoments, toQuanta } from './quanta.ts';

export interface GatherTask {
  /** A plane for each feature, with NODATA. */
  readonly planes: readonly Float32Array[];
  readonly width: number;
}

export interface GatheredRows {
  readonly values: Float32Array<ArrayBuffer>;
  /** Index of each row's cell in the tile. */
  readonly cells: Uint32Array<ArrayBuffer>;
  /** Rows in each line of the tile. */
  readonly lines: Uint32Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface MomentsTask extends Affine {
  readonly buffer: ArrayBuffer;
  /** Leave the rows as they come; otherwise they become whole numbers, and mixed products are summed too. */
  readonly look: boolean;
}

export interface EpochTask {
  /** Rows of whole numbers. */
  readonly buffer: ArrayBuffer;
  readonly quantum: Float64Array;
  readonly books: readonly Codebook[];
}

/** For each codebook: number of rows and sums of whole numbers of each node. */
export interface NodeSums {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
}

export interface EpochResult {
  readonly buffer: ArrayBuffer;
  readonly books: readonly NodeSums[];
}

export interface QualityTask extends EpochTask {
  /** For each codebook, by node · nodes + node. */
  readonly adjacent: readonly Uint8Array[];
  /** Distances are summed as whole numbers of this. */
  readonly distanceQuantum: number;
}

export interface QualityResult extends EpochResult {
  /** For each codebook. */
  readonly distances: Float64Array;
  /** Rows whose second best node is not adjacent. */
  readonly apart: Float64Array;
}

export interface LabelTask {
  readonly buffer: ArrayBuffer;
  readonly cellsBuffer: ArrayBuffer;
  readonly quantum: Float64Array;
  readonly book: Codebook;
  /** Code of each node. */
  readonly codes: readonly number[];
  /** Cells of the tile. */
  readonly length: number;
}

export interface LabelResult {
  readonly buffer: ArrayBuffer;
  readonly cellsBuffer: ArrayBuffer;
  readonly labels: Uint32Array<ArrayBuffer>;
  readonly distances: Float32Array<ArrayBuffer>;
}

export function gather({ planes, width }: GatherTask): GatheredRows {
  const features = planes.length;
  const length = planes[0].length;
  const valid = new Uint8Array(length).fill(1);
  for (const plane of planes) for (let i = 0; i < length; i++) if (plane[i] === NODATA) valid[i] = 0;
  const lines = new Uint32Array(length / width);
  let count = 0;
  for (let i = 0; i < length; i++)
    if (valid[i]) {
      count++;
      lines[Math.floor(i / width)]++;
    }
  const values = new Float32Array(count * features);
  const cells = new Uint32Array(count);
  for (let i = 0, row = 0; i < length; i++) if (valid[i]) cells[row++] = i;
  const [low, high] = [new Float64Array(features).fill(Infinity), new Float64Array(features).fill(-Infinity)];
  for (const [f, plane] of planes.entries()) {
    let [least, most] = [Infinity, -Infinity];
    for (let row = 0, at = f; row < count; row++, at += features) {
      const x = plane[cells[row]];
      values[at] = x;
      if (x < least) least = x;
      if (x > most) most = x;
    }
    [low[f], high[f]] = [least, most];
  }
  return { values, cells, lines, low, high };
}

function moments({ buffer, look, ...affine }: MomentsTask): { buffer: ArrayBuffer; moments: Float64Array } {
  const features = affine.offset.length;
  const values = new Float32Array(look ? buffer.slice(0) : buffer);
  const rows = toQuanta(values, features, affine);
  return { buffer, moments: look ? ownMoments(rows, features) : momentsOf(rows, features) };
}

export function epoch({ buffer, quantum, books }: EpochTask): EpochResult {
  const rows = new Int32Array(buffer);
  const features = quantum.length;
  const found = books.map((book) => noSums(book, features));
  const nearest = new NearestNodes(books, features);
  const count = rows.length / features;
  for (let from = 0; from < count; from += ROWS) {
    const size = Math.min(ROWS, count - from);
    nearest.take(rows, from, size, quantum);
    for (let b = 0; b < books.length; b++) {
      nearest.find(b);
      addRows(rows, from, size, nearest.best, found[b]);
    }
  }
  return { buffer, books: found };
}

function noSums(book: Codebook, features: number): NodeSums {
  return { counts: new Float64Array(book.length / features), sums: new Float64Array(book.length) };
}

function addRows(rows: Int32Array, from: number, size: number, best: Float64Array, { counts, sums }: NodeSums): void {
  const features = sums.length / counts.length;
  let at = from * features;
  for (let row = 0; row < size; row++) {
    const node = best[row];
    counts[node]++;
    const end = at + features;
    for (let to = node * features; at < end; at++, to++) sums[to] += rows[at];
  }
}

export function quality({ buffer, quantum, books, adjacent, distanceQuantum }: QualityTask): QualityResult {
  const rows = new Int32Array(buffer);
  const features = quantum.length;
  const found = books.map((book) => noSums(book, features));
  const distances = new Float64Array(books.length);
  const apart = new Float64Array(books.length);
  const nearest = new NearestNodes(books, features, true);
  const { best, second, squared } = nearest;
  const count = rows.length / features;
  for (let from = 0; from < count; from += ROWS) {
    const size = Math.min(ROWS, count - from);
    nearest.take(rows, from, size, quantum);
    for (let b = 0; b < books.length; b++) {
      nearest.find(b);
      addRows(rows, from, size, best, found[b]);
      const nodes = found[b].counts.length;
      for (let row = 0; row < size; row++) {
        distances[b] += Math.round(Math.sqrt(squared[row]) / distanceQuantum);
        if (nodes > 1 && adjacent[b][best[row] * nodes + second[row]] === 0) apart[b]++;
      }
    }
  }
  return { buffer, books: found, distances, apart };
}

export function label({ buffer, cellsBuffer, quantum, book, codes, length }: LabelTask): LabelResult {
  const rows = new Int32Array(buffer);
  const cells = new Uint32Array(cellsBuffer);
  const labels = new Uint32Array(length).fill(NODATA_CODE);
  const distances = new Float32Array(length).fill(NODATA);
  const nearest = new NearestNodes([book], quantum.length);
  for (let from = 0; from < cells.length; from += ROWS) {
    const size = Math.min(ROWS, cells.length - from);
    nearest.take(rows, from, size, quantum);
    nearest.find(0);
    for (let row = 0; row < size; row++) {
      labels[cells[from + row]] = codes[nearest.best[row]];
      distances[cells[from + row]] = Math.sqrt(nearest.squared[row]);
    }
  }
  return { buffer, cellsBuffer, labels, distances };
}

export const somTasks: TaskTable = {
  async som_gather(input: GatherTask) {
    const output = gather(input);
    return { output, transfer: [output.values.buffer, output.cells.buffer] };
  },
  async som_moments(input: MomentsTask) {
    const output = moments(input);
    return { output, transfer: [output.buffer] };
  },
  async som_epoch(input: EpochTask) {
    const output = epoch(input);
    return { output, transfer: [output.buffer] };
  },
  async som_quality(input: QualityTask) {
    const output = quality(input);
    return { output, transfer: [output.buffer] };
  },
  async som_label(input: LabelTask) {
    const output = label(input);
    return {
      output,
      transfer: [output.buffer, output.cellsBuffer, output.labels.buffer, output.distances.buffer],
    };
  },
};
