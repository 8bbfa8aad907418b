/**
 * Runs a plan: pass by pass, tile by tile, a few visits under way at once and none waiting for another. Each visit names what it
 * reads and writes completely and may be run again; that is how a lost device is survived.
 */
import { allOf } from '../core/all-of.ts';
import { allocatePlane, type CellType, nodataOf, type Plane } from '../core/cells.ts';
import { EcofluxError, isEcofluxError, throwIfAborted } from '../core/errors.ts';
import type { Window } from '../core/grid.ts';
import type { TileContext } from '../core/model.ts';
import { inlinePool } from '../core/tasks.ts';
import { curveOf } from '../core/tile-curve.ts';
import { type Tile, tileAt } from '../core/tiles.ts';
import { solverTasks } from '../solvers/tasks.ts';
import { EmptyTiles } from './empty-tiles.ts';
import type { Executor, VisitInput, VisitResult } from './executor.ts';
import type { Graph, SolveNode } from './graph.ts';
import { LiveExecutor } from './live-executor.ts';
import { OPERATOR_SHARE } from './memory-shares.ts';
import { interior } from './padding.ts';
import { type Pass, readsOf } from './passes.ts';
import type { Plan } from './plan.ts';
import { Records } from './records.ts';
import { solveWith } from './run-solve.ts';
import type { RunOptions, RunSummary } from './run-types.ts';
import type { Pin } from './store.ts';
import { tileContext } from './tile-context.ts';
import { TileFields } from './tile-fields.ts';
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
  readonly #fields: TileFields;
  readonly #records = new Records();
  readonly #times = new TimeSheet();
  readonly #types: ReadonlyMap<string, CellType>;
  readonly #order: Uint32Array;
  readonly #empty: EmptyTiles;
  readonly #stop = new AbortController();
  readonly #interrupt = () => this.#stop.abort(this.#options.signal!.reason);

  constructor(graph: Graph, plan: Plan, options: RunOptions) {
    this.#graph = graph;
    this.#plan = plan;
    this.#options = options;
    const { executor, signal } = options;
    this.#live = new LiveExecutor(executor, {
      replace: (losses) => options.replaceExecutor!(losses),
      lost: () => this.#fields.dropDevice(),
      log: (line) => options.log?.(line),
    });
    this.#types = new Map([...graph.fields].map(([name, { type }]) => [name, type]));
    const makerOf = new Map(plan.passes.flatMap((pass) => pass.keeps.map((field) => [field, pass])));
    this.#order = curveOf(plan.tiling);
    this.#empty = new EmptyTiles(plan.tiling, options.readers, makerOf);
    this.#fields = new TileFields({
      ...options,
      graph,
      plan,
      types: this.#types,
      makerOf,
      empty: this.#empty,
      signal: this.#stop.signal,
      remake: (maker, tile) => this.#visit(maker, tile, false),
    });
    signal?.addEventListener('abort', this.#interrupt, { once: true });
    if (signal?.aborted) this.#interrupt();
  }

  async all(): Promise<RunSummary> {
    for (const pass of this.#plan.passes) {
      if (pass.nodes.length > 0 || pass.reads.length > 0) await this.#runPass(pass);
      for (const node of pass.solves) await this.#solve(pass, node);
      this.#records.finishPass(pass);
      this.#fields.finishPass(pass);
    }
    const { executor, losses } = this.#live;
    return { records: this.#records.all, timings: this.#times.timings(), executor, losses };
  }

  async close(): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#interrupt);
    await this.#fields.close();
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

  /** A global operator over complete fields; with a new device when one is lost. */
  async #solve(pass: Pass, node: SolveNode): Promise<void> {
    const { grid } = this.#graph;
    const { tiling, passes } = this.#plan;
    const { writers, budget, openScratch, pool, progress } = this.#options;
    const written = new Set<string>();
    const target = (field: string) => async (tile: Tile, plane: Plane) => {
      const key = `${field}\n${tile.index}`;
      if (written.has(key)) return; // by a device that was lost afterwards
      written.add(key);
      const writer = writers.get(field);
      const wanted = this.#graph.sinks.has(field) && writer && !writer.has?.(tile);
      const kept = pass.solved.includes(field);
      if (kept) await this.#fields.keepTile(field, tile, wanted ? plane.slice() : plane);
      if (wanted) await this.#times.during('write', writer.write(windowOf(tile), plane));
    };
    const solve = (executor: Executor) =>
      this.#times.solving(
        node.name,
        solveWith(executor, node, {
          grid,
          tiling,
          types: this.#types,
          read: (field, window, into) => this.#fields.window(field, window, into),
          target,
          params: this.#records.resolve(node.params),
          pool: pool ?? inlinePool(solverTasks),
          memory: budget.host * OPERATOR_SHARE,
          openScratch,
          signal: this.#stop.signal,
          progress: (done, total) =>
            progress?.({
              pass: pass.index,
              passes: passes.length,
              tilesDone: Math.floor((tiling.count * done) / total),
              tiles: tiling.count,
            }),
        }),
      );
    await this.#onDevice(solve).catch((error: unknown) => {
      throwIfAborted(this.#options.signal);
      throw error;
    });
  }

  /** Whatever a tile needs in a pass, files included, which may be nothing. `earlier`: what an earlier run found there. */
  async #tile(pass: Pass, tile: Tile, earlier: VisitResult['partials'] | undefined): Promise<VisitResult['partials']> {
    const { writers, journal } = this.#options;
    const sinks = pass.sinks.filter((field) => writers.has(field));
    if (earlier && sinks.every((field) => writers.get(field)!.has?.(tile))) {
      this.#fields.expectRemaking();
      return earlier;
    }
    if (this.#empty.has(pass, tile.index)) {
      throwIfAborted(this.#stop.signal);
      this.#fields.keepEmpty(pass, tile.index);
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
  #visit(pass: Pass, tile: Tile, first: boolean): Promise<VisitResult> {
    return this.#onDevice((executor) => this.#tryVisit(executor, pass, tile, first));
  }

  /** Work that may be done twice: once more, on a new device, as often as one is lost. */
  async #onDevice<T>(work: (executor: Executor) => Promise<T>): Promise<T> {
    for (;;) {
      throwIfAborted(this.#stop.signal);
      const executor = await this.#live.current();
      try {
        return await work(executor);
      } catch (error) {
        // Once its device is lost, whatever else goes wrong may come of that.
        const lost = isEcofluxError(error, 'DeviceLost') || this.#live.isDead(executor);
        if (!lost || !this.#options.replaceExecutor) throw error;
        await this.#live.replace(executor);
      }
    }
  }

  async #tryVisit(executor: Executor, pass: Pass, tile: Tile, first: boolean): Promise<VisitResult> {
    const pins: Pin[] = [];
    const context = tileContext(this.#graph.grid, pass.halo, tile);
    let inputs: ReadonlyMap<string, VisitInput>;
    let result = NOTHING;
    try {
      inputs = await this.#times.during('read', this.#fields.inputs(executor, pass, context, tile, pins));
      if (pass.nodes.length > 0) result = await this.#compute(executor, pass, context, inputs, first);
    } finally {
      await allOf(pins.map((pin) => pin.release()));
    }
    if (this.#live.isDead(executor)) throw new EcofluxError('DeviceLost', 'the device was replaced meanwhile');
    await this.#fields.keep(pass, tile, result, first);
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
