/** Rows of values into a transform, and results out of it. */
import { NODATA } from '../../core/cells.ts';
import type { BlockOutput } from './block.ts';
import { meanWriter } from './block-means.ts';
import { type ResultCells, rowWriter } from './block-results.ts';
import type { BlockValues } from './block-values.ts';
import { resultsOf, type ThinCell, thinWeight } from './thin-cells.ts';
import { LANES, type RowTransform, rowsBackward, rowsForward, STEP } from './transform.ts';

/** Values less the level, `rows` rows of `pitch`, to slabs. */
export function takeRows(
  transform: RowTransform,
  level: number,
  values: Float32Array,
  pitch: number,
  rows: number,
): void {
  const { numbers, cells, x } = transform;
  const lines = new Float32Array(numbers.buffer, cells, LANES * x.length).fill(NODATA);
  rowsForward(transform, level, (row) => {
    const last = Math.min(LANES, rows - row);
    const from = row * pitch;
    if (last <= 0 || !hasValue(values, from, from + last * pitch)) return false;
    if (last < LANES) lines.fill(NODATA);
    for (let lane = 0; lane < last; lane++)
      lines.set(values.subarray(from + lane * pitch, from + (lane + 1) * pitch), lane * x.length);
    return true;
  });
}

export function hasValue(values: Float32Array, from = 0, end = values.length): boolean {
  for (let i = from; i < end; i++) if (values[i] !== NODATA) return true;
  return false;
}

/** Results of cells from their slabs. @returns cells that are left out, since a transform does not tell their sums well enough: row counts from the values' first */
export function makeResults(
  transform: RowTransform,
  cells: ResultCells,
  about: BlockValues,
  out: BlockOutput,
): ThinCell[] {
  const { height, kernel, plan, wanted } = cells;
  const { marginX, marginY } = plan;
  const { numbers } = transform;
  const thin: ThinCell[] = [];
  const write = rowWriter(cells, about, out, (x, y) => {
    thin.push({ x: x + marginX, y: y + marginY, contrast: 0, weight: 0, source: false });
  });
  const putMeans = out.mean && wanted.length === 1 && kernel.shape !== 'disc' && thinWeight(kernel) === 0;
  const means = putMeans ? meanWriter(cells, about, out.mean, transform) : undefined;
  rowsBackward(transform, marginY, marginY + height, (row, from) => {
    if (means?.(row, from)) return;
    for (let lane = 0; lane < LANES; lane++) {
      const y = row + lane - marginY;
      const at = from + marginX * STEP + lane;
      if (y >= 0 && y < height) write(y, numbers, at, numbers, at + LANES, STEP);
    }
  });
  return thin;
}

/** Results of thin cells that have been summed. @param top row of the transform that the values begin with */
export function putThin(
  thin: readonly ThinCell[],
  { width, plan: { marginX, marginY } }: Pick<ResultCells, 'width' | 'plan'>,
  top: number,
  about: BlockValues,
  out: BlockOutput,
): void {
  for (const cell of thin) {
    const at = (cell.y - top - marginY) * width + cell.x - marginX;
    for (const [name, value] of Object.entries(resultsOf(cell, about)) as [keyof BlockOutput, number][])
      if (out[name]) out[name][at] = value;
  }
}
