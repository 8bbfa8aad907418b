/** What workers do for the distance: sources of a tile as bits with the ends of its columns, and the distances of a strip of whole rows. */
import { allocatePlane, type Plane } from '../../core/cells.ts';
import type { TaskTable } from '../../core/tasks.ts';
import { type ColumnEnds, nearestAbove, packColumns, type SourceBits } from './columns.ts';
import { distanceRows } from './rows.ts';
import { spec } from './spec.ts';

export type DistanceOutput = keyof typeof spec.outputs;

export interface ColumnsInput {
  readonly source: Uint32Array;
  readonly width: number;
  /** Row of the raster that the tile begins with, and rows after which its next strip begins. */
  readonly y: number;
  readonly strip: number;
}

export type ColumnsOutput = SourceBits & ColumnEnds;

export interface RowsInput {
  /** Rows of each tile side by side. */
  readonly tiles: readonly SourceBits[];
  readonly rows: number;
  readonly y: number;
  readonly above: Int32Array;
  readonly below: Int32Array;
  readonly outputs: readonly DistanceOutput[];
}

export interface RowsOutput {
  /** Of each tile, the rows of each output. */
  readonly tiles: readonly Readonly<Record<string, Plane>>[];
  /** The largest squared distance; -1 without a source. */
  readonly largest: number;
}

export const distanceTasks: TaskTable = {
  async distance_columns({ source, width, y, strip }: ColumnsInput) {
    const output: ColumnsOutput = packColumns(source, width, y, strip);
    return { output, transfer: [output.words.buffer, output.first.buffer, output.last.buffer] as ArrayBuffer[] };
  },

  async distance_rows({ tiles, rows, y, above, below, outputs }: RowsInput) {
    const width = above.length;
    const planes = Object.fromEntries(
      outputs.map((name) => [name, allocatePlane(spec.outputs[name].type, width * rows)]),
    );
    const largest = distanceRows(nearestAbove(tiles, rows, y, above), width, y, below, planes);
    const widths = tiles.map((tile) => tile.width);
    const cut = tiles.map((_): Record<string, Plane> => ({}));
    for (const name of outputs) for (const [i, part] of cutColumns(planes[name], widths).entries()) cut[i][name] = part;
    const output: RowsOutput = { tiles: cut, largest };
    return { output, transfer: cut.flatMap((part) => Object.values(part).map(({ buffer }) => buffer as ArrayBuffer)) };
  },
};

/** Planes of the given widths, side by side in one. */
export function cutColumns(plane: Plane, widths: readonly number[]): Plane[] {
  if (widths.length === 1) return [plane];
  const width = widths.reduce((sum, each) => sum + each, 0);
  const rows = plane.length / width;
  let x = 0;
  return widths.map((columns) => {
    const part = allocatePlane(plane instanceof Float32Array ? 'f32' : 'u32', columns * rows);
    for (let row = 0; row < rows; row++)
      part.set(plane.subarray(row * width + x, row * width + x + columns), row * columns);
    x += columns;
    return part;
  });
}
