/** How a grid is cut into tiles: equal rectangles in row-major order, the last column and row cut short. */
import type { Window } from './grid.ts';

export interface Tiling {
  readonly width: number;
  readonly height: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly columns: number;
  readonly rows: number;
  readonly count: number;
}

export interface Tile extends Window {
  readonly index: number;
}

export function tilingOf(
  grid: { readonly width: number; readonly height: number },
  tileWidth: number,
  tileHeight = tileWidth,
): Tiling {
  const columns = Math.ceil(grid.width / tileWidth);
  const rows = Math.ceil(grid.height / tileHeight);
  return { width: grid.width, height: grid.height, tileWidth, tileHeight, columns, rows, count: columns * rows };
}

export function tileAt(tiling: Tiling, index: number): Tile {
  const x = (index % tiling.columns) * tiling.tileWidth;
  const y = Math.floor(index / tiling.columns) * tiling.tileHeight;
  return {
    index,
    x,
    y,
    width: Math.min(tiling.tileWidth, tiling.width - x),
    height: Math.min(tiling.tileHeight, tiling.height - y),
  };
}

export function* tilesOf(tiling: Tiling): Generator<Tile> {
  for (let index = 0; index < tiling.count; index++) yield tileAt(tiling, index);
}

/** The window grown by `halo` cells on every side; it may reach beyond the grid. */
export function grow(window: Window, halo: number): Window {
  return {
    x: window.x - halo,
    y: window.y - halo,
    width: window.width + 2 * halo,
    height: window.height + 2 * halo,
  };
}

/** The part that two windows share, or undefined. */
export function intersect(a: Window, b: Window): Window | undefined {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}
