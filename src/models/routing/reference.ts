import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { reference as slope } from '../slope/reference.ts';
import { routing } from './spec.ts';

const MFD = 1;

export const reference: Reference<'routing'> = {
  direction_code({ direction }, { algorithm }, tile) {
    return mapCells(tile, ['code'], (i, { code }, o) => {
      const shares = direction[i];
      const d = [0, 1, 2, 3, 4, 5, 6, 7].findIndex((each) => (shares >>> (4 * each)) & 15);
      code[o] = shares === NODATA_CODE || algorithm === MFD ? shares : d; // (1)
    });
  },

  distance_in_metres({ steps }, _params, tile) {
    return mapCells(tile, ['metres'], (i, { metres }, o) => {
      metres[o] = steps[i] === NODATA ? NODATA : steps[i] * tile.cellWidth; // (2)
    });
  },

  drains_to_stream({ direction, way }, _params, tile) {
    return mapCells(tile, ['drains'], (i, { drains }, o) => {
      drains[o] = direction[i] === NODATA_CODE ? NODATA_CODE : way[i] === NODATA ? 0 : 1; // (3)
    });
  },
};

export const entry = { model: routing, reference: { ...reference, ...slope } } satisfies RegisteredModel;
