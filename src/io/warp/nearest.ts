/** The source cell that holds the centre of each target cell. */
import type { Plane } from '../../core/cells.ts';
import type { WarpInput } from '../../core/warp.ts';
import { eachRow, type PositionRow } from './position-rows.ts';

/** `out` comes filled with nodata; its rows are those of the window. */
export function pickNearest({ held, cells, positions }: WarpInput, out: Plane): void {
  // Bits, whatever they mean, so that one loop serves quantities and codes.
  const from = new Uint32Array(cells.buffer as ArrayBuffer, cells.byteOffset, cells.length);
  const to = new Uint32Array(out.buffer as ArrayBuffer, out.byteOffset, out.length);
  eachRow(positions, 0, (position, start) => pickRow(from, held.width, held.height, position, to, start));
}

function pickRow(
  from: Uint32Array,
  heldWidth: number,
  heldHeight: number,
  { columns, rows }: PositionRow,
  to: Uint32Array,
  start: number,
): void {
  const width = columns.length;
  for (let column = 0; column < width; column++) {
    const x = columns[column];
    const y = rows[column];
    // Unsigned, a negative number is beyond every edge.
    if (x >>> 0 < heldWidth && y >>> 0 < heldHeight) to[start + column] = from[Math.imul(y, heldWidth) + x];
  }
}
