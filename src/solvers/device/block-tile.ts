/** What kernels are told of a block of cells, whose planes may reach beyond it. */
import type { Window } from '../../core/grid.ts';
import type { RasterShape } from '../../core/solver.ts';
import type { TileValues } from '../../gpu/uniforms.ts';

/** `pitch`: numbers per row of what is reached. */
export function blockTile(shape: RasterShape, { x, y, width, height }: Window, pitch: number): TileValues {
  return {
    width,
    height,
    pitch,
    halo: 0,
    plane: width * height,
    x,
    y,
    grid_width: shape.width,
    grid_height: shape.height,
    cell_width: shape.cellWidth,
    cell_height: shape.cellHeight,
  };
}
