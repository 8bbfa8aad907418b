/**
 * Cells that the outline of a polygon runs through, by the rules of GDAL's ALL_TOUCHED: an edge inside one column or one row that lies
 * within a hundredth of a cell of the border between two, at both ends, touches none of them by itself.
 */
import type { GridRing } from './rasterize.ts';
import type { SpanList } from './rasterize-spans.ts';

/** In cells: nearer to a border counts as on it; less wide or high than this counts as vertical or horizontal. */
const NEAR = 0.01;
/** In cells: a walk northward from exactly a border has to leave it. */
const LEAST_STEP = 1e-9;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Adds the cells of every edge of the ring. */
export function touch({ x, y }: GridRing, size: Size, list: SpanList): void {
  let before = y.length - 1;
  for (let i = 0; i < y.length; i++) {
    if (x[before] <= x[i]) touchEdge(x[before], y[before], x[i], y[i], size, list);
    else touchEdge(x[i], y[i], x[before], y[before], size, list);
    before = i;
  }
}

/** x0 ≤ x1. */
function touchEdge(x0: number, y0: number, x1: number, y1: number, size: Size, list: SpanList): void {
  const { width, height } = size;
  const [top, bottom] = y0 < y1 ? [y0, y1] : [y1, y0];
  if (bottom < 0 || top > height || x1 < 0 || x0 > width) return;
  if (Math.floor(x0) === Math.floor(x1) || x1 - x0 < NEAR) {
    if (onBorder(x0) && onBorder(x1)) return;
    const column = Math.floor(x1);
    if (column < 0 || column >= width) return;
    const last = Math.min(height - 1, Math.floor(bottom));
    for (let row = Math.max(0, Math.floor(top)); row <= last; row++) list.add(row, column, column + 1);
  } else if (Math.floor(y0) === Math.floor(y1) || bottom - top < NEAR) {
    if (onBorder(y0) && onBorder(y1)) return;
    const row = Math.floor(y0);
    if (row < 0 || row >= height) return;
    list.add(row, Math.max(0, Math.floor(x0)), Math.min(width, Math.floor(x1) + 1));
  } else walk(x0, y0, x1, y1, size, list);
}

function onBorder(place: number): boolean {
  return Math.abs(place - Math.round(place)) < NEAR;
}

/**
 * Walks along a sloped edge from border to border. Through a corner it goes into the cell south-east of it, wherever it comes from; which
 * of two cells a walk that meets a corner but for rounding touches is decided as GDAL decides it, by the sums of the steps before.
 */
function walk(x0: number, y0: number, x1: number, y1: number, { width, height }: Size, list: SpanList): void {
  const slope = (y1 - y0) / (x1 - x0);
  // What lies beyond the grid is left out.
  let [x, y] = x0 < 0 ? [0, y0 - x0 * slope] : [x0, y0];
  let end = Math.min(x1, width);
  const atRow = (row: number) => x0 + (row - y0) / slope;
  if (slope > 0) {
    if (y < 0) [x, y] = [x - y / slope, 0];
    if (y1 > height) end = Math.min(end, atRow(height));
  } else {
    if (y > height) [x, y] = [x + (height - y) / slope, height];
    if (y1 < 0) end = Math.min(end, atRow(0));
  }
  while (x < end) {
    const [column, row] = [Math.floor(x), Math.floor(y)];
    if (slope > 0 ? row >= height : row < 0) return;
    if (row >= 0 && row < height) list.add(row, column, column + 1);
    const eastward = Math.floor(x + 1) - x;
    const along = eastward * slope;
    if (Math.floor(y + along) === row) {
      x += eastward;
      y += along;
    } else {
      const step = slope < 0 ? Math.min(row - y, -LEAST_STEP) : Math.max(row + 1 - y, LEAST_STEP);
      x += step / slope;
      y += step;
    }
  }
}
