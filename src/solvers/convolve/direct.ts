/** A block convolved cell by cell of the kernel: for kernels of a few cells. */
import { NODATA } from '../../core/cells.ts';
import type { BlockInput, BlockSums } from './block.ts';
import { weightsOf } from './kernels.ts';

/** One cell of the kernel at a time over whole rows, in the same order for every cell. */
export function directBlock({ values, width, height, kernel }: BlockInput, level: number): BlockSums {
  const { reachX, reachY } = kernel;
  const pitch = width + 2 * reachX;
  const weights = weightsOf(kernel);
  const contrast = new Float64Array(width * height);
  const weight = new Float64Array(width * height);
  const rows = height + 2 * reachY;
  const excess = new Float64Array(pitch * rows);
  const valid = new Float64Array(pitch * rows);
  for (let i = 0; i < excess.length; i++)
    if (values[i] !== NODATA) {
      excess[i] = values[i] - level;
      valid[i] = 1;
    }
  for (let y = 0; y < height; y++)
    for (let dy = -reachY; dy <= reachY; dy++)
      for (let dx = -reachX; dx <= reachX; dx++) {
        const k = weights[Math.abs(dy) * (reachX + 1) + Math.abs(dx)];
        if (k !== 0)
          addRow(contrast, weight, y * width, excess, valid, (y + reachY + dy) * pitch + reachX + dx, width, k);
      }
  return { contrast, weight };
}

function addRow(
  contrast: Float64Array,
  weight: Float64Array,
  to: number,
  excess: Float64Array,
  valid: Float64Array,
  from: number,
  count: number,
  k: number,
): void {
  for (let i = 0; i < count; i++) {
    contrast[to + i] += k * excess[from + i];
    weight[to + i] += k * valid[from + i];
  }
}
