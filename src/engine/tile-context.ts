/** What the stages of a visit are told about their tile. */
import type { Grid } from '../core/grid.ts';
import type { TileContext } from '../core/model.ts';
import type { Tile } from '../core/tiles.ts';

/** Where a tile lies in the grid, and how its planes are padded. */
export function tileContext(grid: Grid, halo: number, { x, y, width, height }: Tile): TileContext {
  const metres = grid.crs.metresPerUnit ?? 1;
  return {
    width,
    height,
    pitch: width + 2 * halo,
    halo,
    x,
    y,
    gridWidth: grid.width,
    gridHeight: grid.height,
    cellWidth: grid.cellWidth * metres,
    cellHeight: grid.cellHeight * metres,
  };
}
