/** Where the rows of samples are: their numbers run in row-major order over the cells of the grid, which are held in tiles. */
import type { Tile, Tiling } from '../../core/tiles.ts';

export interface RowPlace {
  /** Index of the tile. */
  readonly tile: number;
  /** Among the rows of the tile. */
  readonly row: number;
}

export class RowPlaces {
  readonly #tiling: Tiling;
  /** Rows in each line of a tile. */
  readonly #lines = new Map<number, Uint32Array>();
  rows = 0;

  constructor(tiling: Tiling) {
    this.#tiling = tiling;
  }

  add({ index }: Tile, lines: Uint32Array): void {
    this.#lines.set(index, lines);
    for (const count of lines) this.rows += count;
  }

  of(rows: readonly number[]): RowPlace[] {
    const { width, height, tileHeight, columns } = this.#tiling;
    if (width === 0) return [];
    const tilesOfLine = (y: number) => {
      const first = Math.floor(y / tileHeight) * columns;
      return Array.from({ length: columns }, (_, i) => first + i).filter((index) => this.#lines.has(index));
    };
    // Of each line of the grid the number of its first row.
    const starts = new Float64Array(height + 1);
    for (let y = 0; y < height; y++)
      starts[y + 1] = tilesOfLine(y).reduce((sum, index) => sum + this.#lines.get(index)![y % tileHeight], starts[y]);
    return rows.map((row) => {
      let [low, high] = [0, height];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (starts[middle] <= row) low = middle;
        else high = middle;
      }
      let left = row - starts[low];
      for (const index of tilesOfLine(low)) {
        const lines = this.#lines.get(index)!;
        const here = low % tileHeight;
        if (left >= lines[here]) {
          left -= lines[here];
          continue;
        }
        for (let y = 0; y < here; y++) left += lines[y];
        return { tile: index, row: left };
      }
      throw new RangeError(`there is no row ${row} of ${this.rows}`);
    });
  }
}
