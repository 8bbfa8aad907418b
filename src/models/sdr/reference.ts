import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { power } from '../../reference/power.ts';
import { entry as routing } from '../routing/reference.ts';
import { sdr } from './spec.ts';

/** (4) */
function lengthExponent(percent: number, sine: number): number {
  if (percent <= 1) return 0.2;
  if (percent <= 3.5) return 0.3;
  if (percent <= 5) return 0.4;
  if (percent <= 9) return 0.5;
  const beta = sine / 0.0896 / (3 * power(sine, 0.8) + 0.56);
  return beta / (1 + beta);
}

/** (2)-(5), for cells of side s. */
function lengthAndSteepness(percent: number, cells: number, s: number, largest: number): number {
  const tangent = percent / 100;
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = tangent * cosine;
  const x = sine + cosine;
  const m = lengthExponent(percent, sine);
  const A = s * s;
  const U = Math.sqrt(Math.max(cells - 1, 0) * A); // (2)
  const L = (power(U + A, m + 1) - power(U, m + 1)) / (A * power(s * x * 22.13, m)); // (3)
  const S = percent < 9 ? 10.8 * sine + 0.03 : 16.8 * sine - 0.5; // (5)
  return Math.min(L, largest) * S;
}

/** (1) */
const masks: Reference<'sdr_masks'> = {
  mask_dem({ dem, erosivity, erodibility, lulc }, _params, tile) {
    return mapCells(tile, ['masked_dem'], (i, { masked_dem }, o) => {
      const missing = erosivity[i] === NODATA || erodibility[i] === NODATA || lulc[i] === NODATA_CODE;
      masked_dem[o] = missing ? NODATA : dem[i]; // (1)
    });
  },

  mask_dem_with_drainage({ dem, erosivity, erodibility, lulc, drainage }, _params, tile) {
    return mapCells(tile, ['masked_dem'], (i, { masked_dem }, o) => {
      const missing = erosivity[i] === NODATA || erodibility[i] === NODATA || lulc[i] === NODATA_CODE;
      masked_dem[o] = missing || drainage[i] === NODATA_CODE ? NODATA : dem[i]; // (1)
    });
  },

  mask_inputs({ dem, erosivity, erodibility, lulc }, _params, tile) {
    return mapCells(tile, ['masked_erosivity', 'masked_erodibility', 'mask', 'masked_lulc'], (i, out, o) => {
      const missing = dem[i] === NODATA;
      out.masked_erosivity[o] = missing ? NODATA : erosivity[i];
      out.masked_erodibility[o] = missing ? NODATA : erodibility[i];
      out.mask[o] = missing ? NODATA : 1;
      out.masked_lulc[o] = missing ? NODATA_CODE : lulc[i];
    });
  },

  mask_drainage({ dem, drainage }, _params, tile) {
    return mapCells(tile, ['masked_drainage'], (i, { masked_drainage }, o) => {
      masked_drainage[o] = dem[i] === NODATA ? NODATA_CODE : drainage[i];
    });
  },
};

/** (2)-(5), (9), (15) */
const soilLoss: Reference<'sdr_soil_loss'> = {
  slope_length({ slope, accumulation }, { l_max }, tile) {
    return mapCells(tile, ['ls'], (i, { ls }, o) => {
      ls[o] = slope[i] === NODATA ? NODATA : lengthAndSteepness(slope[i], accumulation[i], tile.cellWidth, l_max);
    });
  },

  erode({ length_slope, erosivity, erodibility, lulc, stream }, _params, tile, { biophysical }) {
    return mapCells(tile, ['rkls', 'usle', 'avoided_erosion'], (i, out, o) => {
      if (stream[i] !== 0) {
        out.rkls[o] = out.usle[o] = out.avoided_erosion[o] = NODATA;
        return;
      }
      const { usle_c, usle_p } = biophysical.get(lulc[i])!;
      const rkls = erosivity[i] * erodibility[i] * length_slope[i]; // (9)
      out.rkls[o] = rkls;
      out.usle[o] = rkls * usle_c * usle_p;
      out.avoided_erosion[o] = rkls - rkls * usle_c * usle_p;
    });
  },

  soil_services({ avoided, soil_loss, stream }, _params, tile) {
    return mapCells(tile, ['soil_retention', 'soil_erosion'], (i, out, o) => {
      out.soil_retention[o] = stream[i] === 1 ? 0 : avoided[i]; // (15)
      out.soil_erosion[o] = stream[i] === 1 ? 0 : soil_loss[i];
    });
  },
};

/** (6)-(8), (10)-(14) */
export const reference: Reference<'sdr'> = {
  cover_factors({ dem, lulc }, _params, tile, { biophysical }) {
    return mapCells(tile, ['w', 'cp'], (i, out, o) => {
      const row = dem[i] === NODATA ? undefined : biophysical.get(lulc[i])!;
      out.w[o] = row ? row.usle_c : NODATA; // (6)
      out.cp[o] = row ? row.usle_c * row.usle_p : NODATA;
    });
  },

  flow_weights({ slope, lulc }, _params, tile, { biophysical }) {
    return mapCells(tile, ['w_threshold', 'slope_threshold', 'ws_inverse'], (i, out, o) => {
      if (slope[i] === NODATA) {
        out.w_threshold[o] = out.slope_threshold[o] = out.ws_inverse[o] = NODATA;
        return;
      }
      const w = Math.max(biophysical.get(lulc[i])!.usle_c, 0.001); // (7)
      const s = Math.min(Math.max(slope[i] / 100, 0.005), 1);
      out.w_threshold[o] = w;
      out.slope_threshold[o] = s;
      out.ws_inverse[o] = 1 / (w * s);
    });
  },

  join_drainage({ stream, drainage }, _params, tile) {
    return mapCells(tile, ['channels'], (i, { channels }, o) => {
      channels[o] = stream[i] === NODATA_CODE ? NODATA_CODE : drainage[i] === 1 ? 1 : stream[i]; // (8)
    });
  },

  upslope_means({ accumulation, cover_sum, slope_sum }, _params, tile) {
    return mapCells(tile, ['w_bar', 's_bar', 'd_up'], (i, out, o) => {
      const acc = accumulation[i];
      if (acc === NODATA) {
        out.w_bar[o] = out.s_bar[o] = out.d_up[o] = NODATA;
        return;
      }
      const w = cover_sum[i] / acc; // (10)
      const s = slope_sum[i] / acc;
      out.w_bar[o] = w;
      out.s_bar[o] = s;
      out.d_up[o] = w * s * Math.sqrt(acc * tile.cellWidth * tile.cellHeight);
    });
  },

  connect({ upslope, downslope }, _params, tile) {
    return mapCells(tile, ['ic'], (i, { ic }, o) => {
      const none = upslope[i] === NODATA || downslope[i] === NODATA || downslope[i] <= 0;
      ic[o] = none ? NODATA : Math.log10(upslope[i] / downslope[i]); // (11)
    });
  },

  deliver({ connectivity, stream }, { sdr_max, ic_0_param, k_param }, tile) {
    return mapCells(tile, ['sdr_factor'], (i, { sdr_factor }, o) => {
      const ic = connectivity[i];
      if (stream[i] === 1) sdr_factor[o] = 1;
      else sdr_factor[o] = ic === NODATA ? NODATA : sdr_max / (1 + Math.exp((ic_0_param - ic) / k_param)); // (12)
    });
  },

  export_sediment({ soil_loss, ratio, stream }, _params, tile) {
    return mapCells(tile, ['sed_export', 'e_prime'], (i, out, o) => {
      const missing = soil_loss[i] === NODATA || ratio[i] === NODATA;
      out.sed_export[o] = missing ? NODATA : soil_loss[i] * ratio[i]; // (13)
      out.e_prime[o] = stream[i] === 1 ? 0 : missing ? NODATA : soil_loss[i] * (1 - ratio[i]);
    });
  },

  avoid_export({ avoided, ratio, deposition }, _params, tile) {
    return mapCells(tile, ['avoided_export'], (i, { avoided_export }, o) => {
      const missing = avoided[i] === NODATA || ratio[i] === NODATA || deposition[i] === NODATA;
      avoided_export[o] = missing ? NODATA : avoided[i] * ratio[i] + deposition[i]; // (14)
    });
  },
};

/** With the steps that it shares with routing: slope, codes of directions, what drains to a stream. */
export const entry = {
  model: sdr,
  reference: { ...routing.reference, ...masks, ...soilLoss, ...reference },
} satisfies RegisteredModel;
