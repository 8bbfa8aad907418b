/** Visits of a tile by the distance to stream, for worker threads: steps and weights at once, in float64. */
import { NODATA, type Plane } from '../../core/cells.ts';
import type { TaskTable } from '../../core/tasks.ts';
import { STEP } from '../routing/directions.ts';
import { lowestDirection, nonZeroShares } from '../routing/share-bits.ts';
import { withoutRing } from '../routing/tile-frame.ts';
import { type Computation, type Recursion, visitTask } from '../routing/tile-visit.ts';

const D8 = 0;
const STEPS = Float64Array.from(STEP);

/** The distances that are wanted, in the order in which their frames are kept. */
export function distancesOf(wanted: readonly string[]): readonly ('steps' | 'weighted')[] {
  return (['steps', 'weighted'] as const).filter((name) => wanted.includes(name));
}

const recursion: Recursion = {
  travel: 'upslope',
  atOnce: 'stream',
  compute(of, order) {
    const { planes, values, params } = of;
    const [own, other] = params.algorithm === D8 ? [1, 0] : [0, 1];
    const weight = planes.weight as Float32Array;
    if (values.length === 2) addBoth(of, order, values[0], values[1], weight, own, other);
    else if (of.wanted.includes('steps')) addSteps(of, order, values[0]);
    else addWeights(of, order, values[0], weight, own, other);
  },
  outputs({ frame, values, wanted }) {
    const { width, height } = frame.tile;
    const planes: Record<string, Plane> = {};
    for (const [index, name] of distancesOf(wanted).entries())
      planes[name] = withoutRing(frame, values[index], new Float32Array(width * height));
    return planes;
  },
};

function addSteps({ frame, codes, planes }: Computation, order: Uint32Array, distance: Float64Array): void {
  const { offsets } = frame;
  const stream = planes.stream as Uint32Array;
  for (let k = 0; k < order.length; k++) {
    const cell = order[k];
    if (stream[cell] === 1) {
      distance[cell] = 0;
      continue;
    }
    const code = codes[cell];
    let sum = 0;
    let shares = 0;
    for (let bits = nonZeroShares(code); bits !== 0; bits &= bits - 1) {
      const towards = lowestDirection(bits);
      const share = (code >>> (4 * towards)) & 15;
      const below = distance[cell + offsets[towards]];
      if (below === NODATA) continue;
      sum += share * (below + STEPS[towards]);
      shares += share;
    }
    if (shares > 0) distance[cell] = sum / shares;
  }
}

/** The weight of the cell itself counts `own` times, that of the cell downslope `other` times: one of them is 1 and the other 0. */
function addWeights(
  { frame, codes, planes }: Computation,
  order: Uint32Array,
  distance: Float64Array,
  weight: Float32Array,
  own: number,
  other: number,
): void {
  const { offsets } = frame;
  const stream = planes.stream as Uint32Array;
  for (let k = 0; k < order.length; k++) {
    const cell = order[k];
    if (stream[cell] === 1) {
      distance[cell] = 0;
      continue;
    }
    const code = codes[cell];
    let sum = 0;
    let shares = 0;
    for (let bits = nonZeroShares(code); bits !== 0; bits &= bits - 1) {
      const towards = lowestDirection(bits);
      const share = (code >>> (4 * towards)) & 15;
      const downslope = cell + offsets[towards];
      const below = distance[downslope];
      if (below === NODATA) continue;
      const added = weight[own * cell + other * downslope];
      sum += share * (below + (added === NODATA ? 0 : added));
      shares += share;
    }
    if (shares > 0) distance[cell] = sum / shares;
  }
}

/** The sums of `addSteps` and of `addWeights`, on one way. */
function addBoth(
  { frame, codes, planes }: Computation,
  order: Uint32Array,
  steps: Float64Array,
  weighted: Float64Array,
  weight: Float32Array,
  own: number,
  other: number,
): void {
  const { offsets } = frame;
  const stream = planes.stream as Uint32Array;
  for (let k = 0; k < order.length; k++) {
    const cell = order[k];
    if (stream[cell] === 1) {
      steps[cell] = weighted[cell] = 0;
      continue;
    }
    const code = codes[cell];
    let sumOfSteps = 0;
    let sumOfWeights = 0;
    let shares = 0;
    for (let bits = nonZeroShares(code); bits !== 0; bits &= bits - 1) {
      const towards = lowestDirection(bits);
      const share = (code >>> (4 * towards)) & 15;
      const downslope = cell + offsets[towards];
      const below = steps[downslope];
      if (below === NODATA) continue;
      const added = weight[own * cell + other * downslope];
      sumOfSteps += share * (below + STEPS[towards]);
      sumOfWeights += share * (weighted[downslope] + (added === NODATA ? 0 : added));
      shares += share;
    }
    if (shares === 0) continue;
    steps[cell] = sumOfSteps / shares;
    weighted[cell] = sumOfWeights / shares;
  }
}

export const distanceToStreamTasks: TaskTable = { measure_distance_to_stream: visitTask(recursion) };
