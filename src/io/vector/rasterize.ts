/**
 * Which cells of a grid a polygon covers: those whose centre lies inside, or with `allTouched` also those that its outline runs through.
 * Cell for cell what `gdal_rasterize` burns (test/io/rasterize.test.ts), reckoned in columns and rows of the whole grid.
 */
import type { Grid } from '../../core/grid.ts';
import type { Polygon, Ring } from './layer.ts';
import { type CellSpans, SpanList, sortColumns } from './rasterize-spans.ts';
import { touch } from './rasterize-touched.ts';

export interface RasterizeOptions {
  /** Also the cells that the outline runs through, however little. */
  readonly allTouched?: boolean;
}

/** A ring in columns (x) and rows (y) of the grid, from its north-west corner: cell (c, r) reaches from c to c + 1, its centre is at c + ½. */
export interface GridRing {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * The cells of one feature: the union of its polygons, each of which is what its rings enclose by the even-odd rule. A centre on the
 * outline belongs to the polygon east of it, and to that south of it; one on a horizontal edge below the polygon belongs to it too.
 */
export function rasterize(
  polygons: readonly Polygon[],
  grid: Grid,
  { allTouched = false }: RasterizeOptions = {},
): CellSpans {
  const list = new SpanList();
  for (const polygon of polygons) {
    const rings = polygon.map((ring) => onGrid(ring, grid));
    fill(rings, grid, list);
    if (allTouched) for (const ring of rings) touch(ring, grid, list);
  }
  return list.toSpans();
}

/** Without the last position where it repeats the first. */
function onGrid(ring: Ring, { west, north, cellWidth, cellHeight }: Grid): GridRing {
  // The product with 1 / cellWidth, not the quotient: how GDAL does it decides centres that lie on an outline to the last bit.
  const [perWidth, perHeight] = [1 / cellWidth, 1 / cellHeight];
  const [x0, y0] = [-west / cellWidth, north / cellHeight];
  const last = ring.length - 1;
  const closed = last > 0 && ring[0][0] === ring[last][0] && ring[0][1] === ring[last][1];
  const count = closed ? last : ring.length;
  const [x, y] = [new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    x[i] = x0 + ring[i][0] * perWidth;
    y[i] = y0 - ring[i][1] * perHeight;
  }
  return { x, y };
}

/** The cells whose centre lies inside the rings together. */
function fill(rings: readonly GridRing[], { width, height }: Grid, list: SpanList): void {
  const { first, starts, columns } = crossings(rings, width, height);
  for (let i = 0; i + 1 < starts.length; i++) {
    sortColumns(columns, starts[i], starts[i + 1]);
    for (let k = starts[i]; k + 1 < starts[i + 1]; k += 2) list.add(first + i, columns[k], columns[k + 1]);
  }
  for (const ring of rings) fillLowerEdges(ring, width, height, list);
}

/** By row from `first`, the columns at which an edge crosses the line of centres: that of the first centre not west of the edge. */
function crossings(
  rings: readonly GridRing[],
  width: number,
  height: number,
): { first: number; starts: Uint32Array; columns: Int32Array } {
  let [top, bottom] = [Infinity, -Infinity];
  for (const { y } of rings) {
    for (let i = 0; i < y.length; i++) {
      if (y[i] < top) top = y[i];
      if (y[i] > bottom) bottom = y[i];
    }
  }
  const [first, end] = [firstRow(top, height), firstRow(bottom, height)];
  const starts = new Uint32Array(Math.max(0, end - first) + 1);

  // Counted, then filled.
  for (const ring of rings) {
    eachEdge(ring, (_, y0, __, y1) => {
      const to = firstRow(y1, height) - first;
      for (let i = firstRow(y0, height) - first; i < to; i++) starts[i + 1]++;
    });
  }
  for (let i = 0; i + 1 < starts.length; i++) starts[i + 1] += starts[i];
  const next = starts.slice();
  const columns = new Int32Array(starts[starts.length - 1]);
  for (const ring of rings) {
    eachEdge(ring, (x0, y0, x1, y1) => {
      const to = firstRow(y1, height);
      for (let row = firstRow(y0, height); row < to; row++) {
        const x = ((row + 0.5 - y0) * (x1 - x0)) / (y1 - y0) + x0;
        columns[next[row - first]++] = Math.min(width, Math.max(0, Math.floor(x + 0.5)));
      }
    });
  }
  return { first, starts, columns };
}

/** Each edge from its upper to its lower end, so that two polygons that share one reckon the same; horizontal ones cross no line of centres. */
function eachEdge({ x, y }: GridRing, visit: (x0: number, y0: number, x1: number, y1: number) => void): void {
  let before = y.length - 1;
  for (let i = 0; i < y.length; i++) {
    if (y[before] < y[i]) visit(x[before], y[before], x[i], y[i]);
    else if (y[before] > y[i]) visit(x[i], y[i], x[before], y[before]);
    before = i;
  }
}

/** The first row of the grid whose centres lie at `y` or below it. */
function firstRow(y: number, height: number): number {
  return Math.min(height, Math.max(0, Math.ceil(y - 0.5)));
}

/** A horizontal edge on a line of centres that bounds its ring from below: its centres belong to the polygon. */
function fillLowerEdges(ring: GridRing, width: number, height: number, list: SpanList): void {
  const { x, y } = ring;
  let clockwise: boolean | undefined;
  let before = y.length - 1;
  for (let i = 0; i < y.length; i++) {
    const row = y[i] - 0.5;
    if (y[before] === y[i] && x[before] !== x[i] && row === Math.floor(row) && row >= 0 && row < height) {
      clockwise ??= isClockwise(ring);
      // Clockwise on the map, lower edges run west.
      const [from, to] = clockwise ? [x[i], x[before]] : [x[before], x[i]];
      list.add(row, Math.max(0, Math.floor(from + 0.5)), Math.min(width, Math.floor(to + 0.5)));
    }
    before = i;
  }
}

/**
 * By the turn at the southernmost corner (of several the easternmost): also what a ring that runs over itself has is then plain. Where two
 * corners lie there, or the turn is none, by the area. Rows run south, so that either is positive for what is clockwise on the map.
 */
function isClockwise({ x, y }: GridRing): boolean {
  const count = y.length;
  let [corner, times] = [0, 1];
  for (let i = 1; i < count; i++) {
    if (y[i] > y[corner] || (y[i] === y[corner] && x[i] > x[corner])) [corner, times] = [i, 1];
    else if (y[i] === y[corner] && x[i] === x[corner]) times++;
  }
  const [a, b] = [(corner + count - 1) % count, (corner + 1) % count];
  const turn = (x[corner] - x[a]) * (y[b] - y[corner]) - (x[b] - x[corner]) * (y[corner] - y[a]);
  if (times === 1 && turn !== 0) return turn > 0;
  let area = 0;
  let before = count - 1;
  for (let i = 0; i < count; i++) {
    area += (x[before] - x[0]) * (y[i] - y[0]) - (x[i] - x[0]) * (y[before] - y[0]);
    before = i;
  }
  return area > 0;
}
