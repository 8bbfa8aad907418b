/**
 * Which cells have a source, a valid cell other than 0, within the kernel: by integers, so that a mean or sum without one is exactly 0. Each
 * row gives the distance g to the nearest source in it; along a column that source covers the rows within sqrt(R² − g²).
 */
import { NODATA } from '../../core/cells.ts';
import { cutOff, type KernelShape } from './kernels.ts';

/** Numbers above 0 where a source is within the kernel. `values`: rows of `width` cells. */
export function coveredCells(
  values: Float32Array,
  width: number,
  height: number,
  shape: KernelShape,
  radius: number,
): Int32Array {
  const heights = coveredHeights(shape, radius, width);
  const counts = new Int32Array(width * (height + 1));
  const gaps = new Int32Array(width);
  for (let y = 0; y < height; y++) {
    rowGaps(values, y * width, width, gaps);
    for (let x = 0; x < width; x++) {
      const gap = gaps[x];
      if (gap >= heights.length) continue;
      const h = heights[gap];
      counts[Math.max(0, y - h) * width + x]++;
      counts[Math.min(height, y + h + 1) * width + x]--;
    }
  }
  for (let i = width; i < counts.length; i++) counts[i] += counts[i - width];
  return counts;
}

/** For each distance along the row, how many rows away the kernel still has a weight. Quartic and linear have none at n itself. */
export function coveredHeights(shape: KernelShape, radius: number, width: number): Int32Array {
  const limit = cutOff(shape, radius);
  const open = shape === 'quartic' || shape === 'linear';
  const within = (squared: number) => (open ? squared < limit * limit : squared <= limit * limit);
  const heights: number[] = [];
  for (let x = 0; x < width && within(x * x); x++) {
    let h = Math.floor(Math.sqrt(limit * limit - x * x));
    while (!within(x * x + h * h)) h--;
    while (within(x * x + (h + 1) ** 2)) h++;
    heights.push(h);
  }
  return Int32Array.from(heights);
}

/** Distance of each cell of a row to its nearest source; the width of the row where there is none. */
function rowGaps(values: Float32Array, at: number, width: number, gaps: Int32Array): void {
  const far = 2 * width;
  let gap = far;
  for (let x = 0; x < width; x++) {
    const value = values[at + x];
    gap = value !== 0 && value !== NODATA ? 0 : gap + 1;
    gaps[x] = gap;
  }
  gap = far;
  for (let x = width - 1; x >= 0; x--) {
    gap = gaps[x] === 0 ? 0 : gap + 1;
    if (gap < gaps[x]) gaps[x] = gap;
  }
}
