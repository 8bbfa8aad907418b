/** What workers do to class a raster: different values of a tile, a histogram of it, the class of each cell. */
import { NODATA, NODATA_CODE } from '../core/cells.ts';
import type { TaskTable } from '../core/tasks.ts';
import { classOf } from './breaks.ts';

/** Different values that are counted one by one. */
export const MOST_DIFFERENT = 2 ** 16;

export interface ValuesTask {
  readonly values: Float32Array;
  /** Count them one by one too. */
  readonly different: boolean;
}

export interface ValuesResult {
  readonly count: number;
  readonly low: number;
  readonly high: number;
  /** Ascending, and how often each is there; absent where there are more than MOST_DIFFERENT. */
  readonly different?: { readonly values: Float32Array<ArrayBuffer>; readonly counts: Float64Array<ArrayBuffer> };
}

export interface HistogramTask {
  readonly values: Float32Array;
  readonly low: number;
  /** Width of a bin. */
  readonly width: number;
  readonly bins: number;
  /** Sums are of round(x / quantum). */
  readonly quantum: number;
}

/** By bin. */
export interface HistogramResult {
  readonly counts: Float64Array<ArrayBuffer>;
  readonly sums: Float64Array<ArrayBuffer>;
  readonly high: Float32Array<ArrayBuffer>;
}

export interface ClassTask {
  readonly values: Float32Array;
  readonly breaks: readonly number[];
  /** Sums are of round(x / quantum), below 2^30 of it. */
  readonly quantum: number;
}

export interface ClassResult {
  readonly codes: Uint32Array<ArrayBuffer>;
  /** Of each class: cells, Σq, and Σq² as the sums of the squares of upper halves, of twice the mixed products, of the squares of lower halves. */
  readonly moments: Float64Array<ArrayBuffer>;
}

export const CLASS_MOMENTS = 5;

export function valuesOf({ values, different }: ValuesTask): ValuesResult {
  let [count, low, high] = [0, Infinity, -Infinity];
  for (const x of values) {
    if (x === NODATA) continue;
    count++;
    if (x < low) low = x;
    if (x > high) high = x;
  }
  if (!different) return { count, low, high };
  const sorted = values.filter((x) => x !== NODATA).sort();
  const [found, counts]: [number[], number[]] = [[], []];
  for (const x of sorted) {
    if (x === found[found.length - 1]) counts[counts.length - 1]++;
    else if (found.length === MOST_DIFFERENT) return { count, low, high };
    else {
      found.push(x);
      counts.push(1);
    }
  }
  return { count, low, high, different: { values: Float32Array.from(found), counts: Float64Array.from(counts) } };
}

export function histogramOf({ values, low, width, bins, quantum }: HistogramTask): HistogramResult {
  const counts = new Float64Array(bins);
  const sums = new Float64Array(bins);
  const high = new Float32Array(bins).fill(-Infinity);
  for (const x of values) {
    if (x === NODATA) continue;
    const bin = Math.min(bins - 1, Math.floor((x - low) / width));
    counts[bin]++;
    sums[bin] += Math.round(x / quantum);
    if (x > high[bin]) high[bin] = x;
  }
  return { counts, sums, high };
}

export function classesOf({ values, breaks, quantum }: ClassTask): ClassResult {
  const codes = new Uint32Array(values.length).fill(NODATA_CODE);
  const moments = new Float64Array(CLASS_MOMENTS * breaks.length);
  const limits = Float64Array.from(breaks);
  for (let i = 0; i < values.length; i++) {
    if (values[i] === NODATA) continue;
    codes[i] = classOf(values[i], limits);
    const q = Math.round(values[i] / quantum);
    const upper = q >> 15;
    const lower = q & 0x7fff;
    const at = CLASS_MOMENTS * codes[i];
    moments[at]++;
    moments[at + 1] += q;
    moments[at + 2] += upper * upper;
    moments[at + 3] += 2 * upper * lower;
    moments[at + 4] += lower * lower;
  }
  return { codes, moments };
}

export const statisticsTasks: TaskTable = {
  async breaks_values(input: ValuesTask) {
    const output = valuesOf(input);
    const { different } = output;
    return { output, transfer: different ? [different.values.buffer, different.counts.buffer] : [] };
  },
  async breaks_histogram(input: HistogramTask) {
    const output = histogramOf(input);
    return { output, transfer: [output.counts.buffer, output.sums.buffer, output.high.buffer] };
  },
  async breaks_class(input: ClassTask) {
    const output = classesOf(input);
    return { output, transfer: [output.codes.buffer, output.moments.buffer] };
  },
};
