/**
 * Target cells from all source cells that they cover, by the area of what they cover: mean, majority, and sum, which gives every source
 * cell's amount to the target cells over it and so conserves the total. A target cell is the quadrilateral between the places of its four
 * corners. (gdalwarp takes the upright rectangle between two opposite corners for `average` and `mode`; the same where grids are not turned.)
 */
import { NODATA, NODATA_CODE, nodataOf, type Plane } from '../../core/cells.ts';
import type { Window } from '../../core/grid.ts';
import type { RowOfPlaces } from './control-grid.ts';
import { overlap, PLACE_UNIT, type TakeRow } from './overlap.ts';
import type { Warp } from './warp.ts';

/** Corners of a window's cells: (width + 1) × (height + 1) places, multiples of PLACE_UNIT; NaN where there is no image. */
export interface Corners {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export function cornersOf(warp: Warp, places: RowOfPlaces, { x, y, width, height }: Window): Corners {
  const across = width + 1;
  const corners = { x: new Float64Array(across * (height + 1)), y: new Float64Array(across * (height + 1)) };
  for (let row = 0; row <= height; row++) {
    const range = [row * across, (row + 1) * across] as const;
    places(y + row, x, 1, across, corners.x.subarray(...range), corners.y.subarray(...range));
  }
  for (const values of [corners.x, corners.y]) {
    for (let i = 0; i < values.length; i++) values[i] = Math.round(values[i] / PLACE_UNIT) * PLACE_UNIT;
  }
  if (warp.closed) runOn(corners.x, across, Math.round(warp.period ?? 0));
  return corners;
}

/** Makes columns of a closed source run on from corner to corner, along rows and from the start of one row to the next. */
function runOn(x: Float64Array, across: number, turn: number): void {
  let first = x.find((value) => !Number.isNaN(value)) ?? 0;
  for (let start = 0; start < x.length; start += across) {
    let last = first;
    for (let at = start; at < start + across; at++) {
      if (Number.isNaN(x[at])) continue;
      x[at] += turn * Math.round((last - x[at]) / turn);
      if (at === start) first = x[at];
      last = x[at];
    }
  }
}

/** Corners of one target cell, in order; around a pole with the way along the source's edge there. */
export interface Outline {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  count: number;
}

function outlineOf(corners: Corners, width: number, column: number, row: number, warp: Warp, out: Outline): boolean {
  const at = row * (width + 1) + column;
  const order = [at, at + 1, at + width + 2, at + width + 1];
  const { xs, ys } = out;
  for (let n = 0; n < 4; n++) {
    xs[n] = corners.x[order[n]];
    ys[n] = corners.y[order[n]];
    if (Number.isNaN(xs[n] + ys[n])) return false;
  }
  out.count = 4;
  if (warp.period === undefined) return true;
  const turn = warp.closed ? Math.round(warp.period) : warp.period;
  for (let n = 0; n < 4; n++) {
    if (Math.abs(ys[n] - poleRow(warp, ys[n])) < AT_POLE) return cornerAtPole(out, n, turn);
  }
  for (let n = 1; n < 4; n++) xs[n] -= turn * Math.round((xs[n] - xs[n - 1]) / turn);
  const rest = Math.round((xs[3] - xs[0]) / turn);
  if (rest !== 0) {
    // The way round the cell is a way round the pole: it ends a turn from where it began, and the pole lies along all of it.
    const pole = poleRow(warp, ys[0]);
    [xs[4], ys[4]] = [xs[0] + rest * turn, ys[0]];
    [xs[5], ys[5]] = [xs[4], pole];
    [xs[6], ys[6]] = [xs[0], pole];
    out.count = 7;
  }
  return true;
}

/** Rows from a pole at which a corner stands on it and has no longitude. */
const AT_POLE = 1e-6;

/** A corner on the pole is the way along the source's edge from the longitude of the corner before it to that of the one after it. */
function cornerAtPole(out: Outline, n: number, turn: number): boolean {
  const { xs, ys } = out;
  const others = [1, 2, 3].map((i) => ({ x: xs[(n + i) & 3], y: ys[(n + i) & 3] }));
  const pole = ys[n];
  for (let i = 0; i < 3; i++) {
    const { x, y } = others[i];
    [xs[i], ys[i]] = [i === 0 ? x : x - turn * Math.round((x - xs[i - 1]) / turn), y];
  }
  [xs[3], ys[3], xs[4], ys[4]] = [xs[2], pole, xs[0], pole];
  out.count = 5;
  return true;
}

/** The row of the pole that is nearer. */
function poleRow({ source, period = 0 }: Warp, row: number): number {
  const degrees = (period * source.cellWidth) / 360;
  const [north, south] = [90, -90].map((latitude) => (source.north - latitude * degrees) / source.cellHeight);
  return Math.abs(row - north) < Math.abs(row - south) ? north : south;
}

/** Fills `out`, which comes as nodata, from held source cells. */
export function fillByArea(
  warp: Warp,
  corners: Corners,
  size: { readonly width: number; readonly height: number },
  held: Window,
  cells: Plane,
  out: Plane,
): void {
  const { width, height } = size;
  const tally = tallyFor(warp, out);
  const add = adder(warp, corners, width, held, cells, tally);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      tally.clear();
      if (add(column, row)) out[at] = tally.result();
    }
  }
}

/** The same of a window of one cell, from strips of the source cells under it, of at most so many cells each. */
export async function fillCellByArea(
  warp: Warp,
  corners: Corners,
  held: Window,
  most: number,
  read: (strip: Window) => Promise<Plane>,
  out: Plane,
): Promise<void> {
  const tally = tallyFor(warp, out);
  const rows = Math.max(1, Math.floor(most / held.width));
  let found = false;
  for (let y = held.y; y < held.y + held.height; y += rows) {
    const strip = { ...held, y, height: Math.min(rows, held.y + held.height - y) };
    found = adder(warp, corners, 1, strip, await read(strip), tally)(0, 0);
  }
  if (found) out[0] = tally.result();
}

/** Adds to the tally what a target cell covers of the held cells; false where it has no outline. */
function adder(warp: Warp, corners: Corners, width: number, held: Window, cells: Plane, tally: Tally) {
  const { cover } = overlap();
  const outline: Outline = { xs: new Float64Array(7), ys: new Float64Array(7), count: 0 };
  const turn = warp.closed ? Math.round(warp.period ?? 0) : 0;
  const take: TakeRow = (x, y, count, shares) => {
    const skipped = Math.max(0, held.x - x);
    const end = Math.min(count, held.x + held.width - x);
    tally.add(cells, (y - held.y) * held.width + x - held.x, skipped, end, shares);
  };
  return (column: number, row: number): boolean => {
    if (!outlineOf(corners, width, column, row, warp, outline)) return false;
    // A closed source is held from where its needed columns begin; the outline goes there.
    if (turn > 0) moveInto(outline, held, turn);
    cover(outline.xs, outline.ys, outline.count, held.y, held.y + held.height, take);
    return true;
  };
}

function moveInto({ xs, count }: Outline, held: Window, turn: number): void {
  let west = Infinity;
  for (let n = 0; n < count; n++) west = Math.min(west, xs[n]);
  const by = turn * Math.ceil((held.x - Math.floor(west)) / turn);
  if (by !== 0) for (let n = 0; n < count; n++) xs[n] += by;
}

interface Tally {
  clear(): void;
  /** Cells at first + i with their shares, i from `from` to `to`. */
  add(cells: Plane, first: number, from: number, to: number, shares: Float64Array): void;
  result(): number;
}

function tallyFor({ method }: Warp, out: Plane): Tally {
  return method === 'mode' ? majority(out instanceof Uint32Array) : sums(method === 'sum');
}

function sums(total: boolean): Tally {
  let sum = 0;
  let weights = 0;
  return {
    clear() {
      sum = 0;
      weights = 0;
    },
    add(cells, first, from, to, shares) {
      for (let i = from; i < to; i++) {
        const value = cells[first + i];
        const share = shares[i];
        if (value === NODATA || share === 0) continue;
        sum += share * value;
        weights += share;
      }
    },
    result: () => (weights === 0 ? NODATA : total ? sum : sum / weights),
  };
}

/** Shares so close are equal, and the lesser value wins: rounding must not decide. */
const TIE = 1e-9;

function majority(codes: boolean): Tally {
  const nodata = nodataOf(codes ? 'u32' : 'f32');
  const found = new Map<number, number>();
  return {
    clear: () => found.clear(),
    add(cells, first, from, to, shares) {
      for (let i = from; i < to; ) {
        const value = cells[first + i];
        let share = shares[i++];
        // Runs of one class are long, and the map is asked once for each.
        while (i < to && cells[first + i] === value) share += shares[i++];
        if (value !== nodata && share > 0) found.set(value, (found.get(value) ?? 0) + share);
      }
    },
    result() {
      let best = codes ? NODATA_CODE : NODATA;
      let most = 0;
      for (const [value, share] of found) {
        const margin = TIE * Math.max(share, most);
        if (share > most + margin || (share > most - margin && value < best)) {
          best = value;
          most = share;
        }
      }
      return best;
    },
  };
}
