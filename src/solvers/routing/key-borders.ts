/** Keys of plateau cells on the sides of tiles, and which tiles have to look at them again. */
import { type Tiling, tileAt } from '../../core/tiles.ts';
import { NO_KEY, type PlateauCells, ringSize } from './plateaus.ts';

/** North, south, west, east. */
type Sides = readonly Uint32Array[];

export class KeyBorders {
  readonly #tiling: Tiling;
  readonly #sides = new Map<number, Sides>();
  #changed = new Set<number>();

  constructor(tiling: Tiling) {
    this.#tiling = tiling;
  }

  /** Tiles with open plateau cells. */
  tiles(): number[] {
    return [...this.#sides.keys()];
  }

  /** Keys of a tile's open cells after a visit. Tiles around that see a change are to be visited, unless they are `waiting` for that. */
  set(tile: number, { cells, keys }: Pick<PlateauCells, 'cells' | 'keys'>, waiting?: ReadonlySet<number>): void {
    const { width, height } = tileAt(this.#tiling, tile);
    const sides = [width, width, height, height].map((length) => new Uint32Array(length).fill(NO_KEY));
    for (let slot = 0; slot < cells.length; slot++) {
      const x = cells[slot] % width;
      const y = (cells[slot] - x) / width;
      if (y === 0) sides[0][x] = keys[slot];
      if (y === height - 1) sides[1][x] = keys[slot];
      if (x === 0) sides[2][y] = keys[slot];
      if (x === width - 1) sides[3][y] = keys[slot];
    }
    const before = this.#sides.get(tile);
    this.#sides.set(tile, sides);
    const differs = (side: number, from = 0, to = sides[side].length) => {
      for (let k = from; k < to; k++) if (sides[side][k] !== (before ? before[side][k] : NO_KEY)) return true;
      return false;
    };
    for (const [row, side] of [
      [-1, 0],
      [1, 1],
    ]) {
      if (!differs(side)) continue;
      this.#mark(tile, 0, row, waiting);
      if (differs(side, 0, 1)) this.#mark(tile, -1, row, waiting);
      if (differs(side, width - 1)) this.#mark(tile, 1, row, waiting);
    }
    if (differs(2)) this.#mark(tile, -1, 0, waiting);
    if (differs(3)) this.#mark(tile, 1, 0, waiting);
  }

  /** Tiles with open cells whose surroundings changed since the last call. */
  takeChanged(): Set<number> {
    const changed = new Set([...this.#changed].filter((tile) => this.#sides.has(tile)));
    this.#changed = new Set();
    return changed;
  }

  /** Keys of the cells around a tile. */
  ring(tile: number): Uint32Array {
    const { width, height } = tileAt(this.#tiling, tile);
    const ring = new Uint32Array(ringSize(width, height)).fill(NO_KEY);
    const pitch = width + 2;
    for (const [row, side, at] of [
      [-1, 1, 0],
      [1, 0, pitch],
    ]) {
      this.#put(ring, at, this.#side(tile, -1, row, side)?.subarray(-1));
      this.#put(ring, at + 1, this.#side(tile, 0, row, side));
      this.#put(ring, at + 1 + width, this.#side(tile, 1, row, side)?.subarray(0, 1));
    }
    this.#put(ring, 2 * pitch, this.#side(tile, -1, 0, 3));
    this.#put(ring, 2 * pitch + height, this.#side(tile, 1, 0, 2));
    return ring;
  }

  #put(ring: Uint32Array, at: number, keys: Uint32Array | undefined): void {
    if (keys) ring.set(keys, at);
  }

  #side(tile: number, columns: number, rows: number, side: number): Uint32Array | undefined {
    const neighbour = this.#neighbour(tile, columns, rows);
    return neighbour === undefined ? undefined : this.#sides.get(neighbour)?.[side];
  }

  #mark(tile: number, columns: number, rows: number, waiting?: ReadonlySet<number>): void {
    const neighbour = this.#neighbour(tile, columns, rows);
    if (neighbour !== undefined && !waiting?.has(neighbour)) this.#changed.add(neighbour);
  }

  #neighbour(tile: number, columns: number, rows: number): number | undefined {
    const column = (tile % this.#tiling.columns) + columns;
    const row = Math.floor(tile / this.#tiling.columns) + rows;
    const inside = column >= 0 && row >= 0 && column < this.#tiling.columns && row < this.#tiling.rows;
    return inside ? row * this.#tiling.columns + column : undefined;
  }
}
