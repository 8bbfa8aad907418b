/** Outlines of areas, windows around them and lattices in them. Pure geometry. */
import { bounds, type Grid, type Window } from '../../core/grid.ts';
import type { Transform } from '../../io/crs/index.ts';
import type { Polygon } from '../../io/vector/layer.ts';

export type Point = readonly [x: number, y: number];

/** Parts into which the longer side of the grid is cut, so that straight edges may bend in another CRS. */
const STEPS = 64;

export function wholeOf({ width, height }: { readonly width: number; readonly height: number }): Window {
  return { x: 0, y: 0, width, height };
}

/** The grid as a polygon. */
export function rectangle(grid: Grid): readonly Polygon[] {
  const { west, south, east, north } = bounds(grid);
  const corners: Point[] = [
    [west, north],
    [east, north],
    [east, south],
    [west, south],
  ];
  return [[corners]];
}

/** In the other CRS; undefined where a point of it has no place there. */
export function outlineIn(
  polygons: readonly Polygon[],
  { forward }: Transform,
  grid: Grid,
): readonly Polygon[] | undefined {
  const longest = Math.max(grid.width * grid.cellWidth, grid.height * grid.cellHeight) / STEPS;
  const out: Point[][][] = [];
  for (const rings of polygons) {
    const moved: Point[][] = [];
    for (const ring of rings) {
      const points: Point[] = [];
      for (const [x, y] of dense(ring as readonly Point[], longest)) {
        const point = forward(x, y);
        if (!point) return undefined;
        points.push(point);
      }
      moved.push(points);
    }
    out.push(moved);
  }
  return out;
}

function* dense(ring: readonly Point[], longest: number): Generator<Point> {
  for (const [i, [x0, y0]] of ring.entries()) {
    const [x1, y1] = ring[(i + 1) % ring.length];
    const parts = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / longest));
    for (let k = 0; k < parts; k++) yield [x0 + ((x1 - x0) * k) / parts, y0 + ((y1 - y0) * k) / parts];
  }
}

/** The cells that an outline's rectangle touches; undefined where there is none. */
export function windowAround(polygons: readonly Polygon[], raster: Grid): Window | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of polygons.flat(2)) {
    const [column, row] = [(x - raster.west) / raster.cellWidth, (raster.north - y) / raster.cellHeight];
    [left, right] = [Math.min(left, column), Math.max(right, column)];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
  }
  // A thousandth of a cell is no overlap.
  const [x, y] = [Math.max(0, Math.floor(left + 1e-3)), Math.max(0, Math.floor(top + 1e-3))];
  const width = Math.min(raster.width, Math.ceil(right - 1e-3)) - x;
  const height = Math.min(raster.height, Math.ceil(bottom - 1e-3)) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

/** The extent of a window in at most so many cells along a side. */
export function latticeOf(grid: Grid, { x, y, width, height }: Window, most: number): Grid {
  const [columns, rows] = [Math.min(width, most), Math.min(height, most)];
  return {
    ...grid,
    west: grid.west + x * grid.cellWidth,
    north: grid.north - y * grid.cellHeight,
    width: columns,
    height: rows,
    cellWidth: (grid.cellWidth * width) / columns,
    cellHeight: (grid.cellHeight * height) / rows,
  };
}
