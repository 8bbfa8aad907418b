/** What the stages of a visit are told about their tile. */
import type { Grid } from '../core/grid.ts';
import type { TileContext } from '../core/model-reference.ts';
import type { RasterShape } from '../core/solver.ts';
import type { Tile } from '../core/tiles.ts';

/** Where a tile lies in the grid, and how its planes are padded. */
export function tileContext(grid: Grid, halo: number, { x, y, width, height }: Tile): TileContext {
  const { width: gridWidth, height: gridHeight, cellWidth, cellHeight } = shapeOf(grid);
  return {
    width,
    height,
    pitch: width + 2 * halo,
    halo,
    x,
    y,
    gridWidth,
    gridHeight,
    cellWidth,
    cellHeight,
  };
}

/** The grid in cells and metres. */
export function shapeOf({ crs, width, height, cellWidth, cellHeight }: Grid): RasterShape {
  const metres = crs.metresPerUnit ?? 1;
  return { width, height, cellWidth: cellWidth * metres, cellHeight: cellHeight * metres };
}
