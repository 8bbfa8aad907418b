import { NODATA } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { cooling } from './spec.ts';

export const reference: Reference<'cooling'> = {
  cool({ heat_mitigation }, { uhi_max }, tile) {
    return mapCells(tile, ['cooling'], (i, out, o) => {
      out.cooling[o] = heat_mitigation[i] === NODATA ? NODATA : heat_mitigation[i] * uhi_max; // (1)
    });
  },
};

export const entry = { model: cooling, reference } satisfies RegisteredModel;
