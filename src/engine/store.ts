/**
 * Fields kept between passes, tile by tile. Each tile of a field lives on the device, in host memory or in a scratch file; the
 * least recently used goes out first, from device to host and from host to scratch, whenever a budget is passed. A small grid is
 * simply one whose tiles never leave the device.
 */
import type { CellType, Plane } from '../core/cells.ts';
import { allocatePlane, nodataOf } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { Window } from '../core/grid.ts';
import { intersect, type Tile, type Tiling, tileAt } from '../core/tiles.ts';

/** A tile of a field in device memory, owned by whoever holds it. */
export interface DevicePlane {
  readonly bytes: number;
  /** Cells of padding around the tile on the device: a later visit can use it only with the same padding. */
  readonly halo: number;
  toHost(): Promise<Plane>;
  release(): void;
}

/** An append-only file for what memory cannot hold; Spool of src/io satisfies it. */
export interface Scratch {
  append(bytes: Uint8Array): Promise<number>;
  read(offset: number, length: number): Promise<Uint8Array>;
  dispose(): Promise<void>;
}

interface Entry {
  readonly field: string;
  readonly tile: number;
  readonly type: CellType;
  readonly bytes: number;
  device?: DevicePlane;
  host?: Plane;
  scratch?: number;
  /** Set while it moves, so that it is not moved twice. */
  moving?: Promise<void>;
  /** Visits that use it where it is. */
  pins: number;
}

export interface StoreUse {
  readonly deviceBytes: number;
  readonly hostBytes: number;
  readonly scratchBytes: number;
}

export class FieldStore {
  readonly #tiling: Tiling;
  readonly #budget: { readonly device: number; readonly host: number };
  readonly #openScratch: () => Promise<Scratch>;
  /** In order of use: the first is the least recent. */
  readonly #entries = new Map<string, Entry>();
  #scratch: Promise<Scratch> | undefined;
  #deviceBytes = 0;
  #hostBytes = 0;
  #scratchBytes = 0;

  constructor(tiling: Tiling, budget: { readonly device: number; readonly host: number }, openScratch: () => Promise<Scratch>) {
    this.#tiling = tiling;
    this.#budget = budget;
    this.#openScratch = openScratch;
  }

  get use(): StoreUse {
    return { deviceBytes: this.#deviceBytes, hostBytes: this.#hostBytes, scratchBytes: this.#scratchBytes };
  }

  has(field: string, tile: number): boolean {
    return this.#entries.has(key(field, tile));
  }

  /** Takes a tile; an older one of the same place is let go. Resolves when the budgets hold again. */
  async put(field: string, tile: number, type: CellType, plane: { device?: DevicePlane; host?: Plane }): Promise<void> {
    this.#forget(key(field, tile));
    const bytes = plane.host?.byteLength ?? plane.device!.bytes;
    const entry: Entry = { field, tile, type, bytes, pins: 0, ...plane };
    this.#entries.set(key(field, tile), entry);
    if (entry.device) this.#deviceBytes += entry.device.bytes;
    if (entry.host) this.#hostBytes += bytes;
    await this.#settle();
  }

  /** The tile on the device, if it is there with this padding; it stays there until `unpin`. */
  pinDevice(field: string, tile: number, halo: number): DevicePlane | undefined {
    const entry = this.#touch(field, tile);
    if (entry.moving || entry.device?.halo !== halo) return undefined;
    entry.pins++;
    return entry.device;
  }

  async unpin(field: string, tile: number): Promise<void> {
    const entry = this.#entries.get(key(field, tile));
    if (!entry || entry.pins === 0) return;
    entry.pins--;
    await this.#settle();
  }

  /** The cells of one tile, row by row, without padding; not to be changed by the caller. */
  async host(field: string, tile: number): Promise<Plane> {
    const entry = this.#touch(field, tile);
    await entry.moving;
    if (entry.host) return entry.host;
    if (entry.device) return entry.device.toHost();
    return this.#fromScratch(entry);
  }

  /** A window that may span tiles and reach beyond the grid, where it is nodata. */
  async window(field: string, type: CellType, window: Window): Promise<Plane> {
    const out = allocatePlane(type, window.width * window.height).fill(nodataOf(type));
    for (const tile of this.#touched(window)) {
      const shared = intersect(window, tile)!;
      const from = await this.host(field, tile.index);
      for (let row = 0; row < shared.height; row++) {
        const start = (shared.y + row - tile.y) * tile.width + shared.x - tile.x;
        out.set(from.subarray(start, start + shared.width), (shared.y + row - window.y) * window.width + shared.x - window.x);
      }
    }
    return out;
  }

  /** Tiles that a window touches. */
  tilesUnder(window: Window): number[] {
    return this.#touched(window).map(({ index }) => index);
  }

  /** After a device was lost: what lived only there is gone. Returns what has to be made again. */
  dropDevice(): { field: string; tile: number }[] {
    const lost: { field: string; tile: number }[] = [];
    for (const [id, entry] of this.#entries) {
      if (!entry.device) continue;
      this.#deviceBytes -= entry.device.bytes;
      entry.device = undefined;
      if (entry.host || entry.scratch !== undefined) continue;
      this.#entries.delete(id);
      lost.push({ field: entry.field, tile: entry.tile });
    }
    return lost;
  }

  async close(): Promise<void> {
    for (const id of [...this.#entries.keys()]) this.#forget(id);
    await (await this.#scratch)?.dispose();
    this.#scratch = undefined;
  }

  #touched(window: Window): Tile[] {
    const { tileWidth, tileHeight, columns, rows } = this.#tiling;
    const clamp = (value: number, last: number) => Math.min(Math.max(value, 0), last);
    const out: Tile[] = [];
    const [x0, x1] = [window.x, window.x + window.width - 1].map((x) => clamp(Math.floor(x / tileWidth), columns - 1));
    const [y0, y1] = [window.y, window.y + window.height - 1].map((y) => clamp(Math.floor(y / tileHeight), rows - 1));
    for (let y = y0; y <= y1; y++)
      for (let x = x0; x <= x1; x++) {
        const tile = tileAt(this.#tiling, y * columns + x);
        if (intersect(window, tile)) out.push(tile);
      }
    return out;
  }

  #touch(field: string, tile: number): Entry {
    const id = key(field, tile);
    const entry = this.#entries.get(id);
    if (!entry) throw new EcofluxError('Bug', `the store has no tile ${tile} of '${field}'`);
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    return entry;
  }

  /** Moves the least recently used tiles one level out until both budgets hold. */
  async #settle(): Promise<void> {
    for (const entry of this.#entries.values()) {
      if (this.#deviceBytes <= this.#budget.device) break;
      if (entry.device && !entry.moving && entry.pins === 0) await this.#move(entry, () => this.#deviceToHost(entry));
    }
    for (const entry of this.#entries.values()) {
      if (this.#hostBytes <= this.#budget.host) break;
      if (entry.host && !entry.moving) await this.#move(entry, () => this.#hostToScratch(entry));
    }
  }

  async #move(entry: Entry, work: () => Promise<void>): Promise<void> {
    entry.moving = work().finally(() => {
      entry.moving = undefined;
    });
    await entry.moving;
  }

  async #deviceToHost(entry: Entry): Promise<void> {
    const device = entry.device!;
    const host = await device.toHost();
    if (entry.device !== device) return; // lost meanwhile
    entry.device = undefined;
    this.#deviceBytes -= device.bytes;
    device.release();
    entry.host = host;
    this.#hostBytes += entry.bytes;
  }

  async #hostToScratch(entry: Entry): Promise<void> {
    const host = entry.host!;
    this.#scratch ??= this.#openScratch();
    const offset = await (await this.#scratch).append(new Uint8Array(host.buffer, host.byteOffset, host.byteLength));
    entry.scratch = offset;
    entry.host = undefined;
    this.#hostBytes -= entry.bytes;
    this.#scratchBytes += host.byteLength;
  }

  async #fromScratch(entry: Entry): Promise<Plane> {
    const { width, height } = tileAt(this.#tiling, entry.tile);
    const bytes = await (await this.#scratch!).read(entry.scratch!, width * height * 4);
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
    const plane = entry.type === 'f32' ? Float32Array : Uint32Array;
    return new plane(aligned.buffer as ArrayBuffer, aligned.byteOffset, width * height);
  }

  #forget(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    if (entry.device) {
      this.#deviceBytes -= entry.device.bytes;
      entry.device.release();
    }
    if (entry.host) this.#hostBytes -= entry.bytes;
  }
}

function key(field: string, tile: number): string {
  return `${field}\n${tile}`;
}
