/** Rectangles of coordinates: where rasters lie in another CRS, what they share, and the grid of whole cells over it. */
import type { Crs, Grid } from '../core/grid.ts';
import { equalCrs, transformBetween } from './crs/index.ts';

/** In units of a CRS. */
export interface Extent {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** Places along each side that are transformed: the outline of a rectangle is curved in another CRS. */
const PLACES = 32;
/** A border this near to a line of cells, in cells, lies on it. */
const ON_THE_LINE = 1e-3;

/** The smallest rectangle of `to` that holds a rectangle of `from`; undefined where no place of its outline has an image. */
export async function extentIn(extent: Extent, from: Crs, to: Crs): Promise<Extent | undefined> {
  if (await equalCrs(from, to)) return extent;
  const { forward } = await transformBetween(from, to);
  const { west, south, east, north } = extent;
  let [w, s, e, n] = [Infinity, Infinity, -Infinity, -Infinity];
  // Inside too: where a pole or the middle of a projection bulges, the outline is not the outermost.
  for (let row = 0; row <= PLACES; row++) {
    for (let column = 0; column <= PLACES; column++) {
      const image = forward(west + ((east - west) * column) / PLACES, south + ((north - south) * row) / PLACES);
      if (!image) continue;
      [w, e] = [Math.min(w, image[0]), Math.max(e, image[0])];
      [s, n] = [Math.min(s, image[1]), Math.max(n, image[1])];
    }
  }
  return w <= e && s <= n ? { west: w, south: s, east: e, north: n } : undefined;
}

/** What all of them share; undefined where that has no area. */
export function intersectionOf(extents: readonly Extent[]): Extent | undefined {
  const shared = {
    west: Math.max(...extents.map(({ west }) => west)),
    south: Math.max(...extents.map(({ south }) => south)),
    east: Math.min(...extents.map(({ east }) => east)),
    north: Math.min(...extents.map(({ north }) => north)),
  };
  return shared.west < shared.east && shared.south < shared.north ? shared : undefined;
}

/** Whole cells inside an extent, on the lines of cells of `like`; undefined where not one fits. */
export function gridInside(
  extent: Extent,
  like: Pick<Grid, 'west' | 'north' | 'cellWidth' | 'cellHeight' | 'crs'>,
): Grid | undefined {
  const { west, north, cellWidth, cellHeight, crs } = like;
  const first = Math.ceil((extent.west - west) / cellWidth - ON_THE_LINE);
  const last = Math.floor((extent.east - west) / cellWidth + ON_THE_LINE);
  const top = Math.ceil((north - extent.north) / cellHeight - ON_THE_LINE);
  const bottom = Math.floor((north - extent.south) / cellHeight + ON_THE_LINE);
  if (last <= first || bottom <= top) return undefined;
  return {
    width: last - first,
    height: bottom - top,
    west: west + first * cellWidth,
    north: north - top * cellHeight,
    cellWidth,
    cellHeight,
    crs,
  };
}
