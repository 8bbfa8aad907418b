/**
 * From a graph to a list of named commands, purely: which stages share a visit to a tile (a pass), how the grid is cut, what each
 * command reads and writes, and what it costs. Whatever can be refused for want of memory is refused here.
 */
import { cellCount } from '../core/grid.ts';
import { type Tiling, tileAt, tilingOf } from '../core/tiles.ts';
import { type Costs, estimateSeconds, solveSeconds } from './costs.ts';
import type { Graph } from './graph.ts';
import { OPERATOR_SHARE, STORE_SHARE } from './memory-shares.ts';
import { type Pass, passesOf, recordsOf } from './passes.ts';
import { checkWholeRasters } from './solver-memory.ts';
import { BYTES, chooseTile, outputsOf, visitBytes } from './tile-choice.ts';

export { type Pass, passesOf, recordsOf } from './passes.ts';

/** What the planner has to know of the place where the plan will run. */
export interface Place {
  readonly kind: 'gpu' | 'cpu';
  /** Bytes of one storage binding; ignored on the CPU. */
  readonly maxBinding: number;
  readonly lanes: number;
  /** Sources in other grids are brought to this one on the device, where they can be. */
  readonly warps?: boolean;
}

export interface Budget {
  /** Bytes of host memory for tiles in flight and stored fields. */
  readonly host: number;
  /** Bytes of device memory. */
  readonly device: number;
  /** Cells per tile edge, instead of the planner's choice; or the shape of the tiles. */
  readonly tile?: number | { readonly width: number; readonly height: number };
}

/** Safe to run twice: it reads and writes what it names and nothing else. */
export interface Command {
  readonly name: string;
  /** `visit`: the stages of a pass on one tile. `merge`: partial records to a record. `solve`: a global operator over whole fields. */
  readonly kind: 'visit' | 'merge' | 'solve';
  readonly pass: number;
  readonly tile?: number;
  /** Fields (of a visit: the cells of its tile, with the pass's halo) and records. */
  readonly reads: readonly string[];
  /** Fields and records; the partial records of a reduction are "partials of" it. */
  readonly writes: readonly string[];
  /** Bytes over the bus (visit), read and written (solve) or none (merge). */
  readonly bytes: number;
  readonly seconds: number;
}

export interface Plan {
  readonly place: Place;
  readonly tiling: Tiling;
  readonly passes: readonly Pass[];
  readonly commands: readonly Command[];
  /** Visits under way at once. */
  readonly inFlight: number;
  readonly hostBytes: number;
  readonly deviceBytes: number;
  /** Most bytes of fields kept between passes at one time; what exceeds the budgets goes to scratch files. */
  readonly storeBytes: number;
  readonly scratchBytes: number;
  readonly seconds: number;
}

/** Of a cell, in an operator whose tiles all are in memory: planes, values of float64, marks. */
const OPERATOR_BYTES = 64;

export const STAGING_DEPTH = 3; // one tile going up, one computed, one coming back (gpu-algorithms.md section 10)

/** @throws EcofluxError OutOfCapacity, InvalidConfiguration (tile size); Bug for a graph that reads what nothing makes */
export function planGraph(graph: Graph, place: Place, budget: Budget, costs: Costs): Plan {
  const passes = passesOf(graph);
  checkWholeRasters(graph, budget.host);
  const inFlight = place.kind === 'gpu' ? STAGING_DEPTH : place.lanes + 1;
  const shape = chooseTile(graph, passes, place, budget, inFlight);
  const tiling = tilingOf(graph.grid, shape.width, shape.height);
  const commands = passes.flatMap((pass) => commandsOf(graph, pass, tiling, costs, place));
  const visits =
    Math.max(0, ...passes.map((pass) => visitBytes(graph, place, pass, shape))) * Math.min(inFlight, tiling.count);
  const storeBytes = mostKept(passes) * cellCount(graph.grid) * BYTES;
  const onDevice = place.kind === 'gpu' ? Math.min(storeBytes, budget.device / 2) : 0;
  const onHost = Math.min(storeBytes - onDevice, budget.host * STORE_SHARE);
  // Operators run when no visit is under way.
  const operators = passes.some(({ solves }) => solves.length > 0) ? budget.host * OPERATOR_SHARE : 0;
  return {
    place,
    tiling,
    passes,
    commands,
    inFlight,
    hostBytes: Math.max(visits, Math.min(operators, cellCount(graph.grid) * OPERATOR_BYTES)) + onHost,
    deviceBytes: place.kind === 'gpu' ? visits + onDevice : 0,
    storeBytes,
    scratchBytes: storeBytes - onDevice - onHost,
    seconds: commands.reduce((sum, command) => sum + command.seconds, 0),
  };
}

/** Most fields in the store at one time: while a pass runs, those it reads last and those it makes are there together. */
function mostKept(passes: readonly Pass[]): number {
  let [kept, most] = [0, 0];
  for (const { keeps, solved, drops } of passes) {
    kept += keeps.length + solved.length;
    most = Math.max(most, kept);
    kept -= drops.length;
  }
  return most;
}

function commandsOf({ grid }: Graph, pass: Pass, tiling: Tiling, costs: Costs, place: Place): Command[] {
  const outputs = outputsOf(pass);
  const moved = new Set([...pass.reads, ...outputs]).size;
  const reductions = pass.nodes.flatMap(({ record }) => (record === undefined ? [] : [record]));
  const reads = [...new Set([...pass.reads, ...pass.nodes.flatMap(({ params }) => recordsOf(params))])];
  const writes = [...outputs, ...reductions.map(partialsOf)];
  const visited = pass.nodes.length > 0 || pass.reads.length > 0;
  const visits = Array.from({ length: visited ? tiling.count : 0 }, (_, index): Command => {
    const { width, height } = tileAt(tiling, index);
    const cells = width * height;
    return {
      name: `pass ${pass.index} tile ${index}`,
      kind: 'visit',
      pass: pass.index,
      tile: index,
      reads,
      writes,
      bytes: moved * cells * BYTES,
      seconds: estimateSeconds(pass, cells, costs, place),
    };
  });
  const merge = (record: string, from: readonly string[]): Command => ({
    name: `merge ${record}`,
    kind: 'merge',
    pass: pass.index,
    reads: from,
    writes: [record],
    bytes: 0,
    seconds: 0,
  });
  return [
    ...visits,
    ...reductions.map((record) => merge(record, [partialsOf(record)])),
    ...pass.merges.map(({ record, from }) => merge(record, from)),
    ...pass.solves.map((node): Command => {
      const [from, to] = [Object.values(node.reads), Object.values(node.writes)];
      return {
        name: `solve ${node.name}`,
        kind: 'solve',
        pass: pass.index,
        reads: [...from, ...recordsOf(node.params)],
        writes: to,
        bytes: (from.length + to.length) * cellCount(grid) * BYTES,
        seconds: solveSeconds(cellCount(grid), costs),
      };
    }),
  ];
}

function partialsOf(record: string): string {
  return `partials of ${record}`;
}
