/** Which tiles a window of the grid touches. */
import type { Window } from '../core/grid.ts';
import { intersect, type Tiling, tileAt } from '../core/tiles.ts';

/** Indices in row-major order; none where the window lies beyond the grid. */
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
