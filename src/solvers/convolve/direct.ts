/** A block convolved cell by cell of the kernel: for kernels of a few cells. */
import { NODATA } from '../../core/cells.ts';
import type { BlockInput } from './block.ts';
import type { RowWriter } from './block-results.ts';
import { weightsOf } from './kernels.ts';

/** One cell of the kernel at a time over a whole row, in the same order for every cell. */
export function directBlock({ values, width, height, kernel }: BlockInput, level: number, write: RowWriter): void {
  const { reachX, reachY } = kernel;
  const pitch = width + 2 * reachX;
  const weights = weightsOf(kernel);
  const excess = new Float64Array(values.length);
  const valid = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++)
    if (values[i] !== NODATA) {
      excess[i] = values[i] - level;
      valid[i] = 1;
    }
  const contrast = new Float64Array(width);
  const weight = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    contrast.fill(0);
    weight.fill(0);
    for (let dy = -reachY; dy <= reachY; dy++)
      for (let dx = -reachX; dx <= reachX; dx++) {
        const k = weights[Math.abs(dy) * (reachX + 1) + Math.abs(dx)];
        if (k === 0) continue;
        const from = (y + reachY + dy) * pitch + reachX + dx;
        addRow(contrast, excess, from, k);
        addRow(weight, valid, from, k);
      }
    write(y, contrast, 0, weight, 0, 1);
  }
}

function addRow(to: Float64Array, row: Float64Array, from: number, k: number): void {
  for (let i = 0; i < to.length; i++) to[i] += k * row[from + i];
}
