/** What the numbers of the distance can hold: squares and indices in 32 bits, of which one value means nodata. */
import { NODATA_CODE } from '../../core/cells.ts';
import { EcofluxError } from '../../core/errors.ts';
import type { RasterShape } from '../../core/solver.ts';
import { tilesOf } from '../../core/tiles.ts';
import type { SolveRequest } from '../solver.ts';

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

/**
 * @param largest of the squares, -1 without a source
 * @throws EcofluxError InvalidInput where there has to be a source, and cells are there but none is one
 */
export async function checkSources(largest: number, { params, inputs, tiling }: SolveRequest): Promise<void> {
  if (largest >= 0 || params.required !== 1) return;
  let some = false;
  for (const tile of tilesOf(tiling)) {
    const source = await inputs.source.read(tile);
    some = source.some((value) => value !== NODATA_CODE);
    if (some) break;
  }
  if (!some) return;
  throw new EcofluxError('InvalidInput', 'no cell is a source', {
    found: 'classes without one that is a source',
    expected: 'at least one cell of a class other than 0, or of the class that is named as source',
    fix: 'look at the classes of the raster, and whether it overlaps the grid',
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
