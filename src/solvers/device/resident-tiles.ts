/** Tiles on a device: the least recently used leaves when another needs its place, its state to host memory or scratch. */
import type { Tile } from '../../core/tiles.ts';
import type { DeviceSolveRequest } from '../solver.ts';
import { TileStates } from '../tile-states.ts';
import type { RelaxTile } from './relax-tile.ts';

export class ResidentTiles {
  readonly #most: number;
  readonly #states: TileStates;
  readonly #load: (tile: Tile, kept?: readonly ArrayBufferLike[]) => Promise<RelaxTile>;
  /** In the order of use, the latest last. */
  readonly #tiles = new Map<number, RelaxTile>();

  constructor(
    { memory, openScratch }: Pick<DeviceSolveRequest, 'memory' | 'openScratch'>,
    most: number,
    load: (tile: Tile, kept?: readonly ArrayBufferLike[]) => Promise<RelaxTile>,
  ) {
    this.#most = most;
    this.#states = new TileStates(memory, openScratch);
    this.#load = load;
  }

  /** The tile, brought to the device where it is not there. One at a time. */
  async use(tile: Tile): Promise<RelaxTile> {
    const known = this.#tiles.get(tile.index);
    if (known) {
      this.#tiles.delete(tile.index);
      this.#tiles.set(tile.index, known);
      return known;
    }
    for (const [index, other] of this.#tiles) {
      if (this.#tiles.size < this.#most) break;
      await this.#states.put(index, await other.keep());
      this.#tiles.delete(index);
      other.release();
    }
    const loaded = await this.#load(
      tile,
      this.#states.has(tile.index) ? await this.#states.take(tile.index) : undefined,
    );
    this.#tiles.set(tile.index, loaded);
    return loaded;
  }

  /** Of those that wait, the first; the first that is here where another would have to leave, which costs more than a visit. */
  firstOf(waiting: Iterable<number>): number {
    let first: number | undefined;
    for (const index of waiting) {
      first ??= index;
      if (this.#tiles.size < this.#most) break;
      if (this.#tiles.has(index)) return index;
    }
    return first!;
  }

  /** All of `count` tiles, first those that are here. */
  order(count: number): number[] {
    const here = [...this.#tiles.keys()].reverse();
    return [...here, ...Array.from({ length: count }, (_, index) => index).filter((index) => !this.#tiles.has(index))];
  }

  /** Without keeping its state. */
  drop(tile: Tile): void {
    this.#tiles.get(tile.index)?.release();
    this.#tiles.delete(tile.index);
  }

  async close(): Promise<void> {
    for (const tile of this.#tiles.values()) tile.release();
    this.#tiles.clear();
    await this.#states.close();
  }
}
