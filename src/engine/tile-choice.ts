/** How large the tiles are: what fits the budgets and the bindings of the place, the best shape first. Pure. */
import { EcofluxError } from '../core/errors.ts';
import { MOST_HELD_CELLS } from '../io/warp/held.ts';
import type { Graph } from './graph.ts';
import type { Pass } from './passes.ts';
import type { Budget, Place } from './plan.ts';

export const BYTES = 4; // every plane of the engine has four bytes per cell

const DEFAULT_EDGE = 1024; // 4 MiB a plane: large beside the cost of a dispatch, small beside 128 MiB and a worker's share
const SMALLEST_EDGE = 64;
const BLOCK = 512; // of the files written; tiles that are multiples of it never share a block
/** Of a row of blocks: a float64 and a count for each four cells, on the first level and half of it on each further one. */
const QUARTERS = 1.5;
// Half of each budget is for tiles in flight, half for stored fields.
const SHARE = 0.5;

interface Shape {
  readonly width: number;
  readonly height: number;
}

/**
 * Bytes that one visit holds: its planes, a staging buffer for each that goes up or comes back, and the cells of sources in other grids from
 * which planes are made.
 */
export function visitBytes(graph: Graph, place: Place, pass: Pass, shape: Shape): number {
  const { width, height } = shape;
  const planes = pass.planes + pass.reads.length + outputsOf(pass).length;
  return planes * paddedBytes(pass, width, height) + heldBytes(graph, place, pass, shape);
}

/** Source cells of all planes that a device makes, there and on the way; of those that workers make, a worker's share of one at a time. */
function heldBytes({ fields, sinks }: Graph, place: Place, pass: Pass, { width, height }: Shape): number {
  let [onDevice, inWorkers] = [0, 0];
  for (const name of pass.reads) {
    const { sourceCellsPerCell = 0, warpsOnDevice = false } = fields.get(name)!.source ?? {};
    const bytes = Math.ceil(sourceCellsPerCell * paddedBytes(pass, width, height));
    if (place.warps && warpsOnDevice && !sinks.has(name)) onDevice += 2 * bytes;
    else inWorkers = Math.max(inWorkers, Math.min(bytes, MOST_HELD_CELLS * BYTES));
  }
  return onDevice + inWorkers;
}

/** What leaves a visit: for files, for the store, or for both. */
export function outputsOf(pass: Pass): string[] {
  return [...new Set([...pass.sinks, ...pass.keeps])];
}

/**
 * @throws EcofluxError OutOfCapacity where no tile fits, or not the one asked for; InvalidConfiguration for an edge that is none
 */
export function chooseTile(
  graph: Graph,
  passes: readonly Pass[],
  place: Place,
  budget: Budget,
  inFlight: number,
): Shape {
  const { grid } = graph;
  const cut = ({ width, height }: Shape) => ({
    width: Math.min(width, grid.width),
    height: Math.min(height, grid.height),
  });
  const obstacle = (shape: Shape) => obstacleTo(shape, graph, passes, place, budget, inFlight);
  if (budget.tile !== undefined) {
    const { tile } = budget;
    const wanted = typeof tile === 'number' ? { width: tile, height: tile } : tile;
    const edges = typeof tile === 'number' ? `${tile}` : `${tile.width} × ${tile.height}`;
    if (!Object.values(wanted).every((edge) => Number.isInteger(edge) && edge >= 1))
      throw new EcofluxError('InvalidConfiguration', 'the tile size makes no sense', {
        found: edges,
        expected: 'a whole number of cells, at least 1',
      });
    const shape = cut(wanted);
    const against = obstacle(shape);
    if (against) throw tooLarge(`a tile of ${edges} cells`, against);
    return shape;
  }
  let against: Obstacle | undefined;
  for (const wanted of shapes(graph, place)) {
    const shape = cut(wanted);
    against = obstacle(shape);
    if (!against) return shape;
  }
  throw tooLarge('even the smallest tile', against!);
}

/** Whole strips where files are stored in strips, squares otherwise, then ever smaller ones. */
function* shapes({ grid, fields }: Graph, place: Place): Generator<Shape> {
  const sources = [...fields.values()].flatMap((field) => (field.source ? [field.source] : []));
  // Strips of a raster in another grid lie across this one's rows, or are no rows of it at all.
  const strips = sources.some(
    ({ blockWidth, blockHeight, sourceCellsPerCell }) =>
      sourceCellsPerCell === undefined && blockWidth >= grid.width && blockWidth > 4 * blockHeight,
  );
  if (strips && grid.width > DEFAULT_EDGE)
    for (let height = BLOCK; height >= 16; height /= 2)
      if (grid.width * height <= 4 * DEFAULT_EDGE ** 2) yield { width: grid.width, height };
  // Worker threads share a small grid only if there are tiles for all of them.
  const enough = place.kind === 'cpu' ? 4 * place.lanes : 1;
  for (let edge = DEFAULT_EDGE; edge >= SMALLEST_EDGE; edge /= 2)
    if (edge === SMALLEST_EDGE || Math.ceil(grid.width / edge) * Math.ceil(grid.height / edge) >= enough)
      yield { width: edge, height: edge };
}

interface Obstacle {
  readonly what: 'memory' | 'device memory' | 'binding';
  readonly need: number;
  readonly have: number;
}

function obstacleTo(
  { width, height }: Shape,
  graph: Graph,
  passes: readonly Pass[],
  place: Place,
  budget: Budget,
  inFlight: number,
): Obstacle | undefined {
  const { grid } = graph;
  const visit = Math.max(0, ...passes.map((pass) => visitBytes(graph, place, pass, { width, height })));
  const tiles = Math.ceil(grid.width / width) * Math.ceil(grid.height / height);
  const need = (visit * Math.min(inFlight, tiles)) / SHARE;
  const host = need + waitingBytes({ width, height }, grid, passes);
  if (host > budget.host) return { what: 'memory', need: host, have: budget.host };
  if (place.kind === 'cpu') return undefined;
  if (need > budget.device) return { what: 'device memory', need, have: budget.device };
  const bound = Math.max(0, ...passes.map((pass) => bindingBytes(pass, width, height)));
  return bound > place.maxBinding ? { what: 'binding', need: bound, have: place.maxBinding } : undefined;
}

/**
 * What waits in the writers of files where tiles are whole strips: blocks for the rest of their rows, and quarters of overviews, each level
 * a row of half as many. Squares are visited along a curve, and next to nothing waits.
 */
function waitingBytes({ width, height }: Shape, grid: Shape, passes: readonly Pass[]): number {
  if (width < grid.width || height >= grid.height || grid.width <= DEFAULT_EDGE) return 0;
  const files = Math.max(0, ...passes.map(({ sinks }) => sinks.length));
  const row = Math.ceil(grid.width / BLOCK) * BLOCK ** 2 * BYTES;
  return files * row * (height % BLOCK === 0 ? QUARTERS : 1 + QUARTERS);
}

function tooLarge(tile: string, { what, need, have }: Obstacle): EcofluxError {
  if (what === 'binding')
    return new EcofluxError('OutOfCapacity', `${tile} has planes larger than the device can bind`, {
      found: `${Math.ceil(need / 1e6)} MB`,
      expected: `at most ${Math.floor(have / 1e6)} MB`,
      fix: 'choose a smaller --tile',
    });
  return new EcofluxError('OutOfCapacity', `${tile} does not fit in ${what}`, {
    expected: `a budget of at least ${Math.ceil(need / 1e6)} MB`,
    found: `${Math.floor(have / 1e6)} MB`,
    fix: `raise ${what === 'memory' ? '--memory' : '--device-memory'}, or choose a smaller --tile`,
  });
}

/** Bytes of the largest binding: planes packed in one buffer. */
function bindingBytes(pass: Pass, width: number, height: number): number {
  const most = Math.max(1, ...pass.nodes.map((node) => Object.keys(node.writes).length));
  return most * paddedBytes(pass, width, height);
}

function paddedBytes({ halo }: Pass, width: number, height: number): number {
  return (width + 2 * halo) * (height + 2 * halo) * BYTES;
}
