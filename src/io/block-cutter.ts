/**
 * Rectangles of cells cut into the blocks of a file; a block goes on when its last cell has come. A block that is only nodata takes no
 * memory, and one that an earlier run encoded is passed over.
 */
import { allocatePlane, type CellType, nodataOf, type Plane } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { Window } from '../core/grid.ts';
import { intersect, tileAt, tilesUnder, tilingOf } from '../core/tiles.ts';

interface Begun {
  /** Absent while only nodata has come. */
  cells?: Plane;
  missing: number;
}

export interface BlockCutter {
  cut(window: Window, cells: Plane): Promise<void>;
  /** The window is nodata. */
  skip(window: Window): Promise<void>;
  /** Sends on what has only come in part; the cells that are missing are nodata. */
  flush(): Promise<void>;
}

/** Where blocks go: `submit` takes blockSize² cells, padded with nodata, and resolves when the next may come. */
export interface BlockTaker {
  has(index: number): boolean;
  submit(index: number, cells: Plane): Promise<void>;
  submitEmpty(index: number): Promise<void>;
}

export function blockCutter(
  { grid }: { readonly grid: { readonly width: number; readonly height: number } },
  { blockSize, file }: { readonly blockSize: number; readonly file: string },
  taker: BlockTaker,
): BlockCutter {
  const tiling = tilingOf(grid, blockSize);
  const begun = new Map<number, Begun>();

  return {
    async cut(window, cells) {
      check(window, cells);
      await take(window, cells);
    },
    skip: (window) => take(window, undefined),
    async flush() {
      for (const [index, block] of begun) {
        begun.delete(index);
        await pass(index, block);
      }
    },
  };

  async function take(window: Window, cells: Plane | undefined): Promise<void> {
    for (const index of tilesUnder(tiling, window)) {
      if (taker.has(index)) continue;
      const tile = tileAt(tiling, index);
      const shared = intersect(window, tile)!;
      if (cells && isWhole(cells, window, tile)) {
        await pass(index, { cells, missing: 0 });
        continue;
      }
      const block = begun.get(index) ?? { missing: tile.width * tile.height };
      if (cells) {
        block.cells ??= begin(cells instanceof Float32Array ? 'f32' : 'u32', shared);
        copyInto(block.cells, cells, shared, window, tile);
      }
      block.missing -= shared.width * shared.height;
      if (block.missing < 0)
        throw new EcofluxError('Bug', 'cells were written twice', { file, place: `block ${index}` });
      if (block.missing > 0) begun.set(index, block);
      else {
        begun.delete(index);
        await pass(index, block);
      }
    }
  }

  function pass(index: number, { cells }: Begun): Promise<void> {
    return cells ? taker.submit(index, cells) : taker.submitEmpty(index);
  }

  /** Whether the rectangle is the block, which then need not be copied. */
  function isWhole(cells: Plane, { x, y }: Window, tile: Window): boolean {
    const own = cells.byteLength === cells.buffer.byteLength; // what is more would go to the worker too
    return own && x === tile.x && y === tile.y && tile.width === blockSize && cells.length === blockSize * blockSize;
  }

  function begin(type: CellType, shared: Window): Plane {
    const cells = allocatePlane(type, blockSize * blockSize);
    return shared.width * shared.height < cells.length ? cells.fill(nodataOf(type)) : cells;
  }

  function copyInto(block: Plane, cells: Plane, shared: Window, window: Window, tile: Window): void {
    for (let row = shared.y; row < shared.y + shared.height; row++) {
      const from = (row - window.y) * window.width + shared.x - window.x;
      block.set(cells.subarray(from, from + shared.width), (row - tile.y) * blockSize + shared.x - tile.x);
    }
  }

  function check({ x, y, width, height }: Window, cells: Plane): void {
    const inside = x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= grid.width && y + height <= grid.height;
    if (inside && cells.length === width * height) return;
    throw new EcofluxError('Bug', 'a rectangle does not fit the raster it is written to', {
      file,
      found: `${cells.length} cells for columns ${x}..${x + width}, rows ${y}..${y + height}`,
      expected: `cells inside ${grid.width} × ${grid.height}`,
    });
  }
}
