/** Cells of a raster whose values are not what a model means: how many there are, and where the first one is. Read only where it is known that there are some. */
import { nodataOf } from '../core/cells.ts';
import type { Grid } from '../core/grid.ts';
import { tilesOf, tilingOf } from '../core/tiles.ts';
import type { FieldReader } from '../engine/run.ts';

/** Rows that are read at once, whatever the width. */
const CELLS = 2 ** 22;

export interface OddCells {
  readonly count: number;
  /** The first one from the north, and in its row from the west. */
  readonly first: { readonly x: number; readonly y: number; readonly value: number };
}

/** Undefined where there is none. Nodata is not looked at. */
export async function findCells(
  reader: FieldReader,
  grid: Grid,
  isOdd: (value: number) => boolean,
  signal?: AbortSignal,
): Promise<OddCells | undefined> {
  let count = 0;
  let first: OddCells['first'] | undefined;
  const rows = Math.max(1, Math.floor(CELLS / grid.width));
  for (const { x, y, width, height } of tilesOf(tilingOf(grid, grid.width, rows))) {
    const window = { x, y, width, height };
    if (reader.empty?.(window)) continue;
    const plane = await reader.read(window, signal);
    const nodata = nodataOf(plane instanceof Float32Array ? 'f32' : 'u32');
    for (let i = 0; i < plane.length; i++) {
      const value = plane[i];
      if (value === nodata || !isOdd(value)) continue;
      first ??= { x: i % width, y: y + Math.floor(i / width), value };
      count++;
    }
  }
  return first && { count, first };
}

/** "row 3, column 7 (x 512350, y 3449950)": counted from 0, with the coordinates of the cell's centre. */
export function placeOfCell({ x, y }: { readonly x: number; readonly y: number }, grid: Grid): string {
  const east = grid.west + (x + 0.5) * grid.cellWidth;
  const north = grid.north - (y + 0.5) * grid.cellHeight;
  const [a, b] = [east, north].map((value) => Number(value.toPrecision(12)));
  return `row ${y}, column ${x} (x ${a}, y ${b})`;
}

/** "1 cell", "12 cells". */
export function cellsInWords(count: number): string {
  return count === 1 ? '1 cell' : `${count} cells`;
}
