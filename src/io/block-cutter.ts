/** Rectangles of cells cut into the blocks of a file; a block goes on when its last cell has come. */
import { allocatePlane, type CellType, nodataOf, type Plane } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import type { Window } from '../core/grid.ts';
import { intersect, tileAt, tilingOf } from '../core/tiles.ts';

interface Begun {
  readonly cells: Plane;
  missing: number;
}

export interface BlockCutter {
  cut(window: Window, cells: Plane): Promise<void>;
  /** Sends on what has only come in part; the cells that are missing are nodata. */
  flush(): Promise<void>;
}

/** `submit` takes blockSize² cells, padded with nodata, and resolves when the next may come. */
export function blockCutter(
  { grid }: { readonly grid: { readonly width: number; readonly height: number } },
  { blockSize, file }: { readonly blockSize: number; readonly file: string },
  submit: (index: number, cells: Plane) => Promise<void>,
): BlockCutter {
  const tiling = tilingOf(grid, blockSize);
  const begun = new Map<number, Begun>();

  return {
    async cut(window, cells) {
      check(window, cells);
      const type: CellType = cells instanceof Float32Array ? 'f32' : 'u32';
      const lastColumn = Math.floor((window.x + window.width - 1) / blockSize);
      const lastRow = Math.floor((window.y + window.height - 1) / blockSize);
      for (let row = Math.floor(window.y / blockSize); row <= lastRow; row++) {
        for (let column = Math.floor(window.x / blockSize); column <= lastColumn; column++) {
          const index = row * tiling.columns + column;
          const tile = tileAt(tiling, index);
          const shared = intersect(window, tile)!;
          const block = begun.get(index) ?? begin(type, shared, tile);
          copyInto(block.cells, cells, shared, window, tile);
          block.missing -= shared.width * shared.height;
          if (block.missing < 0)
            throw new EcofluxError('Bug', 'cells were written twice', { file, place: `block ${index}` });
          if (block.missing > 0) begun.set(index, block);
          else {
            begun.delete(index);
            await submit(index, block.cells);
          }
        }
      }
    },
    async flush() {
      for (const [index, { cells }] of begun) {
        begun.delete(index);
        await submit(index, cells);
      }
    },
  };

  function begin(type: CellType, shared: Window, tile: Window): Begun {
    const cells = allocatePlane(type, blockSize * blockSize);
    if (shared.width * shared.height < cells.length) cells.fill(nodataOf(type));
    return { cells, missing: tile.width * tile.height };
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
