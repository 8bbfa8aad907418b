import { NODATA } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { per_cell } from './spec.ts';

export const reference: Reference<'per_cell'> = {
  per_cell({ density }, { factor }, tile) {
    return mapCells(tile, ['amount'], (i, { amount }, o) => {
      amount[o] = density[i] === NODATA ? NODATA : density[i] * factor * tile.cellWidth * tile.cellHeight; // (1)
    });
  },
};

export const entry = { model: per_cell, reference } satisfies RegisteredModel;
