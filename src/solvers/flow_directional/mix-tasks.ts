/**
 * Visits of a tile that follow what comes from some zones down the flow, for the table of zones (flow.md section 5): beside what leaves a cell,
 * in quanta, how much of it is from each of them, in float64, gathered in the order of directions.
 */
import type { Plane } from '../../core/cells.ts';
import type { TaskTable } from '../../core/tasks.ts';
import { lowestSide, NO_CODE } from '../routing/share-bits.ts';
import { type Computation, type Recursion, visitTask } from '../routing/tile-visit.ts';
import { keptAfterStep, lostParts, sharedPart } from '../service-flow/quanta.ts';
import { type ZoneFlow, ZoneMatrix } from '../service-flow/zone-flows.ts';
import { balanceOf, flowPlanes, inflowTo, isValid, receives, spillOf, takesPart } from './cell.ts';

/** Zones that are followed at once. */
export const ZONES_AT_ONCE = 8;
/** The name under which visits give their sums. */
export const MIXES = 'mixes of the tile';
const ENDS = ['used', 'spill', 'lost'] as const;
const RECORD = 4;

/** What comes to the cell from each of the zones. */
const incoming = new Float64Array(ZONES_AT_ONCE);

function gatherMixes({ frame, codes, inbound, values }: Computation, cell: number, count: number): void {
  const [out] = values;
  incoming.fill(0);
  for (let sides = inbound[cell]; sides !== 0; sides &= sides - 1) {
    const side = lowestSide(sides);
    const upslope = cell + frame.offsets[side];
    if (out[upslope] === 0) continue;
    const share = sharedPart(out[upslope], codes[upslope], side ^ 4) / out[upslope];
    for (let k = 0; k < count; k++) incoming[k] += values[1 + k][upslope] * share;
  }
}

interface Passing {
  readonly inflow: number;
  readonly used: number;
  readonly sent: number;
  readonly out: number;
}

/** What happens to the amounts; `incoming` becomes the mix of what is sent. `onUse`: before that, with the share that is used. */
function passThrough(
  of: Computation,
  cell: number,
  count: number,
  loss: number,
  onUse?: (share: number) => void,
): Passing {
  const balance = balanceOf(of, cell);
  const inflow = of.codes[cell] === NO_CODE ? 0 : inflowTo(of, cell);
  if (inflow > 0) gatherMixes(of, cell, count);
  else incoming.fill(0);
  const used = Math.min(inflow, Math.max(0, -balance));
  const sent = Math.max(0, balance + inflow);
  if (used > 0) {
    onUse?.(used / inflow);
    const rest = (inflow - used) / inflow;
    for (let k = 0; k < count; k++) incoming[k] *= rest;
  }
  const { zones } = flowPlanes(of);
  if (balance > 0) for (let k = 0; k < count; k++) if (of.params[`zone_${k}`] === zones![cell]) incoming[k] += balance;
  return { inflow, used, sent, out: keptAfterStep(sent, loss) };
}

const recursion: Recursion = {
  travel: 'downslope',
  compute(of, order) {
    const { values, codes, params } = of;
    const planes = flowPlanes(of);
    const loss = lostParts(params.retention);
    for (let n = 0; n < order.length; n++) {
      const cell = order[n];
      for (let k = 0; k <= params.count; k++) values[k][cell] = 0;
      if (!receives(planes, codes, cell)) continue;
      const { sent, out } = passThrough(of, cell, params.count, loss);
      if (out === 0) continue;
      values[0][cell] = out;
      for (let k = 0; k < params.count; k++) values[1 + k][cell] = incoming[k] * (out / sent);
    }
  },
  outputs: (of) => ({ [MIXES]: sumsOf(of) }),
};

/** What of the zones was used, spilled and lost in the tile: records of zone, end, zone of the end, amount. */
function sumsOf(of: Computation): Plane {
  const { frame, params } = of;
  const { tile, stride } = frame;
  const planes = flowPlanes(of);
  const { zones } = planes;
  const loss = lostParts(params.retention);
  const matrix = new ZoneMatrix(params.total);
  for (let y = 1; y <= tile.height; y++)
    for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++) {
      if (!isValid(planes, cell) || !takesPart(planes, cell)) continue;
      const zone = zones![cell];
      const add = (as: (typeof ENDS)[number], to: number, share: number) => {
        for (let k = 0; k < params.count; k++)
          if (incoming[k] !== 0) matrix.add(params[`zone_${k}`], as, to, incoming[k] * share);
      };
      const { sent, out } = passThrough(of, cell, params.count, loss, (share) => add('used', zone, share));
      if (sent === 0) continue;
      if (out < sent) add('lost', NO_ZONE, (sent - out) / sent);
      const spill = spillOf(of, cell, out);
      if (spill > 0) add('spill', zone, spill / sent);
    }
  const records = matrix.flows().flatMap(({ from, as, to, amount }) => [from, ENDS.indexOf(as), to, amount]);
  return new Uint32Array(Float64Array.from(records).buffer);
}

/** Where what is lost went. */
const NO_ZONE = 0xffffffff;

export function flowsOf(plane: Uint32Array): ZoneFlow[] {
  const numbers = new Float64Array(plane.buffer, plane.byteOffset, plane.length / 2);
  return Array.from({ length: numbers.length / RECORD }, (_, n) => {
    const [from, end, to, amount] = numbers.subarray(n * RECORD, (n + 1) * RECORD);
    return { from, as: ENDS[end], to, amount };
  });
}

export const directionalMixTasks: TaskTable = { flow_directional_mix: visitTask(recursion) };
