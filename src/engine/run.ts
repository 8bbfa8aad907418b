/**
 * Runs a plan: pass by pass, tile by tile, a few visits under way at once and none waiting for another. Each visit names what it
 * reads and writes completely and may be run again; that is how a lost device is survived.
 */
import type { Plane } from '../core/cells.ts';
import { EcofluxError, isEcofluxError, throwIfAborted } from '../core/errors.ts';
import type { Window } from '../core/grid.ts';
import type { Values } from '../core/model.ts';
import { grow, type Tile, tileAt } from '../core/tiles.ts';
import type { Executor, VisitInput, VisitResult, VisitTimings } from './executor.ts';
import type { Graph } from './graph.ts';
import type { Pass, Plan } from './plan.ts';
import { Records } from './records.ts';
import { FieldStore, type Scratch } from './store.ts';

/** Where the cells of a source come from. The window may reach beyond the grid, where cells are nodata. */
export interface FieldReader {
  read(window: Window, signal?: AbortSignal): Promise<Plane>;
}

/** Where a finished tile goes. Called once for each tile, in any order; takes ownership of the plane. */
export interface FieldWriter {
  write(window: Window, plane: Plane): Promise<void>;
}

export interface RunProgress {
  readonly pass: number;
  readonly passes: number;
  readonly tilesDone: number;
  readonly tiles: number;
}

export interface RunOptions {
  readonly executor: Executor;
  /** A new device after a loss; the CPU after the second. */
  readonly replaceExecutor?: (losses: number) => Promise<Executor>;
  readonly readers: ReadonlyMap<string, FieldReader>;
  readonly writers: ReadonlyMap<string, FieldWriter>;
  readonly budget: { readonly device: number; readonly host: number };
  readonly openScratch: () => Promise<Scratch>;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: RunProgress) => void;
  readonly log?: (line: string) => void;
}

export interface RunSummary {
  readonly records: ReadonlyMap<string, Values>;
  readonly timings: RunTimings;
  readonly executor: Executor;
  readonly losses: number;
}

/** Milliseconds of each part, summed over visits; they overlap, so they add to more than the wall clock. */
export interface RunTimings {
  readonly wall: number;
  readonly read: number;
  readonly upload: number;
  readonly compute: number;
  readonly readback: number;
  readonly write: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly stages: ReadonlyMap<string, number>;
}

export async function runPlan(graph: Graph, plan: Plan, options: RunOptions): Promise<RunSummary> {
  const run = new Run(graph, plan, options);
  try {
    return await run.all();
  } finally {
    await run.close();
  }
}

class Run {
  readonly #graph: Graph;
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #store: FieldStore;
  readonly #records: Records;
  readonly #makerOf = new Map<string, Pass>();
  readonly #remaking = new Map<string, Promise<void>>();
  readonly #written = new Set<string>();
  readonly #stop = new AbortController();
  readonly #sums = { read: 0, upload: 0, compute: 0, readback: 0, write: 0, bytesUp: 0, bytesDown: 0 };
  readonly #stages = new Map<string, number>();
  #executor: Executor;
  #replacing: Promise<void> | undefined;
  #losses = 0;

  constructor(graph: Graph, plan: Plan, options: RunOptions) {
    this.#graph = graph;
    this.#plan = plan;
    this.#options = options;
    this.#executor = options.executor;
    this.#store = new FieldStore(plan.tiling, { device: options.budget.device / 2, host: options.budget.host / 2 }, options.openScratch);
    this.#records = new Records();
    for (const pass of plan.passes) for (const field of pass.keeps) this.#makerOf.set(field, pass);
    options.signal?.addEventListener('abort', () => this.#stop.abort(options.signal!.reason), { once: true });
    if (options.signal?.aborted) this.#stop.abort(options.signal.reason);
  }

  async all(): Promise<RunSummary> {
    const started = performance.now();
    for (const pass of this.#plan.passes) {
      await this.#runPass(pass);
      this.#records.finishPass(pass);
    }
    const timings = { wall: performance.now() - started, ...this.#sums, stages: this.#stages };
    return { records: this.#records.all, timings, executor: this.#executor, losses: this.#losses };
  }

  async close(): Promise<void> {
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
        throwIfAborted(this.#stop.signal);
        const partials = await this.#visit(pass, tileAt(tiling, index), true);
        this.#records.addPartials(index, partials);
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

  /** One command. `first`: its results are written out; otherwise only what the store lost is made again. */
  async #visit(pass: Pass, tile: Tile, first: boolean): Promise<ReadonlyMap<string, Values>> {
    for (;;) {
      await this.#replacing;
      const executor = this.#executor;
      try {
        return await this.#tryVisit(executor, pass, tile, first);
      } catch (error) {
        if (!isEcofluxError(error, 'DeviceLost') || !this.#options.replaceExecutor) throw error;
        await this.#replace(executor);
      }
    }
  }

  async #tryVisit(executor: Executor, pass: Pass, tile: Tile, first: boolean): Promise<ReadonlyMap<string, Values>> {
    const pinned: string[] = [];
    try {
      const inputs = await this.#inputs(executor, pass, tile, pinned);
      const result = await executor.visit({
        label: `pass ${pass.index} tile ${tile.index}`,
        nodes: pass.nodes.map((node) => ({ ...node, params: this.#records.resolve(node.params) })),
        tables: this.#graph.tables,
        tile: this.#context(pass, tile),
        inputs,
        types: new Map([...this.#graph.fields].map(([name, { type }]) => [name, type])),
        toHost: first ? pass.sinks : [],
        toStay: pass.keeps,
        signal: this.#stop.signal,
      });
      this.#count(result.timings);
      if (executor !== this.#executor) throw new EcofluxError('DeviceLost', 'the device was replaced meanwhile');
      await this.#deliver(pass, tile, result, first);
      return result.partials;
    } finally {
      for (const field of pinned) await this.#store.unpin(field, tile.index);
    }
  }

  async #inputs(executor: Executor, pass: Pass, tile: Tile, pinned: string[]): Promise<ReadonlyMap<string, VisitInput>> {
    const started = performance.now();
    const window = grow(tile, pass.halo);
    const found = await Promise.all(
      pass.reads.map(async (field): Promise<[string, VisitInput]> => {
        const { type, source } = this.#graph.fields.get(field)!;
        if (source) return [field, { host: await this.#options.readers.get(field)!.read(window, this.#stop.signal), owned: true }];
        await this.#restore(field, window);
        const device = executor.kind === 'gpu' ? this.#store.pinDevice(field, tile.index, pass.halo) : undefined;
        if (device) {
          pinned.push(field);
          return [field, { device }];
        }
        if (pass.halo > 0) return [field, { host: await this.#store.window(field, type, window), owned: true }];
        return [field, { host: await this.#store.host(field, tile.index) }];
      }),
    );
    this.#sums.read += performance.now() - started;
    return new Map(found);
  }

  /** Makes again what a lost device took with it. */
  async #restore(field: string, window: Window): Promise<void> {
    for (const index of this.#store.tilesUnder(window)) {
      if (this.#store.has(field, index)) continue;
      const maker = this.#makerOf.get(field)!;
      const id = `${maker.index} ${index}`;
      const remaking =
        this.#remaking.get(id) ??
        this.#visit(maker, tileAt(this.#plan.tiling, index), false).then(() => {
          this.#remaking.delete(id);
        });
      this.#remaking.set(id, remaking);
      await remaking;
    }
  }

  async #deliver(pass: Pass, tile: Tile, { host, device }: VisitResult, first: boolean): Promise<void> {
    const started = performance.now();
    const { x, y, width, height } = tile;
    for (const field of pass.keeps) {
      const { type } = this.#graph.fields.get(field)!;
      const onDevice = device.get(field);
      if (onDevice) await this.#store.put(field, tile.index, type, { device: onDevice });
      else {
        // A field that is also a file gives its plane away to the writer.
        const plane = host.get(field)!;
        await this.#store.put(field, tile.index, type, { host: pass.sinks.includes(field) ? plane.slice() : plane });
      }
    }
    if (!first) return;
    for (const field of pass.sinks) {
      const id = `${field}\n${tile.index}`;
      const writer = this.#options.writers.get(field);
      if (!writer || this.#written.has(id)) continue;
      this.#written.add(id);
      await writer.write({ x, y, width, height }, host.get(field)!);
    }
    this.#sums.write += performance.now() - started;
  }

  /** One replacement for all visits that saw the loss. */
  async #replace(lost: Executor): Promise<void> {
    if (this.#executor !== lost) return;
    this.#replacing ??= (async () => {
      this.#losses++;
      this.#store.dropDevice();
      this.#options.log?.(`the device was lost (${this.#losses}); unfinished tiles run again`);
      await lost.close();
      this.#executor = await this.#options.replaceExecutor!(this.#losses);
      this.#options.log?.(`continuing on ${this.#executor.name}`);
    })().finally(() => {
      this.#replacing = undefined;
    });
    await this.#replacing;
  }

  #context(pass: Pass, tile: Tile) {
    const { grid } = this.#graph;
    const metres = grid.crs.metresPerUnit ?? 1;
    return {
      width: tile.width,
      height: tile.height,
      pitch: tile.width + 2 * pass.halo,
      halo: pass.halo,
      x: tile.x,
      y: tile.y,
      gridWidth: grid.width,
      gridHeight: grid.height,
      cellWidth: grid.cellWidth * metres,
      cellHeight: grid.cellHeight * metres,
    };
  }

  #count(timings: VisitTimings | undefined): void {
    if (!timings) return;
    for (const name of ['upload', 'compute', 'readback', 'bytesUp', 'bytesDown'] as const) this.#sums[name] += timings[name];
    for (const [stage, nanoseconds] of timings.stages ?? []) this.#stages.set(stage, (this.#stages.get(stage) ?? 0) + nanoseconds);
  }
}

