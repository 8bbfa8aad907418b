/**
 * Distances of whole rows of a raster: columns first, then the lower envelope of one parabola for each column (Felzenszwalb, Huttenlocher;
 * with the integer arithmetic of Meijster). Parabolas are compared by (squared distance, index of the source), a total order, so that ties go to
 * the smallest index and nothing depends on how the raster is cut.
 */
import { NODATA, NODATA_CODE } from '../../core/cells.ts';

/** No source in a column. */
export const NONE = -1;

export function isSource(value: number): boolean {
  return value !== 0 && value !== NODATA_CODE;
}

export interface Wanted {
  readonly squared?: Uint32Array;
  readonly distance?: Float32Array;
  readonly allocation?: Uint32Array;
}

/**
 * Fills the wanted planes, `width` cells a row, for the rows from `y`.
 * @param up by cell, the row of the nearest source of its column at or above it, or NONE
 * @param below by column, the row of the nearest source after the last of these rows, or NONE; overwritten
 * @returns the largest squared distance; -1 where the raster has no source, and the planes are nodata
 */
export function distanceRows(up: Int32Array, width: number, y: number, below: Int32Array, wanted: Wanted): number {
  const lastRow = below.reduce((a, b) => Math.max(a, b), y + up.length / width - 1);
  const envelope = envelopeOf(width, lastRow);
  let largest = -1;
  for (let at = up.length - width; at >= 0; at -= width) {
    lowerEnvelope(up.subarray(at, at + width), y + at / width, below, envelope);
    largest = Math.max(largest, writeRow(envelope, width, at, wanted));
  }
  return largest;
}

/**
 * The lower envelope of a row: `count` columns from west to east, each with the row of its source, the square of the distance to that row, and
 * the first cell that it is nearest for.
 */
interface Envelope {
  count: number;
  readonly column: Int32Array;
  readonly near: Int32Array;
  readonly square: Uint32Array | Float64Array;
  readonly from: Int32Array;
}

function envelopeOf(width: number, lastRow: number): Envelope {
  const ranks = () => new Int32Array(width);
  // Integers are half again as fast as long as they do.
  const square = lastRow ** 2 < 2 ** 32 ? new Uint32Array(width) : new Float64Array(width);
  return { count: 0, column: ranks(), near: ranks(), square, from: ranks() };
}

/** `up`: by column, the nearest source at or above the row. `down`: the same below it; becomes at or below it. */
function lowerEnvelope(up: Int32Array, y: number, down: Int32Array, envelope: Envelope): void {
  const { column, near, square, from } = envelope;
  const width = up.length;
  let count = 0;
  for (let x = 0; x < width; x++) {
    const upper = up[x];
    if (upper === y) down[x] = y;
    const lower = down[x];
    // Of two sources at one distance the upper one has the smaller index.
    const row = lower === NONE || (upper !== NONE && y - upper <= lower - y) ? upper : lower;
    if (row === NONE) continue;
    const height = (y - row) * (y - row);
    let start = 0;
    while (count > 0) {
      const rank = count - 1;
      const c = column[rank];
      const first = from[rank];
      // Where the column of the rank begins to be nearest, it has to be nearer than this one, or it is so nowhere.
      const ahead = (x - c) * (2 * first - c - x) + square[rank] - height;
      if (ahead < 0 || (ahead === 0 && near[rank] <= row)) {
        // The two are equally near at the cell `difference / twice`, which need be no whole number. All of it is exact.
        const twice = 2 * (x - c);
        const difference = (x + c) * (x - c) + height - square[rank];
        const cell = Math.floor(difference / twice);
        start = row < near[rank] && twice * cell === difference ? cell : cell + 1;
        break;
      }
      count = rank;
    }
    if (start >= width) continue;
    column[count] = x;
    near[count] = row;
    square[count] = height;
    from[count] = start;
    count++;
  }
  envelope.count = count;
}

/** @returns the largest squared distance; -1 without a source */
function writeRow(
  { count, column, near, square, from }: Envelope,
  width: number,
  at: number,
  { squared, distance, allocation }: Wanted,
): number {
  if (count === 0) {
    squared?.fill(NODATA_CODE, at, at + width);
    distance?.fill(NODATA, at, at + width);
    allocation?.fill(NODATA_CODE, at, at + width);
    return -1;
  }
  let largest = 0;
  for (let rank = 0; rank < count; rank++) {
    const start = from[rank];
    const end = rank + 1 < count ? from[rank + 1] : width;
    const x0 = column[rank];
    const height = square[rank];
    const west = x0 - start;
    const east = end - 1 - x0;
    const longest = west > east ? west : east;
    if (longest * longest + height > largest) largest = longest * longest + height;
    if (squared) for (let x = start; x < end; x++) squared[at + x] = (x - x0) * (x - x0) + height;
    if (distance) for (let x = start; x < end; x++) distance[at + x] = Math.sqrt((x - x0) * (x - x0) + height);
    if (allocation) {
      const index = near[rank] * width + x0;
      for (let x = start; x < end; x++) allocation[at + x] = index;
    }
  }
  return largest;
}
