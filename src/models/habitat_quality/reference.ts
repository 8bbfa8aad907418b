import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import type { Values } from '../../core/values.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { habitat_quality } from './spec.ts';

/** (3) */
function decayOf({ limit, reach, exponential }: Values): (square: number) => number {
  const faded = exponential
    ? (square: number) => Math.exp((-2.99 * Math.sqrt(square)) / reach)
    : (square: number) => Math.max(0, 1 - Math.sqrt(square) / reach);
  return (square) => (square === NODATA_CODE || square > limit ? 0 : faded(square));
}

/** A column of a class table by code, for tables are looked up in every cell. */
function columnOf<Name extends string>(
  rows: ReadonlyMap<number, Readonly<Record<Name, number>>>,
  name: Name,
): Float64Array {
  const column = new Float64Array(1 + Math.max(0, ...rows.keys()));
  for (const [code, row] of rows) column[code] = row[name];
  return column;
}

/** (6) */
function qualityOf(suitability: number, degraded: number, k: number): number {
  if (degraded <= 0) return suitability;
  if (k <= 0) return 0;
  return suitability * (1 - steep(degraded) / (steep(degraded) + steep(k)));
}

/** x^2.5 */
function steep(x: number): number {
  return x * x * Math.sqrt(x);
}

const threats: Reference<'habitat_threat'> = {
  present({ threat }, _params, tile) {
    return mapCells(tile, ['source'], (i, { source }, o) => {
      source[o] = threat[i] === NODATA ? NODATA_CODE : threat[i] === 0 ? 0 : 1; // (1)
    });
  },

  present_class({ lulc }, _params, tile, { classes }) {
    return mapCells(tile, ['source'], (i, { source }, o) => {
      source[o] = lulc[i] === NODATA_CODE ? NODATA_CODE : classes.get(lulc[i])!.presence; // (1)
    });
  },

  filter_distance({ squared }, params, tile) {
    const decay = decayOf(params);
    return mapCells(tile, ['filtered'], (i, { filtered }, o) => {
      filtered[o] = decay(squared[i]);
    });
  },

  degrade({ lulc, squared }, params, tile, { sensitivities }) {
    const [decay, sensitivity] = [decayOf(params), columnOf(sensitivities, 'sensitivity')];
    const { weight } = params;
    return mapCells(tile, ['total'], (i, { total }, o) => {
      total[o] = lulc[i] === NODATA_CODE ? NODATA : decay(squared[i]) * sensitivity[lulc[i]] * weight; // (4)
    });
  },

  degrade_more({ lulc, squared, total_before }, params, tile, { sensitivities }) {
    const [decay, sensitivity] = [decayOf(params), columnOf(sensitivities, 'sensitivity')];
    const { weight } = params;
    return mapCells(tile, ['total'], (i, { total }, o) => {
      const added = lulc[i] === NODATA_CODE ? NODATA : decay(squared[i]) * sensitivity[lulc[i]] * weight;
      total[o] = added === NODATA ? NODATA : total_before[i] + added; // (5)
    });
  },

  sensitivity_of({ lulc }, _params, tile, { sensitivities }) {
    return mapCells(tile, ['sens'], (i, { sens }, o) => {
      sens[o] = lulc[i] === NODATA_CODE ? NODATA : sensitivities.get(lulc[i])!.sensitivity;
    });
  },

  distance_of({ squared }, _params, tile) {
    return mapCells(tile, ['distance_transform'], (i, { distance_transform }, o) => {
      const nowhere = tile.gridWidth + tile.gridHeight + tile.y + Math.floor(o / tile.width);
      distance_transform[o] = squared[i] === NODATA_CODE ? nowhere : Math.sqrt(squared[i]); // (2)
    });
  },
};

const quality: Reference<'habitat_quality'> = {
  limit_access({ deg_sum, access }, _params, tile) {
    return mapCells(tile, ['degradation'], (i, { degradation }, o) => {
      const open = deg_sum[i] === NODATA || access[i] === NODATA;
      degradation[o] = open ? deg_sum[i] : deg_sum[i] * access[i]; // (4)
    });
  },

  rate_habitat({ lulc, deg_sum }, { degradation_scale }, tile, { suitabilities }) {
    const suitability = columnOf(suitabilities, 'habitat');
    return mapCells(tile, ['quality'], (i, { quality }, o) => {
      const missing = lulc[i] === NODATA_CODE || deg_sum[i] === NODATA;
      quality[o] = missing ? NODATA : qualityOf(suitability[lulc[i]], deg_sum[i], degradation_scale / 2);
    });
  },

  suitability_of({ lulc }, _params, tile, { suitabilities }) {
    return mapCells(tile, ['habitat'], (i, { habitat }, o) => {
      habitat[o] = lulc[i] === NODATA_CODE ? NODATA : suitabilities.get(lulc[i])!.habitat;
    });
  },

  cover_since({ lulc, lulc_bas }, _params, tile) {
    return mapCells(tile, ['new_cover'], (i, { new_cover }, o) => {
      new_cover[o] = lulc_bas[i] === NODATA_CODE ? NODATA_CODE : lulc[i];
    });
  },

  rarity_of({ lulc }, _params, tile, { rarities }) {
    return mapCells(tile, ['rarity'], (i, { rarity }, o) => {
      rarity[o] = lulc[i] === NODATA_CODE ? NODATA : rarities.get(lulc[i])!.rarity; // (7)
    });
  },
};

export const reference = { ...threats, ...quality };

export const entry = { model: habitat_quality, reference } satisfies RegisteredModel;
