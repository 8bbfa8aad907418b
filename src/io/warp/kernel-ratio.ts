/** How many source cells a kernel has to span: the ratio that gdalwarp finds for a raster that it warps in one chunk. */
import type { Resampling } from '../../core/warp.ts';
import type { Locator, WarpGrids } from './locator.ts';

/** Places on each side of the target's outline, the corners among them, as gdalwarp takes them. */
const PLACES = 21;

/**
 * The rectangle around the target in columns and rows of the source, cut where the source ends, over the size of the target. Where less than
 * half of a side is left the whole side is taken: gdalwarp's ratio would then say how much of the target has a source, and not how large
 * its cells are. `slopes`, the local ratio, counts for methods without a kernel and where the outline has no image.
 */
export function kernelRatio(
  { source, target, period, closed = false }: WarpGrids & { readonly closed?: boolean },
  locate: Locator,
  slopes: readonly [number, number],
  method: Resampling,
): readonly [number, number] {
  if (method !== 'bilinear' && method !== 'cubic') return slopes;
  const middle = locate(target.width / 2, target.height / 2);
  const places = outline(target.width, target.height).map(([column, row]) => locate(column, row));
  if (!middle || !places.every((place) => place !== undefined)) return slopes;
  // Columns count from the middle of the target, wherever the source's longitudes begin.
  const near = (column: number) =>
    period === undefined ? column : column - period * Math.round((column - middle[0]) / period);
  const across = spanOf(
    places.map(([column]) => near(column)),
    closed ? undefined : source.width,
  );
  const down = spanOf(
    places.map(([, row]) => row),
    source.height,
  );
  // A rectangle that goes half round the globe says nothing of its cells.
  const round = period !== undefined && across > period / 2;
  return [round ? slopes[0] : across / target.width, down / target.height];
}

/** From the least to the greatest value, as far as the source reaches: gdalwarp's way of cutting, which leaves what lies before it. */
function spanOf(values: readonly number[], size: number | undefined): number {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const whole = high - low;
  const left = size === undefined ? whole : Math.min(size - Math.max(0, low), whole);
  return left < whole / 2 ? whole : left;
}

function outline(width: number, height: number): [number, number][] {
  return Array.from({ length: PLACES }, (_, i) => i / (PLACES - 1)).flatMap((t): [number, number][] => [
    [t * width, 0],
    [t * width, height],
    [0, t * height],
    [width, t * height],
  ]);
}
