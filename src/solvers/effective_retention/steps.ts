/** Lengths of the steps to the eight neighbours, in metres. */
import type { RasterShape } from '../../core/solver.ts';
import { DIAGONAL, DX, DY } from '../routing/directions.ts';

export function stepLengths({ cellWidth, cellHeight }: Pick<RasterShape, 'cellWidth' | 'cellHeight'>): number[] {
  return DX.map((dx, direction) => {
    if (dx === 0) return cellHeight;
    if (DY[direction] === 0) return cellWidth;
    return cellWidth === cellHeight ? cellWidth * DIAGONAL : Math.hypot(cellWidth, cellHeight);
  });
}
