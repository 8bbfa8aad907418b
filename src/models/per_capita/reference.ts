import { NODATA } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { per_capita } from './spec.ts';

export const reference: Reference<'per_capita'> = {
  per_capita({ population }, { amount }, tile) {
    const area = (tile.cellWidth * tile.cellHeight) / 1e6; // km²
    return mapCells(tile, ['demand'], (i, { demand }, o) => {
      demand[o] = population[i] === NODATA ? NODATA : population[i] * amount * area; // (1)
    });
  },
};

export const entry = { model: per_capita, reference } satisfies RegisteredModel;
