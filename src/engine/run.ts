/**
 * Runs a plan: pass by pass, tile by tile, a few visits under way at once and none waiting for another. Each visit names what it
 * reads and writes completely and may be run again; that is how a lost device is survived.
 */
import { allocatePlane, type CellType, nodataOf, type Plane } from '../core/cells.ts';
import { EcofluxError, isEcofluxError, throwIfAborted } from '../core/errors.ts';
import type { Window } from '../core/grid.ts';
import type { TileContext } from '../core/model.ts';
import { curveOf } from '../core/tile-curve.ts';
import { grow, type Tile, tileAt, tilesUnder } from '../core/tiles.ts';
import { allOf } from './all-of.ts';
import { EmptyTiles } from './empty-tiles.ts';
import type { Executor, VisitInput, VisitResult } from './executor.ts';
import type { Graph } from './graph.ts';
import { LiveExecutor } from './live-executor.ts';
import { interior, padded } from './padding.ts';
import { type Pass, readsOf } from './passes.ts';
import type { Plan } from './plan.ts';
import { Records } from './records.ts';
import type { RunOptions, RunSummary } from './run-types.ts';
import { FieldStore, type PinnedPlane } from './store.ts';
import { tileContext } from './tile-context.ts';
import { TimeSheet } from './time-sheet.ts';

export type {
  FieldReader,
  FieldWriter,
  RunJournal,
  RunOptions,
  RunProgress,
  RunSummary,
  RunTimings,
} from './run-types.ts';

/**
 * @throws EcofluxError Interrupted when the signal fires; DeviceLost without `replaceExecutor`; the first failure of a reader, a
 * writer, the device or the scratch file. Nothing is under way any more when it rejects.
 */
export async function runPlan(graph: Graph, plan: Plan, options: RunOptions): Promise<RunSummary> {
  const run = new Run(graph, plan, options);
  try {
    return await run.all();
  } finally {
    await run.close();
  }
}

const NOTHING: VisitResult = { host: new Map(), device: new Map(), partials: new Map() };
const NO_PARTIALS: VisitResult['partials'] = new Map();

class Run {
  readonly #graph: Graph;
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #live: LiveExecutor;
  readonly #store: FieldStore;
  readonly #records = new Records();
  readonly #times = new TimeSheet();
  readonly #types: ReadonlyMap<string, CellType>;
  readonly #makerOf = new Map<string, Pass>();
  readonly #order: Uint32Array;
  readonly #empty: EmptyTiles;
  /** Fields came back after the pass that was the last to read them, perhaps. */
  #remade = false;
  readonly #remaking = new Map<string, Promise<unknown>>();
  readonly #stop = new AbortController();
  readonly #interrupt = () => this.#stop.abort(this.#options.signal!.reason);

  constructor(graph: Graph, plan: Plan, options: RunOptions) {
    this.#graph = graph;
    this.#plan = plan;
    this.#options = options;
    const { executor, budget, openScratch, signal } = options;
    const half = { device: budget.device / 2, host: budget.host / 2 };
    this.#store = new FieldStore(plan.tiling, half, openScratch);
    this.#live = new LiveExecutor(executor, {
      replace: (losses) => options.replaceExecutor!(losses),
      lost: () => this.#store.dropDevice(),
      log: (line) => options.log?.(line),
    });
    this.#types = new Map([...graph.fields].map(([name, { type }]) => [name, type]));
    for (const pass of plan.passes) for (const field of pass.keeps) this.#makerOf.set(field, pass);
    this.#order = curveOf(plan.tiling);
    this.#empty = new EmptyTiles(plan.tiling, options.readers, this.#makerOf);
    signal?.addEventListener('abort', this.#interrupt, { once: true });
    if (signal?.aborted) this.#interrupt();
  }

  async all(): Promise<RunSummary> {
    for (const pass of this.#plan.passes) {
      await this.#runPass(pass);
      this.#records.finishPass(pass);
      const over = this.#remade ? this.#plan.passes.slice(0, pass.index + 1) : [pass];
      for (const field of over.flatMap(({ drops }) => drops)) this.#store.dropField(field);
    }
    const { executor, losses } = this.#live;
    return { records: this.#records.all, timings: this.#times.timings(), executor, losses };
  }

  async close(): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#interrupt);
    await this.#store.close();
  }

  /** Tiles in order, `inFlight` at once. The first failure stops the rest and is the one reported. */
  async #runPass(pass: Pass): Promise<void> {
    const { tiling, inFlight, passes } = this.#plan;
    const earlier = this.#options.journal?.done(pass.index);
    let next = 0;
    let tilesDone = 0;
    const lane = async () => {
      while (next < tiling.count) {
        const visit = next++;
        const tile = tileAt(tiling, this.#order[visit]);
        this.#records.addPartials(pass, visit, await this.#tile(pass, tile, earlier?.get(tile.index)));
        this.#options.progress?.({
          pass: pass.index,
          passes: passes.length,
          tilesDone: ++tilesDone,
          tiles: tiling.count,
        });
      }
    };
    const lanes = Array.from({ length: Math.min(inFlight, tiling.count) }, () =>
      lane().catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.#stop.abort(error);
        throw error;
      }),
    );
    const results = await Promise.allSettled(lanes);
    if (results.every(({ status }) => status === 'fulfilled')) return;
    throwIfAborted(this.#options.signal);
    throw this.#stop.signal.reason;
  }

  /** Whatever a tile needs in a pass, files included, which may be nothing. `earlier`: what an earlier run found there. */
  async #tile(pass: Pass, tile: Tile, earlier: VisitResult['partials'] | undefined): Promise<VisitResult['partials']> {
    const { writers, journal } = this.#options;
    const sinks = pass.sinks.filter((field) => writers.has(field));
    if (earlier && sinks.every((field) => writers.get(field)!.has?.(tile))) {
      this.#remade = true; // what it kept was lost with the earlier run
      return earlier;
    }
    if (this.#empty.has(pass, tile.index)) {
      throwIfAborted(this.#stop.signal);
      this.#keepEmpty(pass, tile.index);
      await this.#times.during('write', this.#skip(sinks, tile));
      return NO_PARTIALS;
    }
    const { host, partials } = await this.#visit(pass, tile, true);
    journal?.tileDone(pass.index, tile.index, partials);
    await this.#times.during(
      'write',
      allOf(sinks.map((field) => writers.get(field)!.write(windowOf(tile), host.get(field)!))),
    );
    return partials;
  }

  /** One command but for the writing of files; with a new device as often as one is lost. `first`: files are wanted. */
  async #visit(pass: Pass, tile: Tile, first: boolean): Promise<VisitResult> {
    for (;;) {
      throwIfAborted(this.#stop.signal);
      const executor = await this.#live.current();
      try {
        return await this.#tryVisit(executor, pass, tile, first);
      } catch (error) {
        // Once its device is lost, whatever else goes wrong with a visit may come of that.
        const lost = isEcofluxError(error, 'DeviceLost') || this.#live.isDead(executor);
        if (!lost || !this.#options.replaceExecutor) throw error;
        await this.#live.replace(executor);
      }
    }
  }

  async #tryVisit(executor: Executor, pass: Pass, tile: Tile, first: boolean): Promise<VisitResult> {
    const pins: PinnedPlane[] = [];
    const context = tileContext(this.#graph.grid, pass.halo, tile);
    let inputs: ReadonlyMap<string, VisitInput>;
    let result = NOTHING;
    try {
      inputs = await this.#times.during('read', this.#inputs(executor, pass, context, tile, pins));
      if (pass.nodes.length > 0) result = await this.#compute(executor, pass, context, inputs, first);
    } finally {
      await allOf(pins.map((pin) => pin.release()));
    }
    await this.#keep(executor, pass, tile, result, first);
    const sources = pass.sinks.filter((field) => inputs.has(field));
    const asTheyAre = sources.map((field) => [field, interior(inputs.get(field)!.host!, context)] as const);
    return { ...result, host: new Map([...result.host, ...asTheyAre]) };
  }

  async #compute(
    executor: Executor,
    pass: Pass,
    tile: TileContext,
    inputs: ReadonlyMap<string, VisitInput>,
    first: boolean,
  ): Promise<VisitResult> {
    const needed = new Set(pass.nodes.flatMap(readsOf));
    const result = await executor.visit({
      label: `pass ${pass.index} tile ${tile.x},${tile.y}`,
      nodes: this.#records.resolvedNodes(pass),
      tables: this.#graph.tables,
      tile,
      inputs: new Map([...inputs].filter(([field]) => needed.has(field))),
      types: this.#types,
      toHost: first ? pass.sinks.filter((field) => !inputs.has(field)) : [],
      toStay: pass.keeps,
      signal: this.#stop.signal,
    });
    this.#times.add(result.timings);
    return result;
  }

  async #inputs(
    executor: Executor,
    pass: Pass,
    context: TileContext,
    tile: Tile,
    pins: PinnedPlane[],
  ): Promise<ReadonlyMap<string, VisitInput>> {
    const bring = async (field: string): Promise<VisitInput> => {
      const { type, source } = this.#graph.fields.get(field)!;
      const windowed = pass.windows.includes(field);
      const window = windowed ? grow(tile, pass.halo) : tile;
      if (source) {
        const reader = this.#options.readers.get(field)!;
        // What is a file as well is wanted on the host, and the same in both places.
        const onDevice = executor.warps && !this.#graph.sinks.has(field);
        const warp = onDevice ? await reader.readWarp?.(window, this.#stop.signal) : undefined;
        if (warp) return { warp, inset: windowed ? 0 : pass.halo };
        const plane = await reader.read(window, this.#stop.signal);
        return { host: windowed ? plane : padded(plane, context), owned: !pass.sinks.includes(field) };
      }
      await this.#restore(field, window);
      if (windowed) return { host: await this.#store.window(field, type, window), owned: true };
      const pin = executor.kind === 'gpu' ? this.#store.pinDevice(field, tile.index, pass.halo) : undefined;
      if (pin) {
        pins.push(pin);
        return { device: pin.plane };
      }
      const plane = await this.#store.host(field, tile.index);
      return { host: padded(plane, context), owned: pass.halo > 0 };
    };
    return new Map(await allOf(pass.reads.map(async (field) => [field, await bring(field)] as const)));
  }

  /** Makes again what a lost device, or an interrupted run, took with it. */
  async #restore(field: string, window: Window): Promise<void> {
    const { tiling } = this.#plan;
    for (const index of tilesUnder(tiling, window)) {
      if (this.#store.has(field, index)) continue;
      const maker = this.#makerOf.get(field)!;
      if (this.#empty.has(maker, index)) {
        this.#keepEmpty(maker, index);
        continue;
      }
      this.#remade = true;
      const id = `${maker.index} ${index}`;
      const remaking =
        this.#remaking.get(id) ??
        this.#visit(maker, tileAt(tiling, index), false).finally(() => this.#remaking.delete(id));
      this.#remaking.set(id, remaking);
      await remaking;
    }
  }

  /** Gives the store what later passes read, and takes from it what none does. */
  async #keep(executor: Executor, pass: Pass, tile: Tile, result: VisitResult, first: boolean): Promise<void> {
    if (this.#live.isDead(executor)) throw new EcofluxError('DeviceLost', 'the device was replaced meanwhile');
    await allOf(
      pass.keeps.map((field) => {
        const device = result.device.get(field);
        // A field that is also a file gives its plane away to the writer.
        const host = device ? undefined : ownPlane(result.host.get(field)!, first && pass.sinks.includes(field));
        return this.#store.put(field, tile.index, this.#types.get(field)!, { device, host });
      }),
    );
    this.#letGo(pass, tile.index);
  }

  #keepEmpty(pass: Pass, index: number): void {
    for (const field of pass.keeps) this.#store.putEmpty(field, index, this.#types.get(field)!);
    this.#letGo(pass, index);
  }

  /** What came from windows may be needed by neighbours until the pass is over. */
  #letGo({ drops, windows }: Pass, index: number): void {
    for (const field of drops) if (!windows.includes(field)) this.#store.drop(field, index);
  }

  async #skip(sinks: readonly string[], tile: Tile): Promise<void> {
    const window = windowOf(tile);
    await allOf(
      sinks.map((field) => {
        const writer = this.#options.writers.get(field)!;
        if (writer.skip) return writer.skip(window);
        const type = this.#types.get(field)!;
        return writer.write(window, allocatePlane(type, tile.width * tile.height).fill(nodataOf(type)));
      }),
    );
  }
}

function windowOf({ x, y, width, height }: Tile): Window {
  return { x, y, width, height };
}

function ownPlane(plane: Plane, shared: boolean): Plane {
  return shared ? plane.slice() : plane;
}
