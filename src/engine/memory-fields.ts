/** A plane in memory as a source of windows, and as a place for finished tiles. */
import { allocatePlane, type CellType, nodataOf, type Plane } from '../core/cells.ts';
import type { Window } from '../core/grid.ts';
import { intersect } from '../core/tiles.ts';
import type { FieldReader, FieldWriter } from './run.ts';

/** Reads windows of a whole plane; beyond the grid they are nodata. */
export function memoryReader(
  size: { readonly width: number; readonly height: number },
  type: CellType,
  plane: Plane,
): FieldReader {
  const whole = { x: 0, y: 0, width: size.width, height: size.height };
  return {
    async read(window: Window) {
      const out = allocatePlane(type, window.width * window.height).fill(nodataOf(type));
      const shared = intersect(window, whole);
      if (!shared) return out;
      for (let row = 0; row < shared.height; row++) {
        const start = (shared.y + row) * size.width + shared.x;
        const to = (shared.y + row - window.y) * window.width + shared.x - window.x;
        out.set(plane.subarray(start, start + shared.width), to);
      }
      return out;
    },
  };
}

/** Puts finished tiles into a whole plane. */
export function memoryWriter(grid: { readonly width: number }, plane: Plane): FieldWriter {
  return {
    async write({ x, y, width, height }: Window, cells: Plane) {
      for (let row = 0; row < height; row++)
        plane.set(cells.subarray(row * width, (row + 1) * width), (y + row) * grid.width + x);
    },
  };
}
