/** Gi* by its definition: every cell of the window of every cell, every p in order. */
import { NODATA } from '../../core/cells.ts';
import type { SolverReference } from '../../core/solver.ts';
import { twoSidedP } from '../../reference/normal.ts';
import { momentsOf } from '../neighbourhood/moments.ts';
import { neighbourhoodOf } from '../neighbourhood/shape.ts';
import { LEVELS } from './levels.ts';
import { quantaOf, scaleOf, spreadOf } from './scale.ts';

export const reference: SolverReference = ({ values }, params, raster) => {
  const { width, height } = raster;
  const neighbourhood = neighbourhoodOf(params, raster);
  const { reachY, halfWidths } = neighbourhood;
  const moments = momentsOf(values);
  const scale = scaleOf(moments, neighbourhood);
  const z = new Float64Array(width * height).fill(NODATA);
  for (let y = 0; scale && y < height; y++)
    for (let x = 0; x < width; x++) {
      if (values[y * width + x] === NODATA) continue;
      let [sum, count] = [0, 0];
      for (let v = Math.max(0, y - reachY); v <= Math.min(height - 1, y + reachY); v++) {
        const half = halfWidths[Math.abs(v - y)];
        for (let u = Math.max(0, x - half); u <= Math.min(width - 1, x + half); u++) {
          const value = values[v * width + u];
          if (value === NODATA) continue;
          sum += quantaOf(value, scale);
          count++;
        }
      }
      if (count < moments.count) z[y * width + x] = Math.fround((sum * scale.quantum) / spreadOf(count, moments));
    }
  const p = z.map((value) => (value === NODATA ? NODATA : twoSidedP(value)));
  const sorted = p.filter((chance) => chance !== NODATA).sort();
  const cuts = LEVELS.map((level) => {
    const rank = sorted.findLastIndex((chance, k) => chance <= (level * (k + 1)) / sorted.length);
    return rank < 0 ? -1 : sorted[rank];
  });
  const binned = (limits: readonly number[]) =>
    p.map((chance, i) => {
      if (values[i] === NODATA) return NODATA;
      if (chance === NODATA) return 0;
      const level = limits.findLastIndex((limit) => chance <= limit) + 1;
      return level && Math.sign(z[i]) * level;
    });
  return { z, p, bin: binned(LEVELS), bin_fdr: binned(cuts) };
};
