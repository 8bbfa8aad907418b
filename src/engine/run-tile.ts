/** Whatever one tile needs in a pass: its visit, its files, or nothing where an earlier run or the study area has settled it. */
import { allOf } from '../core/all-of.ts';
import { allocatePlane, nodataOf } from '../core/cells.ts';
import { EcofluxError, throwIfAborted } from '../core/errors.ts';
import type { TileContext } from '../core/model-reference.ts';
import { type Tile, windowOf } from '../core/tiles.ts';
import type { Executor, VisitInput, VisitResult } from './executor.ts';
import { interior } from './padding.ts';
import { type Pass, readsOf } from './passes.ts';
import type { RunParts } from './run-parts.ts';
import type { Pin } from './store-levels.ts';
import { tileContext } from './tile-context.ts';

type Partials = VisitResult['partials'];

const NOTHING: VisitResult = { host: new Map(), device: new Map(), partials: new Map() };
const NO_PARTIALS: Partials = new Map();

/** The partial records of the tile. `earlier`: what an earlier run found there. */
export async function runTile(run: RunParts, pass: Pass, tile: Tile, earlier: Partials | undefined): Promise<Partials> {
  const { fields, times, empty, stop } = run;
  const { writers, journal } = run.options;
  const sinks = pass.sinks.filter((field) => writers.has(field));
  if (earlier && sinks.every((field) => writers.get(field)!.has?.(tile))) {
    fields.expectRemaking();
    return earlier;
  }
  if (empty.has(pass, tile.index)) {
    throwIfAborted(stop);
    fields.keepEmpty(pass, tile.index);
    await times.during('write', skip(run, sinks, tile));
    return NO_PARTIALS;
  }
  const { host, partials } = await visitTile(run, pass, tile, true);
  journal?.tileDone(pass.index, tile.index, partials);
  await times.during('write', allOf(sinks.map((field) => writers.get(field)!.write(windowOf(tile), host.get(field)!))));
  return partials;
}

/** One command but for the writing of files; with a new device as often as one is lost. `first`: files are wanted. */
export function visitTile(run: RunParts, pass: Pass, tile: Tile, first: boolean): Promise<VisitResult> {
  return run.live.work((executor) => tryVisit(executor, run, pass, tile, first), run.stop);
}

async function tryVisit(
  executor: Executor,
  run: RunParts,
  pass: Pass,
  tile: Tile,
  first: boolean,
): Promise<VisitResult> {
  const { graph, fields, times, live } = run;
  const pins: Pin[] = [];
  const context = tileContext(graph.grid, pass.halo, tile);
  let inputs: ReadonlyMap<string, VisitInput>;
  let result = NOTHING;
  try {
    inputs = await times.during('read', fields.inputs(executor, pass, context, tile, pins));
    if (pass.nodes.length > 0) result = await compute(executor, run, pass, context, inputs, first);
  } finally {
    await allOf(pins.map((pin) => pin.release()));
  }
  if (live.isDead(executor)) throw new EcofluxError('DeviceLost', 'the device was replaced meanwhile');
  await fields.keep(pass, tile, result, first);
  const sources = pass.sinks.filter((field) => inputs.has(field));
  const asTheyAre = sources.map((field) => [field, interior(inputs.get(field)!.host!, context)] as const);
  return { ...result, host: new Map([...result.host, ...asTheyAre]) };
}

async function compute(
  executor: Executor,
  { graph, records, types, times, stop }: RunParts,
  pass: Pass,
  tile: TileContext,
  inputs: ReadonlyMap<string, VisitInput>,
  first: boolean,
): Promise<VisitResult> {
  const needed = new Set(pass.nodes.flatMap(readsOf));
  const result = await executor.visit({
    label: `pass ${pass.index} tile ${tile.x},${tile.y}`,
    nodes: records.resolvedNodes(pass),
    tables: graph.tables,
    tile,
    inputs: new Map([...inputs].filter(([field]) => needed.has(field))),
    types,
    toHost: first ? pass.sinks.filter((field) => !inputs.has(field)) : [],
    toStay: pass.keeps,
    signal: stop,
  });
  times.add(result.timings);
  return result;
}

async function skip({ types, options }: RunParts, sinks: readonly string[], tile: Tile): Promise<void> {
  const window = windowOf(tile);
  await allOf(
    sinks.map((field) => {
      const writer = options.writers.get(field)!;
      if (writer.skip) return writer.skip(window);
      const type = types.get(field)!;
      return writer.write(window, allocatePlane(type, tile.width * tile.height).fill(nodataOf(type)));
    }),
  );
}
