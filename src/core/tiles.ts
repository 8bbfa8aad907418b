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

/** The cells of a tile, without its number. */
export function windowOf({ x, y, width, height }: Tile): Window {
  return { x, y, width, height };
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

/** Indices of the tiles that a window of the grid touches, in row-major order; none where the window lies beyond the grid. */
export function tilesUnder(tiling: Tiling, window: Window): number[] {
  const { tileWidth, tileHeight, columns, rows } = tiling;
  const clamp = (value: number, last: number) => Math.min(Math.max(value, 0), last);
  const [x0, x1] = [window.x, window.x + window.width - 1].map((x) => clamp(Math.floor(x / tileWidth), columns - 1));
  const [y0, y1] = [window.y, window.y + window.height - 1].map((y) => clamp(Math.floor(y / tileHeight), rows - 1));
  const found: number[] = [];
  for (let row = y0; row <= y1; row++)
    for (let column = x0; column <= x1; column++) {
      const index = row * columns + column;
      if (intersect(window, tileAt(tiling, index))) found.push(index);
    }
  return found;
}
