/** What one tile adds to each of its zones: counts, extremes, exact sums of values and squares, the values themselves, class counts. */

import { BinnedSums, MOST_BINNED } from '../../core/binned-sums.ts';
import { EcofluxError } from '../../core/errors.ts';
import { ExactSum, LARGEST_EXACT, productError } from '../../core/exact-sum.ts';
import type { Window } from '../../core/grid.ts';
import type { Values } from '../plane-mapping.ts';
import type { ZoneRuns } from './zone-runs.ts';

/** By zone of the runs. */
export interface Moments {
  /** Cells of the zone, valid or not. */
  readonly cells: Float64Array;
  /** Valid ones. */
  readonly count: Float64Array;
  /** Infinity and −Infinity where there is no valid cell. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Two numbers for each zone, whose exact total is Σx, and Σx². */
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  /** What else belongs to them, rarely anything: zone, number. */
  readonly moreSum: readonly (readonly [zone: number, part: number])[];
  readonly moreSquares: readonly (readonly [zone: number, part: number])[];
}

export function accumulate(values: Values, { zones, starts, cells }: ZoneRuns): Moments {
  const moments = {
    cells: new Float64Array(zones.length),
    count: new Float64Array(zones.length),
    min: new Float64Array(zones.length),
    max: new Float64Array(zones.length),
    sum: new Float64Array(2 * zones.length),
    squares: new Float64Array(2 * zones.length),
    moreSum: [] as [number, number][],
    moreSquares: [] as [number, number][],
  };
  // Squares of float32 numbers are exact.
  const single = values instanceof Float32Array;
  const bits = single ? new Int32Array(values.buffer, values.byteOffset, values.length) : undefined;
  for (let zone = 0; zone < zones.length; zone++) {
    if (single && values.length < MOST_BINNED && sizeOf(cells, starts[zone], starts[zone + 1]) >= LEAST_BINNED) {
      accumulateBinned(moments, zone, values, bits!, cells.subarray(2 * starts[zone], 2 * starts[zone + 1]));
      continue;
    }
    let size = 0;
    let count = 0;
    let min = Infinity;
    let max = -Infinity;
    // Two numbers for each sum; what does not fit, which is rare, goes to a longer one.
    let sum = 0;
    let sumLow = 0;
    let squares = 0;
    let squaresLow = 0;
    const [moreSum, moreSquares] = [new ExactSum(), new ExactSum()];
    for (let run = starts[zone]; run < starts[zone + 1]; run++) {
      const end = cells[2 * run + 1];
      size += end - cells[2 * run];
      for (let i = cells[2 * run]; i < end; i++) {
        const x = values[i];
        if (Number.isNaN(x)) continue;
        count++;
        if (x < min) min = x;
        if (x > max) max = x;

        let total = sum + x;
        let shadow = total - sum;
        let error = sum - (total - shadow) + (x - shadow);
        sum = total;
        if (error !== 0) {
          total = sumLow + error;
          shadow = total - sumLow;
          error = sumLow - (total - shadow) + (error - shadow);
          sumLow = total;
          if (error !== 0) moreSum.add(error);
        }

        const square = x * x;
        if (!single) {
          const missing = productError(x, x, square);
          total = squaresLow + missing;
          shadow = total - squaresLow;
          error = squaresLow - (total - shadow) + (missing - shadow);
          squaresLow = total;
          if (error !== 0) moreSquares.add(error);
        }
        total = squares + square;
        shadow = total - squares;
        error = squares - (total - shadow) + (square - shadow);
        squares = total;
        if (error !== 0) {
          total = squaresLow + error;
          shadow = total - squaresLow;
          error = squaresLow - (total - shadow) + (error - shadow);
          squaresLow = total;
          if (error !== 0) moreSquares.add(error);
        }
      }
    }
    moments.cells[zone] = size;
    moments.count[zone] = count;
    moments.min[zone] = min;
    moments.max[zone] = max;
    moments.sum[2 * zone] = sum;
    moments.sum[2 * zone + 1] = sumLow;
    moments.squares[2 * zone] = squares;
    moments.squares[2 * zone + 1] = squaresLow;
    for (const part of moreSum.parts) moments.moreSum.push([zone, part]);
    for (const part of moreSquares.parts) moments.moreSquares.push([zone, part]);
  }
  return moments;
}

/** Cells of a zone for which it pays to fill and empty bins. */
const LEAST_BINNED = 1024;
const binned = new BinnedSums();

function sizeOf(cells: Uint32Array, from: number, to: number): number {
  let size = 0;
  for (let run = from; run < to; run++) size += cells[2 * run + 1] - cells[2 * run];
  return size;
}

/** The same of a large zone, some ten times as fast; `runs`: its own. */
function accumulateBinned(
  { cells, count, min, max, moreSum, moreSquares }: MomentsMade,
  zone: number,
  values: Float32Array,
  bits: Int32Array,
  runs: Uint32Array,
): void {
  binned.clear();
  for (let run = 0; run < runs.length; run += 2) {
    cells[zone] += runs[run + 1] - runs[run];
    binned.add(values, bits, runs[run], runs[run + 1]);
  }
  count[zone] = binned.count;
  min[zone] = binned.min;
  max[zone] = binned.max;
  for (const part of binned.sumParts()) moreSum.push([zone, part]);
  for (const part of binned.squareParts()) moreSquares.push([zone, part]);
}

type MomentsMade = Moments & { readonly moreSum: [number, number][]; readonly moreSquares: [number, number][] };

/** @throws EcofluxError InvalidInput where a value is so large that its square is none any more: a nodata value nobody declared */
export function refuseHuge({ min, max }: Moments, file: string): void {
  for (let zone = 0; zone < min.length; zone++) {
    const found = max[zone] > LARGEST_EXACT ? max[zone] : min[zone] < -LARGEST_EXACT ? min[zone] : undefined;
    if (found !== undefined)
      throw new EcofluxError('InvalidInput', 'a value is too large for statistics', {
        file,
        found: String(found),
        expected: `at most ${LARGEST_EXACT}`,
        fix: 'declare it as nodata (gdal_edit.py -a_nodata) if it is one',
      });
  }
}

/** Valid values between two bounds, zone after zone: those of zone i from `starts[i]`. */
export function gather(
  values: Values,
  { zones, starts, cells }: ZoneRuns,
  [low, high]: readonly [number, number],
): { readonly starts: Uint32Array; readonly values: Values } {
  let total = 0;
  for (let run = 0; run < cells.length; run += 2) total += cells[run + 1] - cells[run];
  const out = values instanceof Float32Array ? new Float32Array(total) : new Float64Array(total);
  const begins = new Uint32Array(zones.length + 1);
  let kept = 0;
  for (let zone = 0; zone < zones.length; zone++) {
    for (let run = starts[zone]; run < starts[zone + 1]; run++)
      for (let i = cells[2 * run]; i < cells[2 * run + 1]; i++)
        if (values[i] >= low && values[i] <= high) out[kept++] = values[i]; // false for NaN
    begins[zone + 1] = kept;
  }
  return { starts: begins, values: 2 * kept < total ? out.slice(0, kept) : out.subarray(0, kept) };
}

/** Triples: zone of the runs, class, cells. @throws EcofluxError InvalidInput where a value is no whole number */
export function countClassesOf(
  values: Values,
  { zones, starts, cells }: ZoneRuns,
  { x, y, width }: Window,
  file: string,
): Float64Array {
  const out: number[] = [];
  for (let zone = 0; zone < zones.length; zone++) {
    const counts = new Map<number, number>();
    for (let run = starts[zone]; run < starts[zone + 1]; run++) {
      const end = cells[2 * run + 1];
      for (let i = cells[2 * run]; i < end; ) {
        const code = values[i];
        const from = i++;
        while (i < end && values[i] === code) i++;
        if (Number.isNaN(code)) continue;
        if (!Number.isSafeInteger(code))
          throw new EcofluxError('InvalidInput', 'majority and class shares need a raster of class codes', {
            file,
            place: `row ${y + Math.floor(from / width)}, column ${x + (from % width)}`,
            found: String(code),
            expected: 'whole numbers',
            fix: 'ask for other statistics of it',
          });
        const key = code === 0 ? 0 : code; // no −0
        counts.set(key, (counts.get(key) ?? 0) + i - from);
      }
    }
    for (const [code, count] of counts) out.push(zone, code, count);
  }
  return Float64Array.from(out);
}

/** Numbers of values in equal classes between two bounds, with the extremes of each class. The class of a value rises with it. */
export interface Histogram {
  readonly counts: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

export function emptyHistogram(classes: number): Histogram {
  return {
    counts: new Float64Array(classes),
    min: new Float64Array(classes).fill(Infinity),
    max: new Float64Array(classes).fill(-Infinity),
  };
}

/** Of all zones of the runs together. */
export function histogramOf(
  values: Values,
  { cells }: ZoneRuns,
  [low, high]: readonly [number, number],
  classes: number,
): Histogram {
  const out = emptyHistogram(classes);
  // Halved, so that the width of a range from −1e308 to 1e308 is no infinity.
  const width = high / 2 - low / 2;
  for (let run = 0; run < cells.length; run += 2) {
    for (let i = cells[run]; i < cells[run + 1]; i++) {
      const x = values[i];
      if (!(x >= low && x <= high)) continue;
      // The least of all numbers have no half: then there are two.
      const share = width > 0 ? (x / 2 - low / 2) / width : x > low ? 1 : 0;
      const at = Math.min(classes - 1, Math.floor(share * classes));
      out.counts[at]++;
      if (x < out.min[at]) out.min[at] = x;
      if (x > out.max[at]) out.max[at] = x;
    }
  }
  return out;
}
