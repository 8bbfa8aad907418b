import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { recreation } from './spec.ts';

export const reference: Reference<'recreation'> = {
  opportunity({ lulc, density, access }, params, tile, { biophysical }) {
    const { w_naturalness, w_attractions, w_access, reach, density_low, density_high } = params;
    const weights = w_naturalness + w_attractions + w_access;
    const span = density_high - density_low;
    return mapCells(tile, ['recreation'], (i, out, o) => {
      if (lulc[i] === NODATA_CODE || density[i] === NODATA || access[i] === NODATA) {
        out.recreation[o] = NODATA;
        return;
      }
      const seen = span > 0 ? (density[i] - density_low) / span : 0; // (2)
      const near = Math.exp(-Math.max(0, access[i]) / reach);
      const sum = w_naturalness * biophysical.get(lulc[i])!.naturalness + w_attractions * seen + w_access * near;
      out.recreation[o] = weights > 0 ? sum / weights : 0; // (1)
    });
  },
};

export const entry = { model: recreation, reference } satisfies RegisteredModel;
