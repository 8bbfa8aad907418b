/** Source cells that a polygon of source coordinates covers, and how much of each: exact areas, row by row of the source. */

/** Gets the cells of one source row, `shares[i]` of cell (x + i, y) covered, i below `count`. */
export type TakeRow = (x: number, y: number, count: number, shares: Float64Array) => void;

/** Places are multiples of this part of a cell, so that areas come out the same wherever counting starts. */
export const PLACE_UNIT = 2 ** -24;

/** A polygon's edges, and rows of shares that grow as needed. */
export interface Overlap {
  /** Polygon of `corners` pairs in `xs` and `ys`; rows before `first` and from `end` on are left out. Turned either way round. */
  cover(xs: Float64Array, ys: Float64Array, corners: number, first: number, end: number, take: TakeRow): void;
}

export function overlap(): Overlap {
  let line = new Float64Array(64);

  /** One edge's part of a row: what is covered to the right of it, as differences from cell to cell. */
  function addEdge(x0: number, y0: number, x1: number, y1: number, row: number, west: number): void {
    const down = y1 > y0;
    const top = Math.max(row, down ? y0 : y1);
    const bottom = Math.min(row + 1, down ? y1 : y0);
    if (!(bottom > top)) return;
    const slope = (x1 - x0) / (y1 - y0);
    const xTop = x0 + (top - y0) * slope - west;
    const xBottom = x0 + (bottom - y0) * slope - west;
    const left = Math.max(0, Math.min(xTop, xBottom));
    const right = Math.max(left, xTop, xBottom);
    const height = down ? bottom - top : top - bottom;
    const firstCell = Math.floor(left);
    const lastCell = Math.floor(right);
    if (firstCell === lastCell) {
      const before = (left + right) / 2 - firstCell;
      line[firstCell] += height * (1 - before);
      line[firstCell + 1] += height * before;
      return;
    }
    const perColumn = height / (right - left);
    for (let cell = firstCell; cell <= lastCell; cell++) {
      const from = Math.max(left, cell);
      const to = Math.min(right, cell + 1);
      if (!(to > from)) continue;
      const piece = perColumn * (to - from);
      const before = (from + to) / 2 - cell;
      line[cell] += piece * (1 - before);
      line[cell + 1] += piece * before;
    }
  }

  function cover(xs: Float64Array, ys: Float64Array, corners: number, first: number, end: number, take: TakeRow): void {
    let [west, east, north, south, area] = [Infinity, -Infinity, Infinity, -Infinity, 0];
    for (let n = 0, m = corners - 1; n < corners; m = n++) {
      west = Math.min(west, xs[n]);
      east = Math.max(east, xs[n]);
      north = Math.min(north, ys[n]);
      south = Math.max(south, ys[n]);
      area += (xs[m] - xs[0]) * (ys[n] - ys[0]) - (xs[n] - xs[0]) * (ys[m] - ys[0]);
    }
    // Columns left of an edge are covered or not by the way it runs; a polygon that turns the other way covers −1 of its cells.
    const turned = area > 0 ? -1 : 1;
    const x = Math.floor(west);
    const count = Math.max(1, Math.ceil(east) - x);
    if (line.length < count + 2) line = new Float64Array(2 * count + 2);
    const lastRow = Math.min(end, Math.ceil(south));
    for (let row = Math.max(first, Math.floor(north)); row < lastRow; row++) {
      line.fill(0, 0, count + 2);
      for (let n = 0, m = corners - 1; n < corners; m = n++) addEdge(xs[m], ys[m], xs[n], ys[n], row, x);
      let covered = 0;
      for (let i = 0; i < count; i++) {
        covered += line[i];
        const share = turned * covered;
        // What rounding leaves of nothing.
        line[i] = share > 1e-12 ? share : 0;
      }
      take(x, row, count, line);
    }
  }
  return { cover };
}
