/** What the numbers of the distance can hold: squares and indices in 32 bits, of which one value means nodata. */
import { EcofluxError } from '../../core/errors.ts';
import type { RasterShape } from '../../core/solver.ts';

const LARGEST = 0xfffffffe;

/** Whether every distance of the raster has a square that a plane can hold. */
export function anySquareFits({ width, height }: Pick<RasterShape, 'width' | 'height'>): boolean {
  return (width - 1) ** 2 + (height - 1) ** 2 <= LARGEST;
}

/** @throws EcofluxError OutOfCapacity */
export function checkIndices({ width, height }: RasterShape, outputs: readonly string[]): void {
  if (!outputs.includes('allocation') || width * height - 1 <= LARGEST) return;
  throw new EcofluxError('OutOfCapacity', 'the cells of the raster have no number in 32 bits', {
    found: `${width} × ${height} cells`,
    expected: `up to ${LARGEST + 1} cells for an allocation`,
    fix: 'use larger cells, or a part of the raster',
  });
}

/** @throws EcofluxError OutOfCapacity */
export function checkSquares(largest: number, outputs: readonly string[]): void {
  if (!outputs.includes('squared') || largest <= LARGEST) return;
  throw new EcofluxError('OutOfCapacity', 'a source is too far away', {
    found: `${Math.round(Math.sqrt(largest))} cells`,
    expected: 'up to 65535 cells',
    fix: 'use larger cells, or a part of the raster',
  });
}
