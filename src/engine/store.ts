/**
 * Fields kept between passes, tile by tile. Each tile of a field lives on the device, in host memory or in a scratch file; the
 * least recently used goes out first, from device to host and from host to scratch, whenever a budget is passed. A small grid is
 * simply one whose tiles never leave the device. A tile that is asked for on the host keeps its copy there while there is room.
 */
import { allOf } from '../core/all-of.ts';
import type { CellType, Plane } from '../core/cells.ts';
import { allocatePlane, nodataOf } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import { freeBuffers } from '../core/free-buffers.ts';
import type { Window } from '../core/grid.ts';
import { intersect, type Tiling, tileAt, tilesUnder } from '../core/tiles.ts';
import { type Scratch, ScratchTiles } from './scratch-tiles.ts';
import { Shelf } from './shelf.ts';

export type { Scratch } from './scratch-tiles.ts';

/** A tile of a field in device memory, owned by whoever holds it. */
export interface DevicePlane {
  readonly bytes: number;
  /** Cells of padding around the tile on the device, of undefined value: a later visit can use it only with the same padding. */
  readonly halo: number;
  toHost(): Promise<Plane>;
  release(): void;
}

/** What stays as it is until `release`, which resolves when the budgets hold again. */
export interface Pin {
  release(): Promise<void>;
}

/** A plane that stays where it is, on the device or on the host. */
export interface PinnedPlane<P = DevicePlane> extends Pin {
  readonly plane: P;
}

interface Entry {
  readonly field: string;
  readonly tile: number;
  readonly type: CellType;
  /** Nodata throughout: it lives nowhere. */
  readonly empty?: boolean;
  /** Where it stands in the scratch file. */
  scratch?: number;
  /** Its way to the host, while it is under way. */
  loading?: Promise<Plane>;
  /** Visits that use it on the device. */
  pins: number;
  /** Those that look at its plane on the host. */
  lent: number;
  /** Replaced or dropped: what is still under way with it has no effect. */
  gone: boolean;
}

export interface StoreUse {
  readonly deviceBytes: number;
  readonly hostBytes: number;
  /** Of the scratch file, which does not shrink. */
  readonly scratchBytes: number;
}

export class FieldStore {
  readonly #tiling: Tiling;
  readonly #entries = new Map<string, Entry>();
  readonly #device: Shelf<Entry, DevicePlane>;
  readonly #host: Shelf<Entry, Plane>;
  readonly #scratch: ScratchTiles;
  #evicting: Promise<void> | undefined;

  constructor(
    tiling: Tiling,
    budget: { readonly device: number; readonly host: number },
    openScratch: () => Promise<Scratch>,
  ) {
    this.#tiling = tiling;
    this.#device = new Shelf(budget.device);
    this.#host = new Shelf(budget.host);
    this.#scratch = new ScratchTiles(openScratch);
  }

  get use(): StoreUse {
    return { deviceBytes: this.#device.bytes, hostBytes: this.#host.bytes, scratchBytes: this.#scratch.bytes };
  }

  has(field: string, tile: number): boolean {
    return this.#entries.has(key(field, tile));
  }

  /** Takes a tile, at once; an older one of the same place is let go. Resolves when the budgets hold again. */
  put(
    field: string,
    tile: number,
    type: CellType,
    { device, host }: { device?: DevicePlane; host?: Plane },
  ): Promise<void> {
    this.drop(field, tile);
    const entry: Entry = { field, tile, type, pins: 0, lent: 0, gone: false };
    this.#entries.set(key(field, tile), entry);
    if (device) this.#device.keep(entry, device, device.bytes);
    if (host) this.#host.keep(entry, host, host.byteLength);
    return this.#settle();
  }

  /** A tile that is nodata throughout, which takes no memory. */
  putEmpty(field: string, tile: number, type: CellType): void {
    this.drop(field, tile);
    this.#entries.set(key(field, tile), { field, tile, type, empty: true, pins: 0, lent: 0, gone: false });
  }

  /** Lets a tile go, if it is there: nobody will ask for it again. */
  drop(field: string, tile: number): void {
    const entry = this.#entries.get(key(field, tile));
    if (!entry) return;
    this.#entries.delete(key(field, tile));
    entry.gone = true;
    if (entry.pins === 0) this.#device.remove(entry)?.release();
    this.#leaveHost(entry);
    this.#freeScratch(entry);
  }

  /** Lets all tiles of a field go. */
  dropField(field: string): void {
    for (let tile = 0; tile < this.#tiling.count; tile++) this.drop(field, tile);
  }

  /** The tile on the device, if it is there with this padding. */
  pinDevice(field: string, tile: number, halo: number): PinnedPlane | undefined {
    const entry = this.#touch(field, tile);
    const plane = this.#device.get(entry);
    if (plane?.halo !== halo) return undefined;
    entry.pins++;
    let pinned = true;
    const release = async () => {
      if (!pinned) return;
      pinned = false;
      entry.pins--;
      if (entry.gone && entry.pins === 0) this.#device.remove(entry)?.release();
      await this.#settle();
    };
    return { plane, release };
  }

  /** The cells of one tile, row by row, without padding; not to be changed by the caller, nor looked at after the release. */
  async host(field: string, tile: number): Promise<PinnedPlane<Plane>> {
    const entry = this.#touch(field, tile);
    if (entry.empty) return { plane: this.#emptyPlane(entry), release: async () => {} };
    entry.lent++;
    let plane: Plane | undefined;
    const release = async () => {
      if (--entry.lent === 0 && this.#host.get(entry) !== plane) freeBuffers([plane]); // it left meanwhile
    };
    try {
      plane = this.#host.get(entry);
      if (!plane) {
        plane = await this.#load(entry);
        await this.#settle();
      }
      return { plane, release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** A window that may span tiles and reach beyond the grid, where it is nodata. `into`: the plane to fill instead of a new one. */
  async window(field: string, type: CellType, window: Window, into?: Plane): Promise<Plane> {
    const out = (into ?? allocatePlane(type, window.width * window.height)).fill(nodataOf(type));
    for (const index of tilesUnder(this.#tiling, window)) {
      if (this.#touch(field, index).empty) continue;
      const tile = tileAt(this.#tiling, index);
      const shared = intersect(window, tile)!;
      const { plane: from, release } = await this.host(field, index);
      for (let row = 0; row < shared.height; row++) {
        const start = (shared.y + row - tile.y) * tile.width + shared.x - tile.x;
        out.set(
          from.subarray(start, start + shared.width),
          (shared.y + row - window.y) * window.width + shared.x - window.x,
        );
      }
      await release();
    }
    return out;
  }

  /** After a device was lost: what lived only there is gone. Returns what has to be made again. */
  dropDevice(): { field: string; tile: number }[] {
    const lost: { field: string; tile: number }[] = [];
    for (const entry of this.#device.keys()) {
      this.#device.remove(entry)!.release();
      if (entry.gone || this.#host.get(entry) || entry.scratch !== undefined) continue;
      this.drop(entry.field, entry.tile);
      lost.push({ field: entry.field, tile: entry.tile });
    }
    return lost;
  }

  /** Lets everything go and removes the scratch file. Nobody may be using the store any more. */
  async close(): Promise<void> {
    for (const { field, tile } of [...this.#entries.values()]) this.drop(field, tile);
    for (const entry of this.#device.keys()) this.#device.remove(entry)!.release();
    await this.#evicting?.catch(() => {}); // whoever waited for it has heard
    await this.#scratch.dispose();
  }

  #touch(field: string, tile: number): Entry {
    const entry = this.#entries.get(key(field, tile));
    if (!entry) throw new EcofluxError('Bug', `the store has no tile ${tile} of '${field}'`);
    this.#device.touch(entry);
    this.#host.touch(entry);
    return entry;
  }

  /** Brings a tile to the host, once for all who ask meanwhile. */
  #load(entry: Entry): Promise<Plane> {
    entry.loading ??= this.#fetch(entry).finally(() => {
      entry.loading = undefined;
    });
    return entry.loading;
  }

  async #fetch(entry: Entry): Promise<Plane> {
    const plane = (await this.#device.get(entry)?.toHost()) ?? (await this.#fromScratch(entry));
    if (!entry.gone) this.#host.keep(entry, plane, plane.byteLength);
    return plane;
  }

  /** Moves tiles one level out until both budgets hold. One round for all: two would each move what one has to. */
  #settle(): Promise<void> {
    if (!this.#evicting && this.#leaving().length > 0) this.#evicting = this.#evict();
    return this.#evicting ?? Promise.resolve();
  }

  async #evict(): Promise<void> {
    try {
      for (let moves = this.#leaving(); moves.length > 0; moves = this.#leaving())
        await allOf(moves.map((move) => move()));
    } finally {
      this.#evicting = undefined;
    }
  }

  /** What has to move next; the host's turn comes when the device has taken from it what it has to. */
  #leaving(): (() => Promise<void>)[] {
    const fromDevice = this.#device.leaving(({ pins }) => pins === 0);
    if (fromDevice.length > 0) return fromDevice.map((entry) => () => this.#deviceToHost(entry));
    return this.#host.leaving().map((entry) => () => this.#hostToScratch(entry));
  }

  async #deviceToHost(entry: Entry): Promise<void> {
    try {
      if (!this.#host.get(entry)) await this.#load(entry);
    } catch (error) {
      if (this.#device.get(entry)) throw error; // otherwise it was lost or dropped meanwhile: nothing to save
    }
    if (entry.pins === 0) this.#device.remove(entry)?.release();
  }

  async #hostToScratch(entry: Entry): Promise<void> {
    const host = this.#host.get(entry);
    if (!host) return;
    if (!this.#device.get(entry) && entry.scratch === undefined) {
      entry.lent++;
      entry.scratch = await this.#scratch.append(host).finally(() => entry.lent--);
      if (entry.gone) this.#freeScratch(entry);
    }
    this.#leaveHost(entry);
  }

  /** Where somebody still looks at the plane, the collector finds it later. */
  #leaveHost(entry: Entry): void {
    const plane = this.#host.remove(entry);
    if (entry.lent === 0) freeBuffers([plane]);
  }

  /** Once whoever still reads it has done so. */
  #freeScratch(entry: Entry): void {
    const { scratch, tile, loading } = entry;
    if (scratch === undefined) return;
    const { width, height } = tileAt(this.#tiling, tile);
    const free = () => this.#scratch.free(scratch, width * height * BYTES);
    if (loading) void loading.then(free, free);
    else free();
  }

  #emptyPlane({ tile, type }: Entry): Plane {
    const { width, height } = tileAt(this.#tiling, tile);
    return allocatePlane(type, width * height).fill(nodataOf(type));
  }

  #fromScratch({ scratch, type, tile }: Entry): Promise<Plane> {
    const { width, height } = tileAt(this.#tiling, tile);
    return this.#scratch.read(scratch!, type, width * height);
  }
}

const BYTES = 4; // of a cell of any plane

function key(field: string, tile: number): string {
  return `${field}\n${tile}`;
}
