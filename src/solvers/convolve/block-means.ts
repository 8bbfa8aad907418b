/** Means of a block, LANES rows of sums at a time. */
import { NODATA } from '../../core/cells.ts';
import { doubtOf, type ResultCells } from './block-results.ts';
import type { BlockValues } from './block-values.ts';
import { LANES, type RowTransform, STEP } from './transform.ts';

/** Of kernels that are no disc. Puts the means of rows of the transform; false where one may have no source, so that they have to be looked at cell by cell. */
export function meanWriter(
  { values, width, height, kernel, plan: { marginX, marginY } }: ResultCells,
  about: BlockValues,
  mean: Float32Array,
  { functions, numbers, x: { length }, cells, limits }: RowTransform,
): (row: number, from: number) => boolean {
  const pitch = width + 2 * marginX;
  const lines = new Float32Array(numbers.buffer, cells, LANES * length);
  const told = numbers.subarray(limits / 8, limits / 8 + 4);
  const doubtful = new Int32Array(numbers.buffer, limits + 32, 4);
  const steps = 4 * Math.ceil(width / 4);
  return (row, from) => {
    const first = Math.max(0, marginY - row);
    const last = Math.min(LANES, marginY + height - row);
    for (let lane = 0; lane < LANES; lane++) {
      const at = (row + lane) * pitch + marginX;
      if (lane < first || lane >= last) lines.fill(NODATA, lane * length, lane * length + width);
      else lines.set(values.subarray(at, at + width), lane * length);
    }
    told.set([about.level, about.low, about.high, doubtOf(kernel, about, false)]);
    doubtful.fill(0);
    const at = 8 * (from + marginX * STEP);
    functions.means(at, at + 8 * STEP * steps, cells, 4 * length, limits);
    if (doubtful.some((bits) => bits !== 0)) return false;
    for (let lane = first; lane < last; lane++)
      mean.set(lines.subarray(lane * length, lane * length + width), (row + lane - marginY) * width);
    return true;
  };
}
