/**
 * A tile with the ring of cells around it, as its visits see it: planes of (width + 2) × (height + 2) cells, row by row. What a cell on the
 * border of the tile came to be is sent to the tiles that have it in their rings.
 */
import type { Tile, Tiling } from '../../core/tiles.ts';
import { offsetsOf } from './directions.ts';

export interface TileFrame {
  readonly tiling: Tiling;
  readonly tile: Tile;
  /** Cells of a row, the ring's included. */
  readonly stride: number;
  /** Cells of the frame. */
  readonly cells: number;
  /** To the neighbour in each direction. */
  readonly offsets: Int32Array;
}

export function frameOf(tiling: Tiling, tile: Tile): TileFrame {
  const stride = tile.width + 2;
  return { tiling, tile, stride, cells: stride * (tile.height + 2), offsets: Int32Array.from(offsetsOf(stride)) };
}

/** Calls with each cell of the ring and whether it lies in the grid. */
export function eachRingCell(frame: TileFrame, call: (cell: number, inGrid: boolean) => void): void {
  const { tiling, tile, stride } = frame;
  const visit = (x: number, y: number) => {
    const [gridX, gridY] = [tile.x + x - 1, tile.y + y - 1];
    call(y * stride + x, gridX >= 0 && gridY >= 0 && gridX < tiling.width && gridY < tiling.height);
  };
  for (let x = 0; x < stride; x++) {
    visit(x, 0);
    visit(x, tile.height + 1);
  }
  for (let y = 1; y <= tile.height; y++) {
    visit(0, y);
    visit(stride - 1, y);
  }
}

/** Whether it is no cell of the ring, nor beyond the frame. */
export function isOwnCell({ tile, stride, cells }: TileFrame, cell: number): boolean {
  if (cell < 0 || cell >= cells) return false;
  const x = cell % stride;
  const y = (cell - x) / stride;
  return x >= 1 && x <= tile.width && y >= 1 && y <= tile.height;
}

/** The tile's own cells of a plane of its frame. */
export function withoutRing<P extends Float32Array | Float64Array | Uint32Array>(
  frame: TileFrame,
  plane: ArrayLike<number> & { subarray(from: number, to: number): ArrayLike<number> },
  into: P,
): P {
  const { tile, stride } = frame;
  for (let y = 0; y < tile.height; y++) {
    const from = (y + 1) * stride + 1;
    into.set(plane.subarray(from, from + tile.width), y * tile.width);
  }
  return into;
}

/** For the tile `to`: cells of that tile's ring and what is known of them, a cell and its values after each other. */
export interface Letter {
  readonly to: number;
  readonly cells: number;
  readonly records: Float64Array;
}

/** Collects what cells on the border have for the tiles around. */
export class Letters {
  readonly #frame: TileFrame;
  readonly #values: number;
  /** For the sides −1..1 of columns and rows, at 3 (row + 1) + column + 1. */
  readonly #sides: (number[] | undefined)[] = new Array(9).fill(undefined);

  constructor(frame: TileFrame, values: number) {
    this.#frame = frame;
    this.#values = values;
  }

  /** The bit of the side that a ring cell lies on. */
  sideOf(ringCell: number): number {
    const { tile, stride } = this.#frame;
    const x = ringCell % stride;
    const y = (ringCell - x) / stride;
    const column = x < 1 ? 0 : x > tile.width ? 2 : 1;
    const row = y < 1 ? 0 : y > tile.height ? 2 : 1;
    return 1 << (3 * row + column);
  }

  /** To the tiles of all sides in `sides`. */
  add(cell: number, sides: number, values: readonly number[]): void {
    for (let side = 0; side < 9; side++) {
      if (!(sides & (1 << side))) continue;
      this.#sides[side] ??= [];
      this.#sides[side]!.push(this.#cellAt(side, cell), ...values);
    }
  }

  sealed(): Letter[] {
    const { tile, tiling } = this.#frame;
    return this.#sides.flatMap((records, side) =>
      records
        ? [
            {
              to: tile.index + ((side % 3) - 1) + (Math.floor(side / 3) - 1) * tiling.columns,
              cells: records.length / (1 + this.#values),
              records: Float64Array.from(records),
            },
          ]
        : [],
    );
  }

  /** Where the tile on that side has the cell in its own frame. */
  #cellAt(side: number, cell: number): number {
    const { tile, tiling, stride } = this.#frame;
    const [left, width] = extent(tile.x, tile.width, tiling.tileWidth, tiling.width, (side % 3) - 1);
    const [top] = extent(tile.y, tile.height, tiling.tileHeight, tiling.height, Math.floor(side / 3) - 1);
    const x = tile.x + (cell % stride) - 1;
    const y = tile.y + Math.floor(cell / stride) - 1;
    return (y - top + 1) * (width + 2) + (x - left + 1);
  }
}

/** First cell and length of a tile's neighbour in one dimension. */
function extent(start: number, length: number, step: number, end: number, side: number): [number, number] {
  if (side < 0) return [start - step, step];
  if (side === 0) return [start, length];
  return [start + length, Math.min(step, end - start - length)];
}
