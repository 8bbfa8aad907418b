/**
 * What tiles tell each other. A tile works on its cells and `overlap` more on each side, as far as the grid goes; around these lies its halo
 * of one cell, which its neighbours tell: two rows and two columns of their own, `overlap` cells from their edges (border). The order of
 * cells is that of shaders/solvers/relax_rings.wgsl; the words of a cell stand together.
 */
import type { Window } from '../../core/grid.ts';
import { grow, intersect, type Tile, type Tiling, tileAt } from '../../core/tiles.ts';

/** What a tile works on. */
export function reachOf(grid: Pick<Window, 'width' | 'height'>, tile: Window, overlap: number): Window {
  return intersect(grow(tile, overlap), { x: 0, y: 0, width: grid.width, height: grid.height })!;
}

/** Cells of the border of a tile: northern row, southern row, western column, eastern column; where they cross, cells stand twice. */
export function borderCells({ width, height }: Window): number {
  return 2 * (width + height);
}

/** Cells around what a tile works on: north row and south row with the corners, west column, east column. */
export function haloCells({ width, height }: Window): number {
  return 2 * (width + 2) + 2 * height;
}

/** The tiles around one. */
export function neighboursOf(tiling: Tiling, { index }: Tile): Tile[] {
  const column = index % tiling.columns;
  const row = (index - column) / tiling.columns;
  const found: Tile[] = [];
  for (let y = Math.max(0, row - 1); y <= Math.min(tiling.rows - 1, row + 1); y++)
    for (let x = Math.max(0, column - 1); x <= Math.min(tiling.columns - 1, column + 1); x++)
      if (x !== column || y !== row) found.push(tileAt(tiling, y * tiling.columns + x));
  return found;
}

/** Takes the border of the tile `from` into the halo around `to`; returns how many cells changed. */
export function exchange(
  from: Window,
  border: Uint32Array,
  to: Window,
  halo: Uint32Array,
  words: number,
  overlap: number,
): number {
  let changed = 0;
  const take = (k: number, x: number, y: number) => {
    const at = borderIndex(from, x - from.x, y - from.y, overlap);
    if (at < 0) return;
    let same = true;
    for (let word = 0; word < words; word++) {
      same &&= halo[k * words + word] === border[at * words + word];
      halo[k * words + word] = border[at * words + word];
    }
    if (!same) changed++;
  };
  const { x, y, width, height } = to;
  for (let k = 0; k < width + 2; k++) {
    take(k, x - 1 + k, y - 1);
    take(width + 2 + k, x - 1 + k, y + height);
  }
  for (let k = 0; k < height; k++) {
    take(2 * (width + 2) + k, x - 1, y + k);
    take(2 * (width + 2) + height + k, x + width, y + k);
  }
  return changed;
}

/** Where the border has the cell; −1 where it has not. */
function borderIndex({ width, height }: Window, x: number, y: number, overlap: number): number {
  if (x < 0 || y < 0 || x >= width || y >= height) return -1;
  if (y === overlap) return x;
  if (y === height - 1 - overlap) return width + x;
  if (x === overlap) return 2 * width + y;
  return x === width - 1 - overlap ? 2 * width + height + y : -1;
}
