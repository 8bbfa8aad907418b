/**
 * Values between the centres of source cells: bilinear from four, cubic (Catmull-Rom, a = −½) from sixteen. As gdalwarp has it, a target
 * cell is nodata where the source cell that holds its centre is; of four cells the valid ones count, with their weights brought to a sum
 * of 1; and where one of sixteen is missing the value is the bilinear one.
 */
import { NODATA } from '../../core/cells.ts';
import type { Window } from '../../core/grid.ts';
import type { CellPositions, WarpInput } from '../../core/warp.ts';
import { eachRow, type PositionRow } from './position-rows.ts';

/** `out` comes filled with nodata. */
export function interpolateBilinear({ held, cells, positions }: WarpInput, out: Float32Array): void {
  interpolate(bilinearRow, held, cells as Float32Array, positions, out);
}

/** `out` comes filled with nodata. */
export function interpolateCubic({ held, cells, positions }: WarpInput, out: Float32Array): void {
  interpolate(cubicRow, held, cells as Float32Array, positions, out);
}

type InterpolateRow = typeof bilinearRow;

function interpolate(
  fillRow: InterpolateRow,
  held: Window,
  cells: Float32Array,
  positions: CellPositions,
  out: Float32Array,
): void {
  const unit = 2 ** -positions.bits;
  eachRow(positions, 2 ** (positions.bits - 1), (position, start) =>
    fillRow(cells, held.width, held.height, position, unit, out, start),
  );
}

function bilinearRow(
  cells: Float32Array,
  pitch: number,
  heldRows: number,
  { columns, rows, xFractions, yFractions }: PositionRow,
  unit: number,
  out: Float32Array,
  start: number,
): void {
  const width = columns.length;
  const [lastColumn, lastRow] = [pitch - 1, heldRows - 1];
  for (let column = 0; column < width; column++) {
    const x = columns[column];
    const y = rows[column];
    const tx = xFractions[column] * unit;
    const ty = yFractions[column] * unit;
    if (x >>> 0 < lastColumn && y >>> 0 < lastRow) {
      const first = Math.imul(y, pitch) + x;
      const a = cells[first];
      const b = cells[first + 1];
      const c = cells[first + pitch];
      const d = cells[first + pitch + 1];
      if (a !== NODATA && b !== NODATA && c !== NODATA && d !== NODATA) {
        const above = a + (b - a) * tx;
        out[start + column] = above + (c + (d - c) * tx - above) * ty;
        continue;
      }
    }
    out[start + column] = ofFour(cells, pitch, heldRows, x, y, tx, ty);
  }
}

/** From those of the four cells at and after (x, y) that are there and valid. */
function ofFour(
  cells: Float32Array,
  pitch: number,
  heldRows: number,
  x: number,
  y: number,
  tx: number,
  ty: number,
): number {
  const own = valueAt(cells, pitch, heldRows, tx >= 0.5 ? x + 1 : x, ty >= 0.5 ? y + 1 : y);
  if (own === NODATA) return NODATA;
  let sum = 0;
  let weights = 0;
  for (let corner = 0; corner < 4; corner++) {
    const value = valueAt(cells, pitch, heldRows, x + (corner & 1), y + (corner >> 1));
    if (value === NODATA) continue;
    const weight = (corner & 1 ? tx : 1 - tx) * (corner >> 1 ? ty : 1 - ty);
    sum += weight * value;
    weights += weight;
  }
  return sum / weights;
}

function valueAt(cells: Float32Array, pitch: number, heldRows: number, x: number, y: number): number {
  return x >>> 0 < pitch && y >>> 0 < heldRows ? cells[y * pitch + x] : NODATA;
}

function cubicRow(
  cells: Float32Array,
  pitch: number,
  heldRows: number,
  { columns, rows, xFractions, yFractions }: PositionRow,
  unit: number,
  out: Float32Array,
  start: number,
): void {
  const width = columns.length;
  for (let column = 0; column < width; column++) {
    const x = columns[column];
    const y = rows[column];
    const tx = xFractions[column] * unit;
    const ty = yFractions[column] * unit;
    let whole = x >= 1 && y >= 1 && x < pitch - 2 && y < heldRows - 2;
    if (whole) {
      const w0 = tx * (tx * (1 - 0.5 * tx) - 0.5);
      const w1 = 1 + tx * tx * (1.5 * tx - 2.5);
      const w2 = tx * (0.5 + tx * (2 - 1.5 * tx));
      const w3 = tx * tx * (0.5 * tx - 0.5);
      let sum = 0;
      let first = Math.imul(y - 1, pitch) + x - 1;
      for (let j = 0; j < 4; j++, first += pitch) {
        const a = cells[first];
        const b = cells[first + 1];
        const c = cells[first + 2];
        const d = cells[first + 3];
        if (a === NODATA || b === NODATA || c === NODATA || d === NODATA) {
          whole = false;
          break;
        }
        sum += cubicWeight(j, ty) * (a * w0 + b * w1 + c * w2 + d * w3);
      }
      // Beyond f32 it overshoots only next to the largest floats there are.
      if (whole) out[start + column] = Math.max(-LARGEST, Math.min(LARGEST, sum));
    }
    if (!whole) out[start + column] = ofFour(cells, pitch, heldRows, x, y, tx, ty);
  }
}

/** Just inside FLT_MAX, whose negative is nodata. */
const LARGEST = 3.402823e38;

function cubicWeight(tap: number, t: number): number {
  if (tap === 0) return t * (t * (1 - 0.5 * t) - 0.5);
  if (tap === 1) return 1 + t * t * (1.5 * t - 2.5);
  return tap === 2 ? t * (0.5 + t * (2 - 1.5 * t)) : t * t * (0.5 * t - 0.5);
}
