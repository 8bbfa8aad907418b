/** Whether outlines cross themselves or each other: for a warning, since the even-odd rule makes such polygons well-defined. */
import type { Polygon } from './layer.ts';

/** Pairs of edges after which the search ends without a result, as it does for some ten thousand edges that all span the polygon: a second. */
const MOST_PAIRS = 2e8;

/**
 * Whether two edges of the rings cross at a point inside both. Rings that touch do not. Edges are sought in a grid of at most as many cells
 * as there are edges, and no finer than edges are long; each in the rows that it runs through and the columns that it covers there.
 */
export function crossesItself(rings: Polygon): boolean {
  const edges = edgesOf(rings);
  const count = edges.length / 4;
  if (count < 4) return false;
  const { west, south, columns, rows, cellX, cellY } = gridOf(edges);
  const clamp = (value: number, size: number) => Math.max(0, Math.min(size - 1, Math.floor(value)));
  const cells = new Map<number, number[]>();
  let pairs = 0;
  for (let n = 0; n < count; n++) {
    const low = edges[4 * n + 1] <= edges[4 * n + 3] ? 4 * n : 4 * n + 2;
    const high = 8 * n + 2 - low;
    const lowX = edges[low];
    const lowY = edges[low + 1];
    const highX = edges[high];
    const highY = edges[high + 1];
    const first = clamp((lowY - south) / cellY, rows);
    const last = clamp((highY - south) / cellY, rows);
    const slope = highY === lowY ? 0 : (highX - lowX) / (highY - lowY);
    for (let row = first; row <= last; row++) {
      const from = row === first ? lowX : lowX + slope * (south + row * cellY - lowY);
      const to = row === last ? highX : lowX + slope * (south + (row + 1) * cellY - lowY);
      // A little more on either side: rounding must not hide a crossing.
      const left = clamp((Math.min(from, to) - west) / cellX - 1e-6, columns);
      const right = clamp((Math.max(from, to) - west) / cellX + 1e-6, columns);
      for (let column = left; column <= right; column++) {
        const key = row * columns + column;
        const here = cells.get(key);
        if (!here) cells.set(key, [n]);
        else {
          for (const other of here) if (cross(edges, n, other)) return true;
          pairs += here.length;
          if (pairs > MOST_PAIRS) return false;
          here.push(n);
        }
      }
    }
  }
  return false;
}

/** x and y of both ends, edge after edge. */
function edgesOf(rings: Polygon): Float64Array {
  const out = new Float64Array(4 * rings.reduce((sum, ring) => sum + Math.max(0, ring.length - 1), 0));
  let at = 0;
  for (const ring of rings)
    for (let i = 1; i < ring.length; i++, at += 4)
      out.set([ring[i - 1][0], ring[i - 1][1], ring[i][0], ring[i][1]], at);
  return out;
}

function gridOf(edges: Float64Array) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  let [runX, runY] = [0, 0];
  for (let i = 0; i < edges.length; i += 4) {
    west = Math.min(west, edges[i]);
    south = Math.min(south, edges[i + 1]);
    east = Math.max(east, edges[i]);
    north = Math.max(north, edges[i + 1]);
    runX += Math.abs(edges[i + 2] - edges[i]);
    runY += Math.abs(edges[i + 3] - edges[i + 1]);
  }
  const count = edges.length / 4;
  // How many mean edges fit across, scaled down together to as many cells as there are edges.
  const fits = [(count * (east - west)) / runX, (count * (north - south)) / runY].map((n) => (n > 1 ? n : 1));
  const scale = Math.min(1, Math.sqrt(count / (fits[0] * fits[1])));
  let [columns, rows] = fits.map((n) => Math.max(1, Math.floor(n * scale)));
  columns = Math.min(columns, count);
  rows = Math.min(rows, count);
  return { west, south, columns, rows, cellX: (east - west) / columns || 1, cellY: (north - south) / rows || 1 };
}

/** Ends on either side of the other, both ways. */
function cross(edges: Float64Array, p: number, q: number): boolean {
  const ax = edges[4 * p];
  const ay = edges[4 * p + 1];
  const bx = edges[4 * p + 2];
  const by = edges[4 * p + 3];
  const cx = edges[4 * q];
  const cy = edges[4 * q + 1];
  const dx = edges[4 * q + 2];
  const dy = edges[4 * q + 3];
  if (Math.max(ax, bx) < Math.min(cx, dx) || Math.max(cx, dx) < Math.min(ax, bx)) return false;
  if (Math.max(ay, by) < Math.min(cy, dy) || Math.max(cy, dy) < Math.min(ay, by)) return false;
  return (
    sideOf(ax, ay, bx, by, cx, cy) * sideOf(ax, ay, bx, by, dx, dy) < 0 &&
    sideOf(cx, cy, dx, dy, ax, ay) * sideOf(cx, cy, dx, dy, bx, by) < 0
  );
}

function sideOf(ax: number, ay: number, bx: number, by: number, px: number, py: number): number {
  const turn = (bx - ax) * (py - ay) - (px - ax) * (by - ay);
  // Within rounding of the line it is on it.
  const scale = (Math.abs(bx - ax) + Math.abs(by - ay)) * (Math.abs(px - ax) + Math.abs(py - ay));
  return Math.abs(turn) <= 1e-12 * scale ? 0 : Math.sign(turn);
}
