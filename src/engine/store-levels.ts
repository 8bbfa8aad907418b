/**
 * Where the tiles of a store live: on the device, in host memory or in a scratch file. The least recently used goes out first, from
 * device to host and from host to scratch, whenever a budget is passed; what is pinned or lent stays until it is given back.
 */
import { allOf } from '../core/all-of.ts';
import type { CellType, Plane } from '../core/cells.ts';
import { freeBuffers } from '../core/free-buffers.ts';
import type { Scratch } from '../core/scratch.ts';
import { ScratchTiles } from './scratch-tiles.ts';
import { Shelf } from './shelf.ts';

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

export interface StoredTile {
  readonly field: string;
  readonly tile: number;
  readonly type: CellType;
  readonly cells: number;
  /** Nodata throughout: it lives nowhere. */
  readonly empty: boolean;
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

export class StoreLevels {
  readonly #device: Shelf<StoredTile, DevicePlane>;
  readonly #host: Shelf<StoredTile, Plane>;
  readonly #scratch: ScratchTiles;
  #evicting: Promise<void> | undefined;

  constructor(budget: { readonly device: number; readonly host: number }, openScratch: () => Promise<Scratch>) {
    this.#device = new Shelf(budget.device);
    this.#host = new Shelf(budget.host);
    this.#scratch = new ScratchTiles(openScratch);
  }

  get use(): StoreUse {
    return { deviceBytes: this.#device.bytes, hostBytes: this.#host.bytes, scratchBytes: this.#scratch.bytes };
  }

  /** Takes the planes of a new tile, at once. Resolves when the budgets hold again. */
  keep(tile: StoredTile, { device, host }: { device?: DevicePlane; host?: Plane }): Promise<void> {
    if (device) this.#device.keep(tile, device, device.bytes);
    if (host) this.#host.keep(tile, host, host.byteLength);
    return this.#settle();
  }

  /** Makes it the most recently used. */
  touch(tile: StoredTile): void {
    this.#device.touch(tile);
    this.#host.touch(tile);
  }

  /** Lets it go everywhere; from the device when nobody uses it there any more. */
  drop(tile: StoredTile): void {
    tile.gone = true;
    if (tile.pins === 0) this.#device.remove(tile)?.release();
    this.#leaveHost(tile);
    this.#freeScratch(tile);
  }

  /** The tile on the device, if it is there with this padding. */
  pin(tile: StoredTile, halo: number): PinnedPlane | undefined {
    const plane = this.#device.get(tile);
    if (plane?.halo !== halo) return undefined;
    tile.pins++;
    let pinned = true;
    const release = async () => {
      if (!pinned) return;
      pinned = false;
      tile.pins--;
      if (tile.gone && tile.pins === 0) this.#device.remove(tile)?.release();
      await this.#settle();
    };
    return { plane, release };
  }

  /** The tile on the host, which keeps its copy there while there is room. */
  async lend(tile: StoredTile): Promise<PinnedPlane<Plane>> {
    tile.lent++;
    let plane: Plane | undefined;
    const release = async () => {
      if (--tile.lent === 0 && this.#host.get(tile) !== plane) freeBuffers([plane]); // it left meanwhile
    };
    try {
      plane = this.#host.get(tile);
      if (!plane) {
        plane = await this.#load(tile);
        await this.#settle();
      }
      return { plane, release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Empties the device. Returns what lived only there. */
  dropDevice(): StoredTile[] {
    const lost: StoredTile[] = [];
    for (const tile of this.#device.keys()) {
      this.#device.remove(tile)!.release();
      if (!tile.gone && !this.#host.get(tile) && tile.scratch === undefined) lost.push(tile);
    }
    return lost;
  }

  /** Removes the scratch file, when all tiles have been dropped and nobody uses them. */
  async close(): Promise<void> {
    for (const tile of this.#device.keys()) this.#device.remove(tile)!.release();
    await this.#evicting?.catch(() => {}); // whoever waited for it has heard
    await this.#scratch.dispose();
  }

  /** Brings a tile to the host, once for all who ask meanwhile. */
  #load(tile: StoredTile): Promise<Plane> {
    tile.loading ??= this.#fetch(tile).finally(() => {
      tile.loading = undefined;
    });
    return tile.loading;
  }

  async #fetch(tile: StoredTile): Promise<Plane> {
    const { type, cells } = tile;
    const plane = (await this.#device.get(tile)?.toHost()) ?? (await this.#scratch.read(tile.scratch!, type, cells));
    if (!tile.gone) this.#host.keep(tile, plane, plane.byteLength);
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
    if (fromDevice.length > 0) return fromDevice.map((tile) => () => this.#deviceToHost(tile));
    return this.#host.leaving().map((tile) => () => this.#hostToScratch(tile));
  }

  async #deviceToHost(tile: StoredTile): Promise<void> {
    try {
      if (!this.#host.get(tile)) await this.#load(tile);
    } catch (error) {
      if (this.#device.get(tile)) throw error; // otherwise it was lost or dropped meanwhile: nothing to save
    }
    if (tile.pins === 0) this.#device.remove(tile)?.release();
  }

  async #hostToScratch(tile: StoredTile): Promise<void> {
    const host = this.#host.get(tile);
    if (!host) return;
    if (!this.#device.get(tile) && tile.scratch === undefined) {
      tile.lent++;
      tile.scratch = await this.#scratch.append(host).finally(() => tile.lent--);
      if (tile.gone) this.#freeScratch(tile);
    }
    this.#leaveHost(tile);
  }

  /** Where somebody still looks at the plane, the collector finds it later. */
  #leaveHost(tile: StoredTile): void {
    const plane = this.#host.remove(tile);
    if (tile.lent === 0) freeBuffers([plane]);
  }

  /** Once whoever still reads it has done so. */
  #freeScratch({ scratch, cells, loading }: StoredTile): void {
    if (scratch === undefined) return;
    const free = () => this.#scratch.free(scratch, cells * BYTES);
    if (loading) void loading.then(free, free);
    else free();
  }
}

const BYTES = 4; // of a cell of any plane
