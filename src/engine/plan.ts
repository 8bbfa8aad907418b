/**
 * From a graph to a list of named commands, purely: which stages share a visit to a tile (a pass), how the grid is cut, what each
 * command reads and writes, and what it costs. Whatever can be refused for want of memory is refused here.
 */
import { EcofluxError } from '../core/errors.ts';
import { cellCount } from '../core/grid.ts';
import { type Tiling, tileAt, tilingOf } from '../core/tiles.ts';
import { type Costs, estimateSeconds } from './costs.ts';
import type { Graph, GraphNode, MergeNode, Param, StageNode } from './graph.ts';

/** What the planner has to know of the place where the plan will run. */
export interface Place {
  readonly kind: 'gpu' | 'cpu';
  /** Bytes of one storage binding; ignored on the CPU. */
  readonly maxBinding: number;
  readonly lanes: number;
}

export interface Budget {
  /** Bytes of host memory for tiles in flight and stored fields. */
  readonly host: number;
  /** Bytes of device memory. */
  readonly device: number;
  /** Cells per tile edge, instead of the planner's choice. */
  readonly tile?: number;
}

/** Stages that run on a tile while it is resident, in one submit. */
export interface Pass {
  readonly index: number;
  readonly nodes: readonly StageNode[];
  readonly merges: readonly MergeNode[];
  /** Cells of padding around each plane. */
  readonly halo: number;
  /** Fields that enter: from sources, or from the store. */
  readonly reads: readonly string[];
  /** Fields made here that later passes read. */
  readonly keeps: readonly string[];
  /** Fields that become files in this pass. */
  readonly sinks: readonly string[];
  /** Planes resident during a visit. */
  readonly planes: number;
}

export interface Command {
  readonly name: string;
  readonly kind: 'visit' | 'merge';
  readonly pass: number;
  readonly tile?: number;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Bytes over the bus (visit) or none (merge). */
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
  /** Bytes of fields kept between passes; what exceeds the budget goes to scratch files. */
  readonly storeBytes: number;
  readonly scratchBytes: number;
  readonly seconds: number;
}

const BYTES = 4; // every plane of the engine has four bytes per cell
const DEFAULT_EDGE = 1024; // 4 MiB a plane: large beside the cost of a dispatch, small beside 128 MiB and a worker's share
const SMALLEST_EDGE = 64;
const BLOCK = 512; // of the files written; tiles that are multiples of it never share a block
export const STAGING_DEPTH = 3; // one tile going up, one computed, one coming back (gpu-algorithms.md section 10)

export function planGraph(graph: Graph, place: Place, budget: Budget, costs: Costs): Plan {
  const passes = passesOf(graph);
  const inFlight = place.kind === 'gpu' ? STAGING_DEPTH : place.lanes + 1;
  const { width, height } = chooseTile(graph, passes, place, budget, inFlight);
  const tiling = tilingOf(graph.grid, width, height);
  const commands = passes.flatMap((pass) => commandsOf(pass, tiling, costs, place));
  const visit = Math.max(...passes.map((pass) => visitBytes(pass, width, height)));
  const storeBytes = passes.reduce((sum, pass) => sum + pass.keeps.length, 0) * cellCount(graph.grid) * BYTES;
  const concurrent = Math.min(inFlight, tiling.count);
  return {
    place,
    tiling,
    passes,
    commands,
    inFlight,
    hostBytes: visit * concurrent + Math.min(storeBytes, budget.host / 2),
    deviceBytes: place.kind === 'gpu' ? visit * concurrent + Math.min(storeBytes, budget.device / 2) : 0,
    storeBytes,
    scratchBytes: Math.max(0, storeBytes - budget.host / 2),
    seconds: commands.reduce((sum, command) => sum + command.seconds, 0),
  };
}

/**
 * A stage joins the earliest visit at which everything it reads is at hand. A window reaches into neighbouring tiles, so what it
 * looks at must be complete: made in an earlier pass. So must a record, which needs every tile.
 */
export function passesOf(graph: Graph): Pass[] {
  const madeIn = new Map<string, number>();
  const foundIn = new Map<string, number>();
  const levels: { nodes: StageNode[]; merges: MergeNode[] }[] = [];
  for (const node of graph.nodes) {
    const level = levelOf(node, madeIn, foundIn);
    levels[level] ??= { nodes: [], merges: [] };
    if (node.kind === 'merge') levels[level].merges.push(node);
    else levels[level].nodes.push(node);
    if (node.record) foundIn.set(node.record, level);
    if (node.kind !== 'merge') for (const field of Object.values(node.writes)) madeIn.set(field, level);
  }
  const orphans = [...graph.sinks].filter((field) => graph.fields.get(field)!.source);
  if (orphans.length > 0) levels[0] ??= { nodes: [], merges: [] };
  return levels.map((level, index) => passOf(graph, index, levels, madeIn, index === 0 ? orphans : [], level.merges));
}

function levelOf(node: GraphNode, madeIn: ReadonlyMap<string, number>, foundIn: ReadonlyMap<string, number>): number {
  if (node.kind === 'merge') return Math.max(...node.from.map((record) => foundIn.get(record)!));
  const wait = node.kind === 'focal' ? 1 : 0;
  const fields = Object.values(node.reads).map((field) => (madeIn.has(field) ? madeIn.get(field)! + wait : 0));
  const records = recordsOf(node.params).map((record) => foundIn.get(record)! + 1);
  return Math.max(0, ...fields, ...records);
}

export function recordsOf(params: Readonly<Record<string, Param>>): string[] {
  return Object.values(params).flatMap((param) => (typeof param === 'number' ? [] : [param.record]));
}

function passOf(
  graph: Graph,
  index: number,
  levels: readonly { nodes: StageNode[] }[],
  madeIn: ReadonlyMap<string, number>,
  sourcesWanted: readonly string[],
  merges: readonly MergeNode[],
): Pass {
  const { nodes } = levels[index];
  const made = new Set(nodes.flatMap((node) => Object.values(node.writes)));
  const reads = new Set([...sourcesWanted, ...nodes.flatMap((node) => Object.values(node.reads))].filter((field) => !made.has(field)));
  const later = new Set(levels.slice(index + 1).flatMap(({ nodes: those }) => those.flatMap((node) => Object.values(node.reads))));
  return {
    index,
    nodes,
    merges,
    halo: Math.max(0, ...nodes.map(({ halo }) => halo)),
    reads: [...reads],
    keeps: [...made].filter((field) => later.has(field)),
    sinks: [...[...graph.sinks].filter((field) => madeIn.get(field) === index), ...sourcesWanted],
    planes: reads.size + made.size,
  };
}

/** Bytes that one visit holds: its planes, and those that come back. */
function visitBytes(pass: Pass, width: number, height: number): number {
  const padded = (width + 2 * pass.halo) * (height + 2 * pass.halo);
  return (pass.planes + new Set([...pass.sinks, ...pass.keeps]).size) * padded * BYTES;
}

function chooseTile(graph: Graph, passes: readonly Pass[], place: Place, budget: Budget, inFlight: number) {
  const { grid } = graph;
  const fits = (width: number, height: number) => {
    const visit = Math.max(...passes.map((pass) => visitBytes(pass, width, height)));
    const packed = Math.max(...passes.map((pass) => packBytes(pass, width, height)));
    const concurrent = Math.min(inFlight, Math.ceil(grid.width / width) * Math.ceil(grid.height / height));
    const hostFits = visit * concurrent <= budget.host / 2;
    return hostFits && (place.kind === 'cpu' || (packed <= place.maxBinding && visit * concurrent <= budget.device / 2));
  };
  if (budget.tile !== undefined) {
    const width = Math.min(budget.tile, grid.width);
    const height = Math.min(budget.tile, grid.height);
    if (!fits(width, height)) throw tooLarge(`a tile of ${budget.tile} cells`, passes, width, height, inFlight, budget);
    return { width, height };
  }
  for (const shape of shapes(graph, place)) if (fits(shape.width, shape.height)) return shape;
  const edge = Math.min(SMALLEST_EDGE, grid.width, grid.height);
  throw tooLarge('even the smallest tile', passes, edge, edge, inFlight, budget);
}

/** Shapes to try, the best first: whole strips where files are stored in strips, squares otherwise, then ever smaller ones. */
function* shapes({ grid, fields }: Graph, place: Place): Generator<{ width: number; height: number }> {
  const sources = [...fields.values()].flatMap((field) => (field.source ? [field.source] : []));
  const strips = sources.some(({ blockWidth, blockHeight }) => blockWidth >= grid.width && blockWidth > 4 * blockHeight);
  const shape = (width: number, height: number) => ({ width: Math.min(width, grid.width), height: Math.min(height, grid.height) });
  if (strips && grid.width > DEFAULT_EDGE)
    for (let rows = BLOCK; rows >= 16; rows /= 2) if (grid.width * rows <= 4 * DEFAULT_EDGE ** 2) yield shape(grid.width, rows);
  // Worker threads share a small grid only if there are tiles for all of them.
  const enough = place.kind === 'cpu' ? 4 * place.lanes : 1;
  for (let edge = DEFAULT_EDGE; edge >= SMALLEST_EDGE; edge /= 2)
    if (edge === SMALLEST_EDGE || Math.ceil(grid.width / edge) * Math.ceil(grid.height / edge) >= enough) yield shape(edge, edge);
}

/** Bytes of the largest binding: planes packed in one buffer. */
function packBytes(pass: Pass, width: number, height: number): number {
  const most = Math.max(1, ...pass.nodes.map((node) => Object.keys(node.writes).length));
  return most * (width + 2 * pass.halo) * (height + 2 * pass.halo) * BYTES;
}

function tooLarge(what: string, passes: readonly Pass[], width: number, height: number, inFlight: number, budget: Budget) {
  const need = 2 * inFlight * Math.max(...passes.map((pass) => visitBytes(pass, width, height)));
  return new EcofluxError('OutOfCapacity', `${what} does not fit in memory`, {
    expected: `a budget of at least ${Math.ceil(need / 1e6)} MB`,
    found: `${Math.floor(Math.min(budget.host, budget.device) / 1e6)} MB`,
    fix: 'raise --memory (and --device-memory), or choose a smaller --tile',
  });
}

function commandsOf(pass: Pass, tiling: Tiling, costs: Costs, place: Place): Command[] {
  const visits = Array.from({ length: tiling.count }, (_, index): Command => {
    const { width, height } = tileAt(tiling, index);
    const cells = width * height;
    const moved = new Set([...pass.reads, ...pass.sinks, ...pass.keeps]).size;
    return {
      name: `pass ${pass.index} tile ${index}`,
      kind: 'visit',
      pass: pass.index,
      tile: index,
      reads: pass.reads,
      writes: [...new Set([...pass.sinks, ...pass.keeps])],
      bytes: moved * cells * BYTES,
      seconds: estimateSeconds(pass, cells, costs, place),
    };
  });
  const merges = pass.merges.map(
    (node): Command => ({ name: `merge ${node.record}`, kind: 'merge', pass: pass.index, reads: node.from, writes: [node.record], bytes: 0, seconds: 0 }),
  );
  return [...visits, ...merges];
}
