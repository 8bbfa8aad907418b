/**
 * Effective retention with InVEST's quirk of order (invest-models.md section 6): blocks of 256 × 256 cells are scanned for seeds, which are
 * worked off last in, first out, upslope from there. A cell may be computed before one downslope of it, which then counts 0. Whole raster.
 */
import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { InputPlane } from '../../core/model-reference.ts';
import type { RasterShape } from '../../core/solver.ts';
import { tilesOf, tilingOf } from '../../core/tiles.ts';
import { offsetsOf } from '../routing/directions.ts';
import { directionsOf, lowestSide } from '../routing/share-bits.ts';
import { Passage } from './passage.ts';
import { stepLengths } from './steps.ts';

const BLOCK = 256;

/** Retention of each cell, computed in float64; NODATA where it is not defined. */
export function retentionInOrder<P extends Float32Array | Float64Array>(
  inputs: Readonly<Record<string, InputPlane>>,
  shape: RasterShape,
  plane: P,
): P {
  const { width, height } = shape;
  const walk = walkOf(inputs, shape);
  for (const block of tilesOf(tilingOf(shape, BLOCK))) {
    let seeds = 0;
    for (let y = block.y; y < block.y + block.height; y++) {
      const start = (y + 1) * walk.stride + block.x + 1;
      seeds = seedRow(walk, start, start + block.width, seeds);
    }
    climb(walk, seeds);
  }
  for (let y = 0; y < height; y++) {
    const from = (y + 1) * walk.stride + 1;
    plane.set(walk.retention.subarray(from, from + width), y * width);
  }
  return plane;
}

/** The raster in a ring of cells, which wait for nothing and have no retention. */
interface Walk {
  readonly inputs: Readonly<Record<string, InputPlane>>;
  readonly stride: number;
  readonly offsets: Int32Array;
  readonly retention: Float64Array;
  /** One bit for each direction that a cell still waits for. */
  readonly waiting: Uint8Array;
  readonly passage: Passage;
  stack: Uint32Array;
}

function walkOf(inputs: Walk['inputs'], shape: RasterShape): Walk {
  const { width, height } = shape;
  const { direction } = inputs;
  const stride = width + 2;
  const waiting = new Uint8Array(stride * (height + 2));
  for (let y = 0, i = 0; y < height; y++)
    for (let cell = (y + 1) * stride + 1, end = cell + width; cell < end; cell++, i++)
      if (direction[i] !== NODATA_CODE) waiting[cell] = directionsOf(direction[i]);
  return {
    ...{ inputs, stride, waiting },
    offsets: Int32Array.from(offsetsOf(stride)),
    retention: new Float64Array(stride * (height + 2)).fill(NODATA),
    passage: new Passage(stepLengths(shape)),
    stack: new Uint32Array(1024),
  };
}

/** Puts those cells on the stack that point to one which waits for nothing; gives how many are there. */
function seedRow(walk: Walk, start: number, end: number, top: number): number {
  const { waiting, offsets } = walk;
  for (let cell = start; cell < end; cell++) {
    const before = waiting[cell];
    let left = before;
    for (let bits = before; bits !== 0; bits &= bits - 1) {
      const towards = lowestSide(bits);
      if (waiting[cell + offsets[towards]] === 0) left &= ~(1 << towards);
    }
    if (left === before) continue;
    waiting[cell] = left;
    if (top === walk.stack.length) lengthen(walk);
    walk.stack[top++] = cell;
  }
  return top;
}

/** Works the stack off: a cell is computed, and cells above that wait for no other follow. */
function climb(walk: Walk, top: number): void {
  const { inputs, stride, offsets, retention, waiting, passage } = walk;
  const { direction, stream, efficiency, critical_length } = inputs;
  const { passed } = passage;
  let { stack } = walk;
  while (top > 0) {
    const cell = stack[--top];
    // One column less on each side, and one row.
    const i = cell - stride - 2 * ((cell / stride) | 0) + 1;
    const own = efficiency[i];
    const length = critical_length[i];
    if (stream[i] === 1) retention[cell] = 0;
    else if (own !== NODATA && length !== NODATA) {
      const over = passage.over(length);
      const code = direction[i];
      let sum = 0;
      let shares = 0;
      for (let bits = directionsOf(code); bits !== 0; bits &= bits - 1) {
        const towards = lowestSide(bits);
        const share = (code >>> (4 * towards)) & 15;
        shares += share;
        const below = retention[cell + offsets[towards]];
        if (below === NODATA) continue;
        const a = passed[over + towards];
        if (below === 0) sum += own * (1 - a) * share;
        else if (own > below) sum += (below * a + own * (1 - a)) * share;
        else sum += below * share;
      }
      retention[cell] = sum / shares;
    } else retention[cell] = NODATA;

    const [north, south] = [cell - stride, cell + stride];
    const above =
      ((waiting[cell + 1] >> 4) & 1) |
      ((waiting[north + 1] >> 4) & 2) |
      ((waiting[north] >> 4) & 4) |
      ((waiting[north - 1] >> 4) & 8) |
      ((waiting[cell - 1] << 4) & 16) |
      ((waiting[south - 1] << 4) & 32) |
      ((waiting[south] << 4) & 64) |
      ((waiting[south + 1] << 4) & 128);
    for (let sides = above; sides !== 0; sides &= sides - 1) {
      const side = lowestSide(sides);
      const neighbour = cell + offsets[side];
      const left = waiting[neighbour] & ~(1 << (side ^ 4));
      waiting[neighbour] = left;
      if (left !== 0) continue;
      if (top === stack.length) stack = lengthen(walk);
      stack[top++] = neighbour;
    }
  }
}

function lengthen(walk: Walk): Uint32Array {
  const longer = new Uint32Array(2 * walk.stack.length);
  longer.set(walk.stack);
  walk.stack = longer;
  return longer;
}
