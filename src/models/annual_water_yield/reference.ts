import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { power } from '../../reference/power.ts';
import { annual_water_yield } from './spec.ts';

/** Equations (1)-(6) of spec.ts as they stand. */
export const reference: Reference<'annual_water_yield'> = {
  water_yield({ lulc, precipitation, et0, soil_depth, pawc }, { seasonality_constant }, tile, { biophysical }) {
    return mapCells(tile, ['fractp', 'aet', 'wyield'], (i, out, o) => {
      const P = precipitation[i];
      const missing =
        lulc[i] === NODATA_CODE || P === NODATA || et0[i] === NODATA || soil_depth[i] === NODATA || pawc[i] === NODATA;
      if (missing || Math.abs(P) <= 1e-8) {
        out.fractp[o] = out.aet[o] = out.wyield[o] = NODATA;
        return;
      }
      const { kc, root_depth, lulc_veg } = biophysical.get(lulc[i])!;
      const PET = kc * et0[i]; // (1)
      const AWC = Math.min(root_depth, soil_depth[i]) * pawc[i]; // (2)
      const w = Math.min((seasonality_constant * AWC) / P + 1.25, 5); // (3)
      const phi = PET / P;
      const B = phi <= 0 ? 0 : 1 + phi - power(1 + power(phi, w), 1 / w); // (4); a negative ET0 has no root
      const fractp = lulc_veg === 1 ? Math.min(phi, B) : Math.min(PET, P) / P; // (5)
      out.fractp[o] = fractp;
      out.aet[o] = fractp * P; // (6)
      out.wyield[o] = (1 - fractp) * P;
    });
  },

  lookup({ lulc }, _params, tile, { biophysical }) {
    return mapCells(tile, ['kc_raster', 'root_depth', 'veg'], (i, out, o) => {
      const row = lulc[i] === NODATA_CODE ? undefined : biophysical.get(lulc[i])!;
      out.kc_raster[o] = row ? row.kc : NODATA;
      out.root_depth[o] = row ? (row.lulc_veg === 1 ? row.root_depth : 1) : NODATA;
      out.veg[o] = row ? row.lulc_veg : NODATA;
    });
  },

  potential_evapotranspiration({ lulc, et0 }, _params, tile, { biophysical }) {
    return mapCells(tile, ['pet'], (i, out, o) => {
      const missing = lulc[i] === NODATA_CODE || et0[i] === NODATA;
      out.pet[o] = missing ? NODATA : biophysical.get(lulc[i])!.kc * et0[i];
    });
  },
};

export const entry = { model: annual_water_yield, reference } satisfies RegisteredModel;
