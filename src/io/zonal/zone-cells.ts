/** The cells of polygon zones, each on its own, so that zones may overlap. */
import { bounds, type Grid } from '../../core/grid.ts';
import type { FeaturePolygons, Polygon } from '../vector/layer.ts';
import { type RasterizeOptions, rasterize } from '../vector/rasterize.ts';
import { type CellSpans, SpanList } from '../vector/rasterize-spans.ts';

/**
 * As `rasterize`; a zone so small that it holds no centre of a cell takes the cells under the rectangle around it, as in InVEST
 * (spec/invest-models section 0). None for zones beyond the grid.
 */
export function zoneCells(
  zones: readonly Pick<FeaturePolygons, 'polygons'>[],
  grid: Grid,
  options: RasterizeOptions = {},
): CellSpans[] {
  return zones.map(({ polygons }) => {
    const spans = rasterize(polygons, grid, options);
    return spans.columns.length > 0 || isBeyond(polygons, grid) ? spans : rectangleAround(polygons, grid);
  });
}

/** Whether no part of them lies in the grid; a rectangle around what lies beside the grid may still reach into it. */
function isBeyond(polygons: readonly Polygon[], grid: Grid): boolean {
  const { west, south, east, north } = bounds(grid);
  for (const ring of polygons.flat())
    for (const [x, y] of ring) if (x >= west && x <= east && y >= south && y <= north) return false;
  return rasterize(polygons, grid, { allTouched: true }).columns.length === 0;
}

function rectangleAround(polygons: readonly Polygon[], grid: Grid): CellSpans {
  const { west, north, cellWidth, cellHeight, width, height } = grid;
  let [xMin, xMax, yMin, yMax] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const ring of polygons.flat()) {
    for (const [x, y] of ring) {
      [xMin, xMax] = [Math.min(xMin, x), Math.max(xMax, x)];
      [yMin, yMax] = [Math.min(yMin, y), Math.max(yMax, y)];
    }
  }
  const list = new SpanList();
  const from = Math.max(0, Math.floor((xMin - west) / cellWidth));
  const to = Math.min(width, Math.ceil((xMax - west) / cellWidth));
  const last = Math.min(height, Math.ceil((north - yMin) / cellHeight));
  for (let row = Math.max(0, Math.floor((north - yMax) / cellHeight)); row < last; row++) list.add(row, from, to);
  return list.toSpans();
}
