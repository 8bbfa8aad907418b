/**
 * Recursions on the flow graph of a grid of any size: each tile is visited by a worker task that computes what has become ready and tells its
 * neighbours, and again when they told it something. What a tile keeps between visits lies in TileStates. Results do not depend on the order.
 */
import { allOf } from '../../core/all-of.ts';
import { EcofluxError } from '../../core/errors.ts';
import { curveOf } from '../../core/tile-curve.ts';
import { tileAt } from '../../core/tiles.ts';
import type { Values } from '../../core/values.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import { TileStates } from '../tile-states.ts';
import { flowsInCircles } from './flow-graph.ts';
import { OpenPlanes } from './open-planes.ts';
import { writePlanes } from './planes.ts';
import { type Kept, SharedMemory } from './shared-memory.ts';
import type { TileInput, TileOutput, VisitInput, VisitOutput } from './tile-visit.ts';
import { MOST_TOGETHER, VisitSchedule } from './visit-schedule.ts';

export interface Dataflow {
  /** The task of a visit: `visitTask` of a recursion. */
  readonly task: string;
  /** Planes that visits read. */
  readonly inputs: readonly string[];
  /** Frames of float64 that are kept of each tile. */
  readonly values: number;
  readonly params: Values;
}

const FLOAT64 = 8;
/** Per cell of a visit: marks twice, inbound, order, and outputs on their way. */
const VISIT_BYTES = 21;

/** @throws EcofluxError InvalidInput where water goes in a circle */
export async function runDataflow(request: SolveRequest, flow: Dataflow): Promise<SolveFacts> {
  const { tiling, pool, signal, outputs } = request;
  const perTile = tiling.tileWidth * tiling.tileHeight * (flow.values * FLOAT64 + flow.inputs.length * 4 + VISIT_BYTES);
  const perVisit = MOST_TOGETHER * perTile;
  const lanes = Math.min(lanesOf(request), Math.max(1, Math.floor(request.memory / 2 / perVisit)));
  const budget = Math.max(0, request.memory - lanes * perVisit);
  const memory = new SharedMemory({ limit: request.memory, collect: pool.collect });
  const planesOf = new OpenPlanes(request, flow.inputs, { budget: budget / 3, memory });
  const states = new TileStates<Kept>((2 / 3) * budget, request.openScratch, memory);
  const schedule = new VisitSchedule(tiling, curveOf(tiling));
  const waiting = new Map<number, number>();
  const wanted = Object.keys(outputs);
  let [visits, done] = [0, 0];

  const prepare = async (index: number): Promise<TileInput> => {
    const tile = tileAt(tiling, index);
    const before = waiting.get(index);
    const cells = (tile.width + 2) * (tile.height + 2);
    const arrivals = schedule.collect(index);
    const planes = await planesOf.take(tile);
    const kept =
      before === undefined
        ? [memory.take(cells), ...Array.from({ length: flow.values }, () => memory.take(cells * FLOAT64))]
        : await states.take(index);
    const [inbound, ...values] = kept.slice(0, 1 + flow.values);
    const last = before === undefined ? undefined : { marks: kept[1 + flow.values], waiting: before };
    return { tile, planes, values, inbound, marks: memory.take(cells), before: last, arrivals };
  };

  const finish = async ({ tile, planes, before }: TileInput, output: TileOutput): Promise<void> => {
    const { index } = tile;
    const kept = [output.inbound, ...output.values, output.marks];
    if (before) memory.give([before.marks]);
    if (!output.planes) {
      waiting.set(index, output.waiting);
      schedule.leaveOpen(index, (output.foreign ?? schedule.foreign(index)) - output.arrived);
      planesOf.put(tile, planes);
      await states.put(index, kept);
      return;
    }
    waiting.delete(index);
    states.drop(index);
    schedule.close(index);
    memory.give(kept);
    planesOf.drop(planes);
    await writePlanes(request, tile, output.planes);
    request.progress?.(++done, tiling.count);
  };

  const visit = async (indices: readonly number[]): Promise<void> => {
    const tiles = await allOf(indices.map(prepare));
    const input: VisitInput = { tiling, params: flow.params, wanted, tiles };
    const output = await pool.run<VisitInput, VisitOutput>(flow.task, input, { signal });
    visits++;
    schedule.deliver(output.letters);
    await allOf(tiles.map((tile, at) => finish(tile, output.tiles[at])));
  };

  try {
    await schedule.run(lanes, signal, visit);
  } finally {
    await states.close();
  }
  if (waiting.size > 0) throw flowsInCircles([...waiting.values()].reduce((sum, cells) => sum + cells, 0));
  return { tiles: tiling.count, visits, spilled_bytes: states.spilled };
}

/** Visits in flight: one more than workers, so that a tile is read while they compute. */
export function lanesOf({ pool }: Pick<SolveRequest, 'pool'>): number {
  return pool.size > 1 ? pool.size + 1 : 1;
}

/** An output that needs an optional input. */
export function requireInput(request: SolveRequest, output: string, input: string): void {
  if (request.outputs[output] && !request.inputs[input])
    throw new EcofluxError('Bug', `the output '${output}' was asked for without the input '${input}'`);
}
