import { NODATA } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { eachCell } from '../../reference/map-cells.ts';
import { roundHalfEven } from '../../reference/round.ts';
import { statistics } from './spec.ts';

export const reference: Reference<'statistics'> = {
  range({ values }, _params, tile) {
    let [count, low, high] = [0, -NODATA, NODATA];
    eachCell(tile, (i) => {
      const x = values[i];
      if (x === NODATA) return;
      count++;
      if (x < low) low = x;
      if (x > high) high = x;
    });
    return { count, low, high };
  },

  sum({ values }, { inverse_quantum }, tile) {
    let [count, high_part, low_part] = [0, 0, 0];
    eachCell(tile, (i) => {
      if (values[i] === NODATA) return;
      const q = roundHalfEven(values[i] * inverse_quantum); // (1)
      count++;
      high_part += q >> 16;
      low_part += q & 0xffff;
    });
    return { count, high_part, low_part };
  },
};

export const entry = { model: statistics, reference } satisfies RegisteredModel;
