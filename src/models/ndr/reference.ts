import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { entry as sdr } from '../sdr/reference.ts';
import { ndr } from './spec.ts';

const APPLICATION_RATE = 1;

/** (5) */
function loadOf(amount: number, efficiency: number, type: number): number {
  return type === APPLICATION_RATE ? amount * (1 - efficiency) : amount;
}

/** Equations (1)-(11) of spec.ts as they stand; (3) is that of sdr. */
export const reference: Reference<'ndr'> = {
  flow_weights({ slope }, _params, tile) {
    return mapCells(tile, ['thresholded_slope', 's_factor_inverse'], (i, out, o) => {
      const s = Math.min(Math.max(slope[i] / 100, 0.005), 1); // (1)
      out.thresholded_slope[o] = slope[i] === NODATA ? NODATA : s;
      out.s_factor_inverse[o] = slope[i] === NODATA ? NODATA : 1 / s;
    });
  },

  upslope_means({ accumulation, slope_sum }, _params, tile) {
    return mapCells(tile, ['s_bar', 'd_up'], (i, out, o) => {
      const acc = accumulation[i];
      const s = slope_sum[i] / acc; // (2)
      out.s_bar[o] = acc === NODATA ? NODATA : s;
      out.d_up[o] = acc === NODATA ? NODATA : s * Math.sqrt(acc * tile.cellWidth * tile.cellHeight);
    });
  },

  index_runoff({ runoff_proxy }, { runoff_proxy_av }, tile) {
    return mapCells(tile, ['runoff_proxy_index'], (i, { runoff_proxy_index }, o) => {
      const proxy = runoff_proxy[i];
      runoff_proxy_index[o] = proxy === NODATA ? NODATA : runoff_proxy_av === 0 ? proxy : proxy / runoff_proxy_av; // (4)
    });
  },

  load_nitrogen({ lulc, runoff_index }, _params, tile, { biophysical }) {
    return mapCells(tile, ['load_n', 'modified_load_n', 'surface_load_n', 'sub_load_n'], (i, out, o) => {
      out.load_n[o] = out.modified_load_n[o] = out.surface_load_n[o] = out.sub_load_n[o] = NODATA;
      if (lulc[i] === NODATA_CODE) return;
      const { load_n, eff_n, load_type_n, proportion_subsurface_n } = biophysical.get(lulc[i])!;
      out.load_n[o] = loadOf(load_n, eff_n, load_type_n);
      if (runoff_index[i] === NODATA) return;
      const modified = loadOf(load_n, eff_n, load_type_n) * runoff_index[i];
      out.modified_load_n[o] = modified;
      out.surface_load_n[o] = modified * (1 - proportion_subsurface_n); // (6)
      out.sub_load_n[o] = modified * proportion_subsurface_n;
    });
  },

  load_phosphorus({ lulc, runoff_index }, _params, tile, { biophysical }) {
    return mapCells(tile, ['load_p', 'modified_load_p', 'surface_load_p'], (i, out, o) => {
      out.load_p[o] = out.modified_load_p[o] = out.surface_load_p[o] = NODATA;
      if (lulc[i] === NODATA_CODE) return;
      const { load_p, eff_p, load_type_p } = biophysical.get(lulc[i])!;
      out.load_p[o] = loadOf(load_p, eff_p, load_type_p);
      if (runoff_index[i] === NODATA) return;
      out.modified_load_p[o] = out.surface_load_p[o] = loadOf(load_p, eff_p, load_type_p) * runoff_index[i];
    });
  },

  hold_nitrogen({ lulc, stream }, _params, tile, { biophysical }) {
    const rows = [...biophysical].map(
      ([code, { eff_n, crit_len_n }]) => [code, { eff: eff_n, crit_len: crit_len_n }] as const,
    );
    return held(tile, lulc, stream, new Map(rows));
  },

  hold_phosphorus({ lulc, stream }, _params, tile, { biophysical }) {
    const rows = [...biophysical].map(
      ([code, { eff_p, crit_len_p }]) => [code, { eff: eff_p, crit_len: crit_len_p }] as const,
    );
    return held(tile, lulc, stream, new Map(rows));
  },

  deliver({ retention, connectivity }, { ic_0, k_param }, tile) {
    return mapCells(tile, ['ndr'], (i, { ndr }, o) => {
      const kept = retention[i];
      const ic = connectivity[i];
      ndr[o] = kept === NODATA || ic === NODATA ? NODATA : (1 - kept) / (1 + Math.exp((ic_0 - ic) / k_param)); // (8)
    });
  },

  deliver_by_ground({ steps }, { subsurface_eff_n, subsurface_critical_length_n }, tile) {
    return mapCells(tile, ['sub_ndr'], (i, { sub_ndr }, o) => {
      const passes = Math.exp((-5 * steps[i]) / subsurface_critical_length_n);
      sub_ndr[o] = steps[i] === NODATA ? NODATA : 1 - subsurface_eff_n * (1 - passes); // (9)
    });
  },

  export_load({ load, ratio }, _params, tile) {
    return mapCells(tile, ['exported'], (i, { exported }, o) => {
      exported[o] = load[i] === NODATA || ratio[i] === NODATA ? NODATA : load[i] * ratio[i]; // (10)
    });
  },

  add_exports({ surface, ground }, _params, tile) {
    return mapCells(tile, ['total'], (i, { total }, o) => {
      total[o] = surface[i] === NODATA || ground[i] === NODATA ? NODATA : surface[i] + ground[i];
    });
  },

  retain_nitrogen({ load, ratio, ground_load, ground_ratio, stream }, _params, tile) {
    return mapCells(tile, ['retained', 'brought'], (i, { retained, brought }, o) => {
      const missing = load[i] === NODATA || ratio[i] === NODATA || ground_ratio[i] === NODATA;
      if (stream[i] !== 0 || missing) retained[o] = brought[o] = stream[i] === 1 ? 0 : NODATA;
      else {
        retained[o] = load[i] * (1 - ratio[i]) + ground_load[i] * (1 - ground_ratio[i]); // (11)
        brought[o] = load[i] + ground_load[i];
      }
    });
  },

  retain_phosphorus({ load, ratio, stream }, _params, tile) {
    return mapCells(tile, ['retained', 'brought'], (i, { retained, brought }, o) => {
      const missing = load[i] === NODATA || ratio[i] === NODATA;
      if (stream[i] !== 0 || missing) retained[o] = brought[o] = stream[i] === 1 ? 0 : NODATA;
      else {
        retained[o] = load[i] * (1 - ratio[i]); // (11)
        brought[o] = load[i];
      }
    });
  },
};

interface Held {
  readonly eff: number;
  readonly crit_len: number;
}

const NOTHING: Held = { eff: NODATA, crit_len: NODATA };
const NO_RETENTION: Held = { eff: 0, crit_len: 0 };

/** (7) */
function held(
  tile: Parameters<typeof mapCells>[0],
  lulc: ArrayLike<number>,
  stream: ArrayLike<number>,
  rows: ReadonlyMap<number, Held>,
) {
  return mapCells(tile, ['eff', 'crit_len'], (i, out, o) => {
    const missing = lulc[i] === NODATA_CODE || stream[i] === NODATA_CODE;
    const { eff, crit_len } = missing ? NOTHING : stream[i] === 1 ? NO_RETENTION : rows.get(lulc[i])!;
    out.eff[o] = eff;
    out.crit_len[o] = crit_len;
  });
}

/** With the steps that it shares with routing and sdr. */
export const entry = { model: ndr, reference: { ...sdr.reference, ...reference } } satisfies RegisteredModel;
