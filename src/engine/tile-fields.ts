/**
 * The fields of a run between its visits: brought to a visit from files, device, memory or scratch, kept after it for the passes that read
 * them, and made again where a lost device or an interrupted run took them.
 */
import { allOf } from '../core/all-of.ts';
import type { CellType, Plane } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import { freeBuffers } from '../core/free-buffers.ts';
import type { Window } from '../core/grid.ts';
import type { TileContext } from '../core/model-reference.ts';
import { grow, type Tile, tileAt, tilesUnder } from '../core/tiles.ts';
import type { EmptyTiles } from './empty-tiles.ts';
import type { Executor, VisitInput, VisitResult } from './executor.ts';
import type { Graph } from './graph.ts';
import { STORE_SHARE } from './memory-shares.ts';
import { padded } from './padding.ts';
import { type Pass, readsOf } from './passes.ts';
import type { Plan } from './plan.ts';
import type { RunOptions } from './run-types.ts';
import { FieldStore } from './store.ts';
import type { Pin } from './store-levels.ts';

export interface FieldsOf extends Pick<RunOptions, 'readers' | 'budget' | 'openScratch'> {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly types: ReadonlyMap<string, CellType>;
  readonly makerOf: ReadonlyMap<string, Pass>;
  readonly empty: EmptyTiles;
  readonly signal: AbortSignal;
  /** Visits a tile of an earlier pass once more, for what it keeps. */
  readonly remake: (maker: Pass, tile: Tile) => Promise<unknown>;
}

export class TileFields {
  readonly #given: FieldsOf;
  readonly #store: FieldStore;
  readonly #types: FieldsOf['types'];
  readonly #makerOf: FieldsOf['makerOf'];
  readonly #empty: EmptyTiles;
  /** Fields came back after the pass that was the last to read them, perhaps. */
  #remade = false;
  readonly #remaking = new Map<string, Promise<unknown>>();

  constructor(given: FieldsOf) {
    this.#given = given;
    const { plan, budget, openScratch } = given;
    this.#store = new FieldStore(
      plan.tiling,
      { device: budget.device / 2, host: budget.host * STORE_SHARE },
      openScratch,
    );
    this.#types = given.types;
    this.#makerOf = given.makerOf;
    this.#empty = given.empty;
  }

  /** What a tile that is not visited kept was lost with the earlier run. */
  expectRemaking(): void {
    this.#remade = true;
  }

  /** What lived only on the device is gone. */
  dropDevice(): void {
    this.#store.dropDevice();
  }

  finishPass(pass: Pass): void {
    const over = this.#remade ? this.#given.plan.passes.slice(0, pass.index + 1) : [pass];
    for (const field of over.flatMap(({ drops }) => drops)) this.#store.dropField(field);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  /** What a visit reads; `pins`: gains what stays where it is until it is released. */
  async inputs(
    executor: Executor,
    pass: Pass,
    context: TileContext,
    tile: Tile,
    pins: Pin[],
  ): Promise<ReadonlyMap<string, VisitInput>> {
    const bring = async (field: string): Promise<VisitInput> => {
      const { type, source } = this.#given.graph.fields.get(field)!;
      const windowed = pass.windows.includes(field);
      const window = windowed ? grow(tile, pass.halo) : tile;
      if (source) {
        const reader = this.#given.readers.get(field)!;
        // What is a file as well is wanted on the host, and the same in both places.
        const onDevice = executor.warps && !this.#given.graph.sinks.has(field);
        const warp = onDevice ? await reader.readWarp?.(window, this.#given.signal) : undefined;
        if (warp) return { warp, inset: windowed ? 0 : pass.halo };
        const plane = await reader.read(window, this.#given.signal);
        const host = windowed ? plane : padded(plane, context);
        if (host !== plane) freeBuffers([plane]);
        return { host, owned: !pass.sinks.includes(field) };
      }
      await this.#restore(field, window);
      if (windowed) return { host: await this.#store.window(field, type, window), owned: true };
      const pin = executor.kind === 'gpu' ? this.#store.pinDevice(field, tile.index, pass.halo) : undefined;
      if (pin) {
        pins.push(pin);
        return { device: pin.plane };
      }
      const kept = await this.#store.host(field, tile.index);
      pins.push(kept);
      return { host: padded(kept.plane, context), owned: pass.halo > 0 };
    };
    return new Map(await allOf(pass.reads.map(async (field) => [field, await bring(field)] as const)));
  }

  /** A window of a whole field, for a global operator; the plane is the caller's, or `into`. */
  async window(field: string, window: Window, into?: Plane): Promise<Plane> {
    const { type, source } = this.#given.graph.fields.get(field)!;
    if (source) return this.#given.readers.get(field)!.read(window, this.#given.signal);
    await this.#restore(field, window);
    return this.#store.window(field, type, window, into);
  }

  /** Keeps a tile that a global operator made. */
  keepTile(field: string, tile: Tile, plane: Plane): Promise<void> {
    return this.#store.put(field, tile.index, this.#types.get(field)!, { host: plane });
  }

  /** Makes again what a lost device, or an interrupted run, took with it. */
  async #restore(field: string, window: Window): Promise<void> {
    const { tiling } = this.#given.plan;
    for (const index of tilesUnder(tiling, window)) {
      if (this.#store.has(field, index)) continue;
      const maker = this.#makerOf.get(field);
      if (!maker) throw new EcofluxError('Bug', `tile ${index} of '${field}' is gone`);
      if (this.#empty.has(maker, index)) {
        this.keepEmpty(maker, index);
        continue;
      }
      this.#remade = true;
      const id = `${maker.index} ${index}`;
      const remaking =
        this.#remaking.get(id) ??
        this.#given.remake(maker, tileAt(tiling, index)).finally(() => this.#remaking.delete(id));
      this.#remaking.set(id, remaking);
      await remaking;
    }
  }

  /** Keeps what later passes read, and lets go what none does. `first`: files are wanted of the result too. */
  async keep(pass: Pass, tile: Tile, result: VisitResult, first: boolean): Promise<void> {
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

  /** The same for a tile whose visit would give nothing but nodata. */
  keepEmpty(pass: Pass, index: number): void {
    for (const field of pass.keeps) this.#store.putEmpty(field, index, this.#types.get(field)!);
    this.#letGo(pass, index);
  }

  /** What came from windows may be needed by neighbours, and what operators read by them, until the pass is over. */
  #letGo({ drops, windows, solves }: Pass, index: number): void {
    const later = new Set([...windows, ...solves.flatMap(readsOf)]);
    for (const field of drops) if (!later.has(field)) this.#store.drop(field, index);
  }
}

function ownPlane(plane: Plane, shared: boolean): Plane {
  return shared ? plane.slice() : plane;
}
