/**
 * Fields kept between passes, tile by tile: on the device, in host memory or in a scratch file, as the budgets allow (store-levels.ts).
 * A small grid is simply one whose tiles never leave the device. Tiles of nothing but nodata take no memory.
 */
import type { CellType, Plane } from '../core/cells.ts';
import { allocatePlane, nodataOf } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { Window } from '../core/grid.ts';
import type { Scratch } from '../core/scratch.ts';
import { intersect, type Tiling, tileAt, tilesUnder } from '../core/tiles.ts';
import { type DevicePlane, type PinnedPlane, type StoredTile, StoreLevels, type StoreUse } from './store-levels.ts';

export class FieldStore {
  readonly #tiling: Tiling;
  readonly #tiles = new Map<string, StoredTile>();
  readonly #levels: StoreLevels;

  constructor(
    tiling: Tiling,
    budget: { readonly device: number; readonly host: number },
    openScratch: () => Promise<Scratch>,
  ) {
    this.#tiling = tiling;
    this.#levels = new StoreLevels(budget, openScratch);
  }

  get use(): StoreUse {
    return this.#levels.use;
  }

  has(field: string, tile: number): boolean {
    return this.#tiles.has(key(field, tile));
  }

  /** Takes a tile, at once; an older one of the same place is let go. Resolves when the budgets hold again. */
  put(field: string, tile: number, type: CellType, planes: { device?: DevicePlane; host?: Plane }): Promise<void> {
    return this.#levels.keep(this.#add(field, tile, type, false), planes);
  }

  /** A tile that is nodata throughout, which takes no memory. */
  putEmpty(field: string, tile: number, type: CellType): void {
    this.#add(field, tile, type, true);
  }

  /** Lets a tile go, if it is there: nobody will ask for it again. */
  drop(field: string, tile: number): void {
    const stored = this.#tiles.get(key(field, tile));
    if (!stored) return;
    this.#tiles.delete(key(field, tile));
    this.#levels.drop(stored);
  }

  /** Lets all tiles of a field go. */
  dropField(field: string): void {
    for (let tile = 0; tile < this.#tiling.count; tile++) this.drop(field, tile);
  }

  /** The tile on the device, if it is there with this padding. */
  pinDevice(field: string, tile: number, halo: number): PinnedPlane | undefined {
    return this.#levels.pin(this.#use(field, tile), halo);
  }

  /** The cells of one tile, row by row, without padding; not to be changed by the caller, nor looked at after the release. */
  async host(field: string, tile: number): Promise<PinnedPlane<Plane>> {
    const stored = this.#use(field, tile);
    const { type, cells, empty } = stored;
    if (empty) return { plane: allocatePlane(type, cells).fill(nodataOf(type)), release: async () => {} };
    return this.#levels.lend(stored);
  }

  /** A window that may span tiles and reach beyond the grid, where it is nodata. `into`: the plane to fill instead of a new one. */
  async window(field: string, type: CellType, window: Window, into?: Plane): Promise<Plane> {
    const out = (into ?? allocatePlane(type, window.width * window.height)).fill(nodataOf(type));
    for (const index of tilesUnder(this.#tiling, window)) {
      if (this.#use(field, index).empty) continue;
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
    const lost = this.#levels.dropDevice().map(({ field, tile }) => ({ field, tile }));
    for (const { field, tile } of lost) this.drop(field, tile);
    return lost;
  }

  /** Lets everything go and removes the scratch file. Nobody may be using the store any more. */
  async close(): Promise<void> {
    for (const { field, tile } of [...this.#tiles.values()]) this.drop(field, tile);
    await this.#levels.close();
  }

  #add(field: string, tile: number, type: CellType, empty: boolean): StoredTile {
    this.drop(field, tile);
    const { width, height } = tileAt(this.#tiling, tile);
    const stored = { field, tile, type, cells: width * height, empty, pins: 0, lent: 0, gone: false };
    this.#tiles.set(key(field, tile), stored);
    return stored;
  }

  #use(field: string, tile: number): StoredTile {
    const stored = this.#tiles.get(key(field, tile));
    if (!stored) throw new EcofluxError('Bug', `the store has no tile ${tile} of '${field}'`);
    this.#levels.touch(stored);
    return stored;
  }
}

function key(field: string, tile: number): string {
  return `${field}\n${tile}`;
}
