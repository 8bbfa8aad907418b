import { NODATA } from '../../core/cells.ts';
import type { RegisteredModel } from '../../core/model.ts';
import type { Reference } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { slope } from './spec.ts';

type Difference = readonly [rise: number, span: number];
const valid = (z: number) => z !== NODATA;

/** (1) */
function outer(before: number, middle: number, after: number, centre: number): Difference {
  if (valid(before) && valid(after)) return [before - after, 2];
  if (valid(before) && valid(middle)) return [before - middle, 1];
  if (valid(middle) && valid(after)) return [middle - after, 1];
  if (valid(before)) return [(before - centre) * Math.SQRT2, 1];
  if (valid(after)) return [(centre - after) * Math.SQRT2, 1];
  return [0, 0];
}

/** (2) */
function inner(before: number, centre: number, after: number): Difference {
  if (valid(before) && valid(after)) return [2 * (before - after), 4];
  if (valid(before)) return [2 * (before - centre), 2];
  if (valid(after)) return [2 * (centre - after), 2];
  return [0, 0];
}

/** (3) */
function gradient(differences: readonly Difference[], cell: number): number {
  const rise = differences.reduce((sum, [value]) => sum + value, 0);
  const span = differences.reduce((sum, [, value]) => sum + value, 0);
  return span === 0 ? 0 : rise / (span * cell);
}

export const reference: Reference<'slope'> = {
  slope({ dem }, _params, tile) {
    return mapCells(tile, ['slope_percent'], (i, { slope_percent }, o) => {
      const e = dem[i];
      if (!valid(e)) {
        slope_percent[o] = NODATA;
        return;
      }
      const [a, b, c] = [dem[i - tile.pitch - 1], dem[i - tile.pitch], dem[i - tile.pitch + 1]];
      const [d, f] = [dem[i - 1], dem[i + 1]];
      const [g, h, k] = [dem[i + tile.pitch - 1], dem[i + tile.pitch], dem[i + tile.pitch + 1]];
      const x = gradient([outer(a, b, c, e), inner(d, e, f), outer(g, h, k, e)], tile.cellWidth);
      const y = gradient([outer(a, d, g, e), inner(b, e, h), outer(c, f, k, e)], tile.cellHeight);
      slope_percent[o] = 100 * Math.hypot(x, y); // (4)
    });
  },
};

export const entry = { model: slope, reference } satisfies RegisteredModel;
