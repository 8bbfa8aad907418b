/** How large the tiles are: what fits the budgets and the bindings of the place, the best shape first. Pure. */
import { EcofluxError } from '../core/errors.ts';
import type { Graph } from './graph.ts';
import type { Pass } from './passes.ts';
import type { Budget, Place } from './plan.ts';

export const BYTES = 4; // every plane of the engine has four bytes per cell

const DEFAULT_EDGE = 1024; // 4 MiB a plane: large beside the cost of a dispatch, small beside 128 MiB and a worker's share
const SMALLEST_EDGE = 64;
const BLOCK = 512; // of the files written; tiles that are multiples of it never share a block
// Half of each budget is for tiles in flight, half for stored fields.
const SHARE = 0.5;

interface Shape {
  readonly width: number;
  readonly height: number;
}

/** Bytes that one visit holds: its planes, and a staging buffer for each that goes up or comes back. */
export function visitBytes(pass: Pass, { width, height }: Shape): number {
  return (pass.planes + pass.reads.length + outputsOf(pass).length) * paddedBytes(pass, width, height);
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
  const obstacle = (shape: Shape) => obstacleTo(shape, grid, passes, place, budget, inFlight);
  if (budget.tile !== undefined) {
    if (!Number.isInteger(budget.tile) || budget.tile < 1)
      throw new EcofluxError('InvalidConfiguration', 'the tile size makes no sense', {
        found: `${budget.tile}`,
        expected: 'a whole number of cells, at least 1',
      });
    const shape = cut({ width: budget.tile, height: budget.tile });
    const against = obstacle(shape);
    if (against) throw tooLarge(`a tile of ${budget.tile} cells`, against);
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
  const strips = sources.some(
    ({ blockWidth, blockHeight }) => blockWidth >= grid.width && blockWidth > 4 * blockHeight,
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
  grid: Shape,
  passes: readonly Pass[],
  place: Place,
  budget: Budget,
  inFlight: number,
): Obstacle | undefined {
  const visit = Math.max(0, ...passes.map((pass) => visitBytes(pass, { width, height })));
  const tiles = Math.ceil(grid.width / width) * Math.ceil(grid.height / height);
  const need = (visit * Math.min(inFlight, tiles)) / SHARE;
  if (need > budget.host) return { what: 'memory', need, have: budget.host };
  if (place.kind === 'cpu') return undefined;
  if (need > budget.device) return { what: 'device memory', need, have: budget.device };
  const bound = Math.max(0, ...passes.map((pass) => bindingBytes(pass, width, height)));
  return bound > place.maxBinding ? { what: 'binding', need: bound, have: place.maxBinding } : undefined;
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
