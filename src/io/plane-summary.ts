/** What a raster holds, in a few numbers: cells with a value, extremes and how often they occur, mean, a sample for quantiles; counts of class codes. */
import { NODATA, NODATA_CODE, type Plane } from '../core/cells.ts';

/** One end of the values: the extreme, how many cells have it, and the next value inwards. */
export interface Extreme {
  readonly value: number;
  readonly count: number;
  /** Infinite where there is no other value. */
  readonly next: number;
}

export interface PlaneSummary {
  /** Cells that were looked at. */
  readonly cells: number;
  /** Those with a value. */
  readonly valid: number;
  /** The members below are of quantities; of class codes only `codes` is filled. */
  readonly sum: number;
  readonly low: Extreme;
  readonly high: Extreme;
  /** Every nth cell that has a value. */
  readonly sample: Float32Array;
  /** Pairs of code and number of cells, by ascending code. */
  readonly codes: readonly (readonly [code: number, cells: number])[];
}

export const EMPTY_SUMMARY: PlaneSummary = {
  cells: 0,
  valid: 0,
  sum: 0,
  low: { value: Infinity, count: 0, next: Infinity },
  high: { value: -Infinity, count: 0, next: -Infinity },
  sample: new Float32Array(0),
  codes: [],
};

/** @param inside 0 for cells that do not count; @param every distance of the cells of the sample */
export function summarise(plane: Plane, inside: Uint8Array | undefined, every: number): PlaneSummary {
  const cells = inside ? countOnes(inside) : plane.length;
  if (plane instanceof Uint32Array) return { ...EMPTY_SUMMARY, cells, ...countCodes(plane, inside) };
  return { ...EMPTY_SUMMARY, cells, ...measure(plane, inside, every) };
}

function countOnes(inside: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < inside.length; i++) count += inside[i];
  return count;
}

function countCodes(plane: Uint32Array, inside: Uint8Array | undefined): Pick<PlaneSummary, 'valid' | 'codes'> {
  const counts = new Map<number, number>();
  let valid = 0;
  for (let i = 0; i < plane.length; ) {
    const code = plane[i];
    let count = 0;
    // Runs of one class are long, and the map is asked once for each.
    for (; i < plane.length && plane[i] === code; i++) if (!inside || inside[i]) count++;
    if (code === NODATA_CODE || count === 0) continue;
    counts.set(code, (counts.get(code) ?? 0) + count);
    valid += count;
  }
  return { valid, codes: byCode(counts) };
}

function measure(plane: Float32Array, inside: Uint8Array | undefined, every: number) {
  let [valid, sum] = [0, 0];
  let [low, lowCount, nextLow] = [Infinity, 0, Infinity];
  let [high, highCount, nextHigh] = [-Infinity, 0, -Infinity];
  const sample = new Float32Array(Math.ceil(plane.length / every));
  let taken = 0;
  for (let i = 0; i < plane.length; i++) {
    const value = plane[i];
    if (value === NODATA || (inside && inside[i] === 0)) continue;
    if (valid++ % every === 0) sample[taken++] = value;
    sum += value;
    if (value === low) lowCount++;
    else if (value < low) [nextLow, low, lowCount] = [low, value, 1];
    else if (value < nextLow) nextLow = value;
    if (value === high) highCount++;
    else if (value > high) [nextHigh, high, highCount] = [high, value, 1];
    else if (value > nextHigh) nextHigh = value;
  }
  return {
    valid,
    sum,
    low: { value: low, count: lowCount, next: nextLow },
    high: { value: high, count: highCount, next: nextHigh },
    sample: sample.slice(0, taken),
  };
}

/** Of several windows, in the order given. */
export function mergeSummaries(parts: readonly PlaneSummary[]): PlaneSummary {
  if (parts.length === 0) return EMPTY_SUMMARY;
  const counts = new Map<number, number>();
  for (const { codes } of parts) for (const [code, count] of codes) counts.set(code, (counts.get(code) ?? 0) + count);
  const total = (count: (part: PlaneSummary) => number) => parts.reduce((sum, part) => sum + count(part), 0);
  const sample = new Float32Array(total((part) => part.sample.length));
  let at = 0;
  for (const part of parts) {
    sample.set(part.sample, at);
    at += part.sample.length;
  }
  return {
    cells: total((part) => part.cells),
    valid: total((part) => part.valid),
    sum: total((part) => part.sum),
    low: extremeOf(
      parts.map(({ low }) => low),
      (a, b) => a < b,
    ),
    high: extremeOf(
      parts.map(({ high }) => high),
      (a, b) => a > b,
    ),
    sample,
    codes: byCode(counts),
  };
}

function extremeOf(ends: readonly Extreme[], beyond: (a: number, b: number) => boolean): Extreme {
  const outer = (values: readonly number[]) => values.reduce((a, b) => (beyond(b, a) ? b : a));
  const value = outer(ends.map((end) => end.value));
  const others = ends.flatMap((end) => (end.value === value ? [end.next] : [end.value]));
  const count = ends.reduce((sum, end) => sum + (end.value === value ? end.count : 0), 0);
  return { value, count, next: outer(others) };
}

function byCode(counts: ReadonlyMap<number, number>): [number, number][] {
  return [...counts].sort(([a], [b]) => a - b);
}
