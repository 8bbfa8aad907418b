/** Visits of a tile by effective retention, and the walk over a whole raster in InVEST's order, for worker threads. */
import { NODATA } from '../../core/cells.ts';
import type { TaskTable } from '../../core/tasks.ts';
import { lowestDirection, nonZeroShares } from '../routing/share-bits.ts';
import { withoutRing } from '../routing/tile-frame.ts';
import { type Recursion, visitTask } from '../routing/tile-visit.ts';
import type { WholeRaster } from '../routing/whole.ts';
import { retentionInOrder } from './invest-order.ts';
import { stepLengths } from './steps.ts';

const recursion: Recursion = {
  travel: 'upslope',
  atOnce: 'stream',
  compute({ frame, codes, planes, params, values: [retention] }, order) {
    const { offsets } = frame;
    const stream = planes.stream as Uint32Array;
    const efficiency = planes.efficiency as Float32Array;
    const criticalLength = planes.critical_length as Float32Array;
    const steps = stepLengths({ cellWidth: params.cell_width, cellHeight: params.cell_height });
    const passed = new Float64Array(8);
    let passedOver = Number.NaN;
    for (let k = 0; k < order.length; k++) {
      const cell = order[k];
      if (stream[cell] === 1) {
        retention[cell] = 0;
        continue;
      }
      const own = efficiency[cell];
      const length = criticalLength[cell];
      if (own === NODATA || length === NODATA) continue;
      if (length !== passedOver) {
        // Lengths are those of land covers: the next cell mostly has the same.
        passedOver = length;
        for (let towards = 0; towards < 8; towards++)
          passed[towards] = length > 0 ? Math.exp((-5 * steps[towards]) / length) : 0;
      }
      const code = codes[cell];
      let [sum, shares] = [0, 0];
      for (let bits = nonZeroShares(code); bits !== 0; bits &= bits - 1) {
        const towards = lowestDirection(bits);
        const share = (code >>> (4 * towards)) & 15;
        shares += share;
        const below = retention[cell + offsets[towards]];
        if (below === NODATA) continue;
        if (below === 0) sum += own * (1 - passed[towards]) * share;
        else if (own > below) sum += (below * passed[towards] + own * (1 - passed[towards])) * share;
        else sum += below * share;
      }
      retention[cell] = shares > 0 ? sum / shares : 0;
    }
  },
  outputs({ frame, values: [retention] }) {
    const { width, height } = frame.tile;
    return { retention: withoutRing(frame, retention, new Float32Array(width * height)) };
  },
};

export const retentionTasks: TaskTable = {
  retain_downslope: visitTask(recursion),
  async retain_in_order({ planes, shape }: WholeRaster) {
    const output = retentionInOrder(planes, shape, new Float32Array(shape.width * shape.height));
    return { output, transfer: [output.buffer] };
  },
};
