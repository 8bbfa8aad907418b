/**
 * Runs a plan: pass by pass, tile by tile, a few visits under way at once and none waiting for another. Each visit names what it
 * reads and writes completely and may be run again; that is how a lost device is survived.
 */
import type { CellType, Plane } from '../core/cells.ts';
import { EcofluxError, isEcofluxError, throwIfAborted } from '../core/errors.ts';
import type { Window } from '../core/grid.ts';
import type { TileContext } from '../core/model.ts';
import { grow, type Tile, tileAt } from '../core/tiles.ts';
import { allOf } from './all-of.ts';
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
import { tilesUnder } from './tiles-under.ts';
import { TimeSheet } from './time-sheet.ts';

export type { FieldReader, FieldWriter, RunOptions, RunProgress, RunSummary, RunTimings } from './run-types.ts';

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
    signal?.addEventListener('abort', this.#interrupt, { once: true });
    if (signal?.aborted) this.#interrupt();
  }

  async all(): Promise<RunSummary> {
    for (const pass of this.#plan.passes) {
      await this.#runPass(pass);
      this.#records.finishPass(pass);
      for (const field of pass.drops) this.#store.dropField(field);
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
    let next = 0;
    let done = 0;
    const lane = async () => {
      while (next < tiling.count) {
        const index = next++;
        const tile = tileAt(tiling, index);
        const { host, partials } = await this.#visit(pass, tile, true);
        this.#records.addPartials(index, partials);
        await this.#times.during('write', this.#write(pass, tile, host));
        this.#options.progress?.({ pass: pass.index, passes: passes.length, tilesDone: ++done, tiles: tiling.count });
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
        const plane = await this.#options.readers.get(field)!.read(window, this.#stop.signal);
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

  /** Makes again what a lost device took with it. */
  async #restore(field: string, window: Window): Promise<void> {
    const { tiling } = this.#plan;
    for (const index of tilesUnder(tiling, window)) {
      if (this.#store.has(field, index)) continue;
      const maker = this.#makerOf.get(field)!;
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
    // What came from windows may be needed by neighbours until the pass is over.
    for (const field of pass.drops) if (!pass.windows.includes(field)) this.#store.drop(field, tile.index);
  }

  async #write({ sinks }: Pass, { x, y, width, height }: Tile, planes: ReadonlyMap<string, Plane>): Promise<void> {
    const { writers } = this.#options;
    const wanted = sinks.filter((field) => writers.has(field));
    await allOf(wanted.map((field) => writers.get(field)!.write({ x, y, width, height }, planes.get(field)!)));
  }
}

function ownPlane(plane: Plane, shared: boolean): Plane {
  return shared ? plane.slice() : plane;
}
