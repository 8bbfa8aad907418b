/**
 * MFD streams in the order in which InVEST walks (invest-models.md section 4.5): outlets in the order of a scan by blocks of 256 × 256 cells,
 * each followed upslope first in, first out, before the next. A cell at the threshold confirms the provisional ones downslope of it that are
 * marked by then. Whole raster.
 */
import { NODATA_CODE } from '../../core/cells.ts';
import type { InputPlane } from '../../core/model-reference.ts';
import type { RasterShape } from '../../core/solver.ts';
import { tilesOf, tilingOf } from '../../core/tiles.ts';
import { offsetsOf } from '../routing/directions.ts';
import { lowestDirection, nonZeroShares } from '../routing/share-bits.ts';

const BLOCK = 256;
const STREAM = 1;
const PROVISIONAL = 2;
/** Beyond the raster, or without a direction. */
const OUTSIDE = 4;

/** 1 on streams, 0 elsewhere, 2 where a mark was never confirmed, 4 without a direction. */
export function streamsInOrder(
  { direction, reach }: Readonly<Record<'direction' | 'reach', InputPlane>>,
  { width, height }: RasterShape,
): Uint8Array {
  // With a ring of cells around the raster.
  const stride = width + 2;
  const offsets = Int32Array.from(offsetsOf(stride));
  const marks = new Uint8Array(stride * (height + 2)).fill(OUTSIDE);
  const planeIndex = (cell: number) => (Math.floor(cell / stride) - 1) * width + (cell % stride) - 1;
  for (let y = 0, i = 0; y < height; y++)
    for (let cell = (y + 1) * stride + 1, end = cell + width; cell < end; cell++, i++)
      if (direction[i] !== NODATA_CODE) marks[cell] = 0;

  const isOutlet = (cell: number, code: number): boolean => {
    for (let bits = nonZeroShares(code); bits !== 0; bits &= bits - 1)
      if (marks[cell + offsets[lowestDirection(bits)]] === OUTSIDE) return true;
    return false;
  };

  const confirmBelow = (start: number): void => {
    const stack = [start];
    for (let cell = stack.pop(); cell !== undefined; cell = stack.pop())
      for (let bits = nonZeroShares(direction[planeIndex(cell)]); bits !== 0; bits &= bits - 1) {
        const below = cell + offsets[lowestDirection(bits)];
        if (marks[below] !== PROVISIONAL) continue;
        marks[below] = STREAM;
        stack.push(below);
      }
  };

  const follow = (outlet: number): void => {
    marks[outlet] = STREAM;
    const queue = [outlet];
    for (let next = 0; next < queue.length; next++)
      for (let side = 0; side < 8; side++) {
        const above = queue[next] + offsets[side];
        if (marks[above] !== 0 && marks[above] !== PROVISIONAL) continue;
        const i = planeIndex(above);
        if (!((direction[i] >>> (4 * (side ^ 4))) & 15)) continue;
        if (reach[i] >= 2) {
          marks[above] = STREAM;
          queue.push(above);
          confirmBelow(above);
        } else if (reach[i] === 1 && marks[above] === 0) {
          marks[above] = PROVISIONAL;
          queue.push(above);
        }
      }
  };

  for (const block of tilesOf(tilingOf({ width, height }, BLOCK)))
    for (let y = block.y; y < block.y + block.height; y++) {
      const shift = (y + 1) * stride + 1 - y * width;
      for (let i = y * width + block.x, end = i + block.width; i < end; i++)
        if (reach[i] >= 2 && marks[i + shift] === 0 && isOutlet(i + shift, direction[i])) follow(i + shift);
    }
  const plane = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y + 1) * stride + 1;
    plane.set(marks.subarray(from, from + width), y * width);
  }
  return plane;
}
