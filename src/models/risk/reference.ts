import { NODATA } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import type { Values } from '../../core/values.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { CLASSES, type State } from './classes.ts';
import { risk } from './spec.ts';

export const reference: Reference<'risk'> = {
  difference({ before, after }, _params, tile) {
    return mapCells(tile, ['change'], (i, { change }, o) => {
      change[o] = before[i] === NODATA || after[i] === NODATA ? NODATA : difference(after[i], before[i]); // (1)
    });
  },

  deficit({ net }, _params, tile) {
    return mapCells(tile, ['sdi'], (i, { sdi }, o) => {
      sdi[o] = net[i] === NODATA ? NODATA : Math.min(0, net[i]); // (2)
    });
  },

  balance_trend({ net_1, net_2 }, { trend }, tile) {
    return mapCells(tile, ['sdti'], (i, { sdti }, o) => {
      const [first, last] = [net_1[i], net_2[i]];
      if (first === NODATA || last === NODATA) sdti[o] = NODATA;
      else sdti[o] = trend === 0 ? difference(last, first) : difference(Math.min(0, last), Math.min(0, first)); // (3)
    });
  },

  classify({ supply_trend, demand_trend, lacking, balance_change, left }, params, tile) {
    const zero = zeroWidth(params);
    return mapCells(tile, ['risk'], (i, { risk }, o) => {
      const [sti, dti, sdi, sdti] = [supply_trend[i], demand_trend[i], lacking[i], balance_change[i]];
      if ([sti, dti, sdi, sdti, left[i]].includes(NODATA)) {
        risk[o] = NODATA;
        return;
      }
      const state: State = sdi < -zero ? 'deficit' : left[i] > zero ? 'surplus' : 'balance'; // (4)
      const [falling, easing] = [sti < -zero, dti < -zero];
      const column = falling === easing ? 1 : falling ? 0 : 2;
      risk[o] = CLASSES[state][sdti < -zero ? 0 : 1][column]; // (5)
    });
  },
};

/** As a plane of float32 holds it, so that no backend sees another side of the tolerance. */
function difference(a: number, b: number): number {
  return Math.fround(a - b);
}

/** (6) */
function zeroWidth({ tolerance, supply_1_max, supply_2_max, demand_1_max, demand_2_max }: Values): number {
  if (tolerance >= 0) return Math.fround(tolerance);
  const largest = Math.max(supply_1_max, supply_2_max, demand_1_max, demand_2_max, 0);
  return Math.fround(Math.fround(1e-6) * largest);
}

export const entry = { model: risk, reference } satisfies RegisteredModel;
