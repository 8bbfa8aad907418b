/** Polygons as a partition of the grid: each cell belongs to the first polygon that holds its centre, so that shares of zones add up to one. */
import { NODATA_CODE } from '../../core/cells.ts';
import type { Grid } from '../../core/grid.ts';
import { intersect } from '../../core/tiles.ts';
import { type CellSpans, forEachSpan, SpanList } from '../../io/vector/rasterize-spans.ts';

export interface Partition {
  /** By zone, apart from one another. */
  readonly cells: readonly CellSpans[];
  /** Cells that lie in polygons of more than one zone. */
  readonly shared: number;
}

/** Cells of the lines that are looked at at once. */
const STRIP = 2 ** 20;

/**
 * @param polygons cells of each, which may overlap
 * @param zoneOf zone of each polygon, from 0 to below `zones`
 * @param area nothing outside of it belongs to a zone
 */
export function partition(
  polygons: readonly CellSpans[],
  zoneOf: readonly number[],
  zones: number,
  { width, height }: Grid,
  area?: CellSpans,
): Partition {
  const lists = Array.from({ length: zones }, () => new SpanList());
  const rows = Math.max(1, Math.floor(STRIP / width));
  const plane = new Uint32Array(width * Math.min(rows, height));
  const twice = new Uint8Array(plane.length);
  let shared = 0;
  for (let y = 0; y < height; y += rows) {
    const strip = { x: 0, y, width, height: Math.min(rows, height - y) };
    plane.fill(NODATA_CODE);
    twice.fill(0);
    // The last first, so that the first is what remains.
    for (let i = polygons.length - 1; i >= 0; i--) {
      if (!intersect(strip, polygons[i].bounds)) continue;
      forEachSpan(polygons[i], strip, (row, from, to) => {
        const start = (row - y) * width;
        claim(plane, twice, zoneOf[i], start + from, start + to);
      });
    }
    const end = strip.height * width;
    const collect = (row: number, from: number, to: number) => {
      const start = (row - y) * width;
      for (let at = start + from; at < start + to; ) {
        const zone = plane[at];
        const first = at++;
        while (at < start + to && plane[at] === zone) at++;
        if (zone !== NODATA_CODE) lists[zone].add(row, first - start, at - start);
      }
      for (let at = start + from; at < start + to; at++) shared += twice[at];
    };
    if (area) forEachSpan(area, strip, collect);
    else for (let at = 0; at < end; at += width) collect(y + at / width, 0, width);
  }
  return { cells: lists.map((list) => list.toSpans()), shared };
}

function claim(plane: Uint32Array, twice: Uint8Array, zone: number, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    if (plane[at] !== NODATA_CODE && plane[at] !== zone) twice[at] = 1;
    plane[at] = zone;
  }
}
