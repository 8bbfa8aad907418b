/**
 * The order in which tiles are visited: along Morton's curve, on which four neighbours come one after another, then the four such squares
 * around them, and so on. What waits for its neighbours (blocks of a file, quarters of overviews) then waits briefly, however wide the grid.
 */
import type { Tiling } from './tiles.ts';

/** Indices of all tiles. */
export function curveOf({ columns, rows, count }: Tiling): Uint32Array {
  const order = new Uint32Array(count);
  let length = 0;
  const square = (x: number, y: number, size: number): void => {
    if (x >= columns || y >= rows) return;
    if (size === 1) {
      order[length++] = y * columns + x;
      return;
    }
    const half = size / 2;
    square(x, y, half);
    square(x + half, y, half);
    square(x, y + half, half);
    square(x + half, y + half, half);
  };
  square(0, 0, 2 ** Math.ceil(Math.log2(Math.max(columns, rows, 1))));
  return order;
}
