import { NODATA } from '../../core/cells.ts';
import type { Reference, RegisteredModel } from '../../core/model-reference.ts';
import { mapCells } from '../../reference/map-cells.ts';
import { slope } from './spec.ts';

const valid = (z: number) => z !== NODATA;

/** How many of the two are valid. */
function validOf(before: number, after: number): number {
  return (valid(before) ? 1 : 0) + (valid(after) ? 1 : 0);
}

/** (1): the rise over as many cells as `before` and `after` are valid. */
function outer(before: number, middle: number, after: number, centre: number): number {
  if (valid(before) && valid(after)) return before - after;
  if (valid(before) && valid(middle)) return before - middle;
  if (valid(middle) && valid(after)) return middle - after;
  if (valid(before)) return (before - centre) * Math.SQRT2;
  if (valid(after)) return (centre - after) * Math.SQRT2;
  return 0;
}

/** (2): the rise, twice, over twice as many cells as `before` and `after` are valid. */
function inner(before: number, centre: number, after: number): number {
  if (valid(before) && valid(after)) return 2 * (before - after);
  if (valid(before)) return 2 * (before - centre);
  if (valid(after)) return 2 * (centre - after);
  return 0;
}

/** (3) */
function gradient(rise: number, span: number, cell: number): number {
  return span === 0 ? 0 : rise / (span * cell);
}

export const reference: Reference<'slope'> = {
  slope({ dem }, _params, tile) {
    const { pitch, cellWidth, cellHeight } = tile;
    return mapCells(tile, ['slope_percent'], (i, { slope_percent }, o) => {
      const e = dem[i];
      if (!valid(e)) {
        slope_percent[o] = NODATA;
        return;
      }
      const [north, south] = [i - pitch, i + pitch];
      const a = dem[north - 1];
      const b = dem[north];
      const c = dem[north + 1];
      const d = dem[i - 1];
      const f = dem[i + 1];
      const g = dem[south - 1];
      const h = dem[south];
      const k = dem[south + 1];
      const whole = valid(a) && valid(b) && valid(c) && valid(d) && valid(f) && valid(g) && valid(h) && valid(k); // nearly everywhere
      const riseX = whole ? a - c + 2 * (d - f) + (g - k) : outer(a, b, c, e) + inner(d, e, f) + outer(g, h, k, e);
      const riseY = whole ? a - g + 2 * (b - h) + (c - k) : outer(a, d, g, e) + inner(b, e, h) + outer(c, f, k, e);
      const spanX = whole ? 8 : validOf(a, c) + 2 * validOf(d, f) + validOf(g, k);
      const spanY = whole ? 8 : validOf(a, g) + 2 * validOf(b, h) + validOf(c, k);
      const x = gradient(riseX, spanX, cellWidth);
      const y = gradient(riseY, spanY, cellHeight);
      slope_percent[o] = 100 * Math.sqrt(x * x + y * y); // (4)
    });
  },
};

export const entry = { model: slope, reference } satisfies RegisteredModel;
