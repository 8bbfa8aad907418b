import { NODATA } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { net_ecosystem_production } from './spec.ts';

export const reference: Reference<'net_ecosystem_production'> = {
  production({ npp, respiration }, _params, tile) {
    return mapCells(tile, ['nep'], (i, { nep }, o) => {
      nep[o] = npp[i] === NODATA || respiration[i] === NODATA ? NODATA : npp[i] - respiration[i]; // (1)
    });
  },
};

export const entry = { model: net_ecosystem_production, reference } satisfies RegisteredModel;
