/** Kernel mean and sum by their definition: every cell of the kernel around every cell of the raster. */
import { NODATA } from '../../core/cells.ts';
import type { SolverReference } from '../../core/solver.ts';
import { kernelOf, weightsOf } from './kernels.ts';

export const reference: SolverReference = ({ values }, params, { width, height }) => {
  const kernel = kernelOf(params, { width, height });
  const { reachX, reachY } = kernel;
  const weights = weightsOf(kernel);
  const out = {
    mean: new Float64Array(width * height).fill(NODATA),
    sum: new Float64Array(width * height).fill(NODATA),
    weight: new Float64Array(width * height).fill(NODATA),
  };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const cell = y * width + x;
      if (values[cell] === NODATA) continue;
      let sum = 0;
      let weight = 0;
      for (let v = Math.max(0, y - reachY); v <= Math.min(height - 1, y + reachY); v++)
        for (let u = Math.max(0, x - reachX); u <= Math.min(width - 1, x + reachX); u++) {
          const value = values[v * width + u];
          if (value === NODATA) continue;
          const k = weights[Math.abs(v - y) * (reachX + 1) + Math.abs(u - x)];
          sum += k * value;
          weight += k;
        }
      out.sum[cell] = sum;
      out.weight[cell] = weight;
      out.mean[cell] = sum / weight;
    }
  return out;
};
