/** Local I by its definition: every neighbour of every cell. */
import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { SolverReference } from '../../core/solver.ts';
import { quantaOf, scaleOf } from '../getis_ord/scale.ts';
import { momentsOf } from '../neighbourhood/moments.ts';
import { neighbourhoodOf } from '../neighbourhood/shape.ts';
import { localOf, productOf, quadrantOf } from './cells.ts';

export const reference: SolverReference = ({ values, other = values }, params, raster) => {
  const { width, height } = raster;
  const neighbourhood = neighbourhoodOf(params, raster);
  const { reachY, halfWidths } = neighbourhood;
  const valid = Array.from(values, (x, i) => x !== NODATA && other[i] !== NODATA);
  const [ofX, ofY] = [values, other].map((plane) =>
    momentsOf(Float64Array.from(plane, (x, i) => (valid[i] ? x : NODATA))),
  );
  const scale = scaleOf(ofY, neighbourhood);
  const local = new Float64Array(width * height).fill(NODATA);
  const quadrant = new Float64Array(width * height).fill(NODATA_CODE);
  if (!scale || ofX.deviation === 0) return { local, quadrant };
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      if (!valid[i]) continue;
      let [sum, neighbours] = [0, 0];
      for (let v = Math.max(0, y - reachY); v <= Math.min(height - 1, y + reachY); v++) {
        const half = halfWidths[Math.abs(v - y)];
        for (let u = Math.max(0, x - half); u <= Math.min(width - 1, x + half); u++) {
          const j = v * width + u;
          if (!valid[j] || j === i) continue;
          sum += quantaOf(other[j], scale);
          neighbours++;
        }
      }
      const lag = sum * scale.quantum;
      local[i] = localOf(productOf(values[i], lag, neighbours, params.weights, ofX, ofY), ofX.count);
      quadrant[i] = quadrantOf(values[i], lag, ofX);
    }
  return { local, quadrant };
};
