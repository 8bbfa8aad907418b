/** Visits of a tile by flow accumulation, for worker threads: up to three sums at once, in float64. */
import { NODATA, NODATA_CODE, type Plane } from '../../core/cells.ts';
import type { TaskTable } from '../../core/tasks.ts';
import type { Values } from '../../core/values.ts';
import { opposite, sumOfShares } from '../routing/directions.ts';
import { lowestSide } from '../routing/share-bits.ts';
import { type TileFrame, withoutRing } from '../routing/tile-frame.ts';
import { type Computation, type Recursion, visitTask } from '../routing/tile-visit.ts';
import { reachOf } from './reach.ts';

/** The sums that the wanted outputs need, in the order in which their frames are kept: the weight of each. */
export function sumsOf(wanted: readonly string[]): readonly ('cells' | 'weight' | 'weight_2')[] {
  const sums: ('cells' | 'weight' | 'weight_2')[] = [];
  if (wanted.includes('accumulation') || wanted.includes('reach')) sums.push('cells');
  if (wanted.includes('weighted')) sums.push('weight');
  if (wanted.includes('weighted_2')) sums.push('weight_2');
  return sums;
}

const SHIFT_TO_US = Int32Array.from({ length: 8 }, (_, side) => 4 * opposite(side));

const recursion: Recursion = {
  travel: 'downslope',
  compute(of, order) {
    const weights = sumsOf(of.wanted).map((name) => (name === 'cells' ? undefined : (of.planes[name] as Float32Array)));
    const { values } = of;
    if (values.length === 1) addOne(of, order, values[0], weights[0]);
    else if (values.length === 2) addTwo(of, order, values[0], values[1], weights[0], weights[1]);
    else addThree(of, order, values[0], values[1], values[2], weights[1]!, weights[2]!);
  },
  outputs({ frame, values, wanted, params }) {
    const { width, height } = frame.tile;
    const sums = sumsOf(wanted);
    const names = { cells: 'accumulation', weight: 'weighted', weight_2: 'weighted_2' };
    const planes: Record<string, Plane> = {};
    for (const [index, sum] of sums.entries())
      if (wanted.includes(names[sum]))
        planes[names[sum]] = withoutRing(frame, values[index], new Float32Array(width * height));
    if (wanted.includes('reach')) planes.reach = reachPlane(frame, values[0], params);
    return planes;
  },
};

function reachPlane({ tile, stride }: TileFrame, sums: Float64Array, params: Values): Uint32Array {
  const plane = new Uint32Array(tile.width * tile.height);
  for (let y = 0, i = 0; y < tile.height; y++)
    for (let cell = (y + 1) * stride + 1, end = cell + tile.width; cell < end; cell++, i++) {
      const sum = sums[cell];
      plane[i] = sum === NODATA ? NODATA_CODE : reachOf(sum, params);
    }
  return plane;
}

// acc(i) = weight(i), then + (acc(j) share) / sum for each upslope j in the order of directions: the same bits as the reference and devices.

type Weight = Float32Array | undefined;

function weightAt(weight: Weight, cell: number): number {
  if (weight === undefined) return 1;
  const value = weight[cell];
  return value === NODATA ? 0 : value;
}

function addOne({ frame, codes, inbound }: Computation, order: Uint32Array, a: Float64Array, weightA: Weight): void {
  const { offsets } = frame;
  for (let k = 0; k < order.length; k++) {
    const cell = order[k];
    let sumA = weightAt(weightA, cell);
    for (let sides = inbound[cell]; sides !== 0; sides &= sides - 1) {
      const side = lowestSide(sides);
      const upslope = cell + offsets[side];
      const code = codes[upslope];
      const share = (code >>> SHIFT_TO_US[side]) & 15;
      sumA += (a[upslope] * share) / sumOfShares(code);
    }
    a[cell] = sumA;
  }
}

function addTwo(
  { frame, codes, inbound }: Computation,
  order: Uint32Array,
  a: Float64Array,
  b: Float64Array,
  weightA: Weight,
  weightB: Weight,
): void {
  const { offsets } = frame;
  for (let k = 0; k < order.length; k++) {
    const cell = order[k];
    let sumA = weightAt(weightA, cell);
    let sumB = weightAt(weightB, cell);
    for (let sides = inbound[cell]; sides !== 0; sides &= sides - 1) {
      const side = lowestSide(sides);
      const upslope = cell + offsets[side];
      const code = codes[upslope];
      const share = (code >>> SHIFT_TO_US[side]) & 15;
      const shares = sumOfShares(code);
      sumA += (a[upslope] * share) / shares;
      sumB += (b[upslope] * share) / shares;
    }
    a[cell] = sumA;
    b[cell] = sumB;
  }
}

function addThree(
  { frame, codes, inbound }: Computation,
  order: Uint32Array,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  weightB: Float32Array,
  weightC: Float32Array,
): void {
  const { offsets } = frame;
  for (let k = 0; k < order.length; k++) {
    const cell = order[k];
    let sumA = 1;
    let sumB = weightAt(weightB, cell);
    let sumC = weightAt(weightC, cell);
    for (let sides = inbound[cell]; sides !== 0; sides &= sides - 1) {
      const side = lowestSide(sides);
      const upslope = cell + offsets[side];
      const code = codes[upslope];
      const share = (code >>> SHIFT_TO_US[side]) & 15;
      const shares = sumOfShares(code);
      sumA += (a[upslope] * share) / shares;
      sumB += (b[upslope] * share) / shares;
      sumC += (c[upslope] * share) / shares;
    }
    a[cell] = sumA;
    b[cell] = sumB;
    c[cell] = sumC;
  }
}

export const accumulationTasks: TaskTable = { accumulate_flow: visitTask(recursion) };
