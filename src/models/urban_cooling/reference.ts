import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { isPark } from './cells.ts';
import { urban_cooling } from './spec.ts';

/** (1); 0 where nothing evaporates anywhere. */
function evaporation(kc: number, reference: number, largest: number): number {
  return largest > 0 ? (kc * reference) / largest : 0;
}

/** (10) */
function loss(wbgt: number, [first, second, third]: readonly [number, number, number]): number {
  if (wbgt >= third) return 75;
  if (wbgt >= second) return 50;
  return wbgt >= first ? 25 : 0;
}

const capacities: Reference<'urban_cooling'> = {
  capacity_by_factors({ lulc, et0 }, params, tile, { biophysical }) {
    const { cc_weight_shade, cc_weight_albedo, cc_weight_eti, et0_max } = params;
    const weights = cc_weight_shade + cc_weight_albedo + cc_weight_eti;
    return mapCells(tile, ['cc'], (i, { cc }, o) => {
      if (lulc[i] === NODATA_CODE || et0[i] === NODATA) {
        cc[o] = NODATA;
        return;
      }
      const { kc, shade, albedo } = biophysical.get(lulc[i])!;
      const index = evaporation(kc, et0[i], et0_max);
      cc[o] = (cc_weight_shade * shade + cc_weight_albedo * albedo + cc_weight_eti * index) / weights; // (2)
    });
  },

  capacity_by_intensity({ lulc }, _params, tile, { biophysical }) {
    return mapCells(tile, ['cc'], (i, { cc }, o) => {
      cc[o] = lulc[i] === NODATA_CODE ? NODATA : 1 - biophysical.get(lulc[i])!.building_intensity; // (2)
    });
  },

  properties({ lulc }, _params, tile, { biophysical }) {
    return mapCells(tile, ['kc', 'green_area'], (i, out, o) => {
      const row = lulc[i] === NODATA_CODE ? undefined : biophysical.get(lulc[i])!;
      out.kc[o] = row?.kc ?? NODATA;
      out.green_area[o] = row?.green_area ?? NODATA;
    });
  },

  factors({ lulc }, _params, tile, { biophysical }) {
    return mapCells(tile, ['shade', 'albedo'], (i, out, o) => {
      const row = lulc[i] === NODATA_CODE ? undefined : biophysical.get(lulc[i])!;
      out.shade[o] = row?.shade ?? NODATA;
      out.albedo[o] = row?.albedo ?? NODATA;
    });
  },

  intensity({ lulc }, _params, tile, { biophysical }) {
    return mapCells(tile, ['building_intensity'], (i, out, o) => {
      out.building_intensity[o] = lulc[i] === NODATA_CODE ? NODATA : biophysical.get(lulc[i])!.building_intensity;
    });
  },

  evapotranspiration_index({ lulc, et0 }, { et0_max }, tile, { biophysical }) {
    return mapCells(tile, ['eti'], (i, { eti }, o) => {
      const missing = lulc[i] === NODATA_CODE || et0[i] === NODATA;
      eti[o] = missing ? NODATA : evaporation(biophysical.get(lulc[i])!.kc, et0[i], et0_max);
    });
  },

  green_capacity({ lulc, cooling_capacity }, _params, tile, { biophysical }) {
    return mapCells(tile, ['cc_masked_green_areas'], (i, out, o) => {
      const missing = lulc[i] === NODATA_CODE || cooling_capacity[i] === NODATA;
      const green = !missing && biophysical.get(lulc[i])!.green_area === 1;
      out.cc_masked_green_areas[o] = missing ? NODATA : green ? cooling_capacity[i] : 0; // (4)
    });
  },
};

const air: Reference<'urban_cooling_air'> = {
  mitigation({ cooling_capacity, cc_park, green_count, valid_count }, params, tile) {
    return mapCells(tile, ['hm', 'green_area_sum'], (i, out, o) => {
      const [green, valid, own, park] = [green_count[i], valid_count[i], cooling_capacity[i], cc_park[i]];
      out.hm[o] = NODATA;
      out.green_area_sum[o] = green === NODATA ? NODATA : (green / valid) * params.disc_cells; // (5)
      if (green === NODATA || own === NODATA || park === NODATA) return;
      out.hm[o] = own < park && isPark(green, valid, params) ? park : own; // (6)
    });
  },

  temperature_before_mixing({ heat_mitigation }, { t_ref, uhi_max }, tile) {
    return mapCells(tile, ['T_air_nomix'], (i, out, o) => {
      out.T_air_nomix[o] = heat_mitigation[i] === NODATA ? NODATA : t_ref + (1 - heat_mitigation[i]) * uhi_max; // (7)
    });
  },

  heat_stress({ T_air }, { avg_rel_humidity }, tile) {
    return mapCells(tile, ['wbgt'], (i, { wbgt }, o) => {
      const t = T_air[i];
      const vapour = (avg_rel_humidity / 100) * 6.105 * Math.exp((17.27 * t) / Math.max(237.7 + t, 1));
      wbgt[o] = t === NODATA ? NODATA : 0.567 * t + 0.393 * vapour + 3.94; // (9)
    });
  },

  work_loss({ globe_temperature }, _params, tile) {
    return mapCells(tile, ['light_work_loss_percent', 'heavy_work_loss_percent'], (i, out, o) => {
      const wbgt = globe_temperature[i];
      out.light_work_loss_percent[o] = wbgt === NODATA ? NODATA : loss(wbgt, [31.5, 32, 32.5]);
      out.heavy_work_loss_percent[o] = wbgt === NODATA ? NODATA : loss(wbgt, [27.5, 29.5, 31.5]);
    });
  },
};

export const reference = { ...capacities, ...air };

export const entry = { model: urban_cooling, reference } satisfies RegisteredModel;
