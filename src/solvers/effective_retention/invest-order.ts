/**
 * Effective retention with InVEST's quirk of order (invest-models.md section 6): blocks of 256 × 256 cells are scanned for seeds, which are
 * worked off last in, first out, upslope from there. A cell may be computed before one downslope of it, which then counts 0. Whole raster.
 */
import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { InputPlane } from '../../core/model.ts';
import type { RasterShape } from '../../core/solver.ts';
import { tilesOf, tilingOf } from '../../core/tiles.ts';
import { offsetsOf } from '../routing/directions.ts';
import { lowestDirection, lowestSide, nonZeroShares } from '../routing/share-bits.ts';
import { stepLengths } from './steps.ts';

const BLOCK = 256;

/** Retention of each cell, computed in float64; NODATA where it is not defined. */
export function retentionInOrder<P extends Float32Array | Float64Array>(
  inputs: Readonly<Record<string, InputPlane>>,
  shape: RasterShape,
  plane: P,
): P {
  const { direction, stream, efficiency, critical_length } = inputs;
  const { width, height } = shape;
  const steps = stepLengths(shape);
  // With a ring of cells around the raster, which wait for nothing and have no retention.
  const stride = width + 2;
  const offsets = Int32Array.from(offsetsOf(stride));
  const retention = new Float64Array(stride * (height + 2)).fill(NODATA);
  /** One bit for each direction that a cell still waits for. */
  const waiting = new Uint8Array(stride * (height + 2));
  for (let y = 0, i = 0; y < height; y++)
    for (let cell = (y + 1) * stride + 1, end = cell + width; cell < end; cell++, i++)
      if (direction[i] !== NODATA_CODE)
        for (let bits = nonZeroShares(direction[i]); bits !== 0; bits &= bits - 1)
          waiting[cell] |= 1 << lowestDirection(bits);

  const passed = new Float64Array(8);
  let passedOver = Number.NaN;
  const compute = (cell: number): number => {
    const i = (Math.floor(cell / stride) - 1) * width + (cell % stride) - 1;
    if (stream[i] === 1) return 0;
    const own = efficiency[i];
    const length = critical_length[i];
    if (own === NODATA || length === NODATA) return NODATA;
    if (length !== passedOver) {
      passedOver = length;
      for (let towards = 0; towards < 8; towards++)
        passed[towards] = length > 0 ? Math.exp((-5 * steps[towards]) / length) : 0;
    }
    const code = direction[i];
    let sum = 0;
    let shares = 0;
    for (let bits = nonZeroShares(code); bits !== 0; bits &= bits - 1) {
      const towards = lowestDirection(bits);
      const share = (code >>> (4 * towards)) & 15;
      shares += share;
      const below = retention[cell + offsets[towards]];
      if (below === NODATA) continue;
      const a = passed[towards];
      if (below === 0) sum += own * (1 - a) * share;
      else if (own > below) sum += (below * a + own * (1 - a)) * share;
      else sum += below * share;
    }
    return sum / shares;
  };

  let stack = new Uint32Array(1024);
  let top = 0;
  const push = (cell: number) => {
    if (top === stack.length) {
      const longer = new Uint32Array(2 * top);
      longer.set(stack);
      stack = longer;
    }
    stack[top++] = cell;
  };

  for (const block of tilesOf(tilingOf(shape, BLOCK))) {
    for (let y = block.y; y < block.y + block.height; y++)
      for (let cell = (y + 1) * stride + block.x + 1, end = cell + block.width; cell < end; cell++) {
        const before = waiting[cell];
        let left = before;
        for (let bits = before; bits !== 0; bits &= bits - 1) {
          const towards = lowestSide(bits);
          if (waiting[cell + offsets[towards]] === 0) left &= ~(1 << towards);
        }
        if (left === before) continue;
        waiting[cell] = left;
        push(cell);
      }
    while (top > 0) {
      const cell = stack[--top];
      retention[cell] = compute(cell);
      for (let side = 0; side < 8; side++) {
        const neighbour = cell + offsets[side];
        const bit = 1 << (side ^ 4);
        if (!(waiting[neighbour] & bit)) continue;
        waiting[neighbour] &= ~bit;
        if (waiting[neighbour] === 0) push(neighbour);
      }
    }
  }
  for (let y = 0; y < height; y++) {
    const from = (y + 1) * stride + 1;
    plane.set(retention.subarray(from, from + width), y * width);
  }
  return plane;
}
