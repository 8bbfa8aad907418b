/** Visits of a tile by effective retention, and the walk over a whole raster in InVEST's order, for worker threads. */
import { NODATA } from '../../core/cells.ts';
import type { TaskTable } from '../../core/tasks.ts';
import { lowestDirection, nonZeroShares } from '../routing/share-bits.ts';
import { withoutRing } from '../routing/tile-frame.ts';
import { type Recursion, visitTask } from '../routing/tile-visit.ts';
import type { WholeRaster } from '../routing/whole.ts';
import { retentionInOrder } from './invest-order.ts';
import { Passage } from './passage.ts';
import { stepLengths } from './steps.ts';

const recursion: Recursion = {
  travel: 'upslope',
  atOnce: 'stream',
  compute({ frame, codes, planes, params, values: [retention] }, order) {
    const { offsets } = frame;
    const stream = planes.stream as Uint32Array;
    const efficiency = planes.efficiency as Float32Array;
    const criticalLength = planes.critical_length as Float32Array;
    const passage = new Passage(stepLengths({ cellWidth: params.cell_width, cellHeight: params.cell_height }));
    const { passed } = passage;
    for (let k = 0; k < order.length; k++) {
      const cell = order[k];
      if (stream[cell] === 1) {
        retention[cell] = 0;
        continue;
      }
      const own = efficiency[cell];
      const length = criticalLength[cell];
      if (own === NODATA || length === NODATA) continue;
      const over = passage.over(length);
      const code = codes[cell];
      let sum = 0;
      let shares = 0;
      for (let bits = nonZeroShares(code); bits !== 0; bits &= bits - 1) {
        const towards = lowestDirection(bits);
        const share = (code >>> (4 * towards)) & 15;
        shares += share;
        const below = retention[cell + offsets[towards]];
        if (below === NODATA) continue;
        const a = passed[over + towards];
        if (below === 0) sum += own * (1 - a) * share;
        else if (own > below) sum += (below * a + own * (1 - a)) * share;
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
