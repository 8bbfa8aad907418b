import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { distance } from './spec.ts';

export const reference: Reference<'sources'> = {
  mark_sources({ classes }, { source_class }, tile) {
    return mapCells(tile, ['source'], (i, { source }, o) => {
      const code = classes[i];
      const named = source_class === 0 ? code !== 0 : code === source_class; // (1)
      source[o] = code === NODATA_CODE ? NODATA_CODE : +named;
    });
  },

  metres_of_steps({ steps }, _params, tile) {
    return mapCells(tile, ['metres'], (i, { metres }, o) => {
      metres[o] = steps[i] === NODATA ? NODATA : steps[i] * tile.cellWidth; // (2)
    });
  },
};

export const entry = { model: distance, reference } satisfies RegisteredModel;
