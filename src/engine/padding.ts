/** Planes of a visit have a border of `halo` cells; files, the store and results have none. */
import { allocatePlane, type CellType, nodataOf, type Plane } from '../core/cells.ts';
import type { TileContext } from '../core/model-reference.ts';

/** The interior of a padded plane, as a plane of its own; the same plane where there is no padding. */
export function interior(plane: Plane, { width, height, pitch, halo }: TileContext): Plane {
  if (halo === 0 && pitch === width) return plane;
  const out = allocatePlane(typeOf(plane), width * height);
  for (let y = 0; y < height; y++) {
    const start = (y + halo) * pitch + halo;
    out.set(plane.subarray(start, start + width), y * width);
  }
  return out;
}

/** The cells of a tile with a border of nodata around them; the same plane where there is no padding. */
export function padded(cells: Plane, { width, height, pitch, halo }: TileContext): Plane {
  if (halo === 0 && pitch === width) return cells;
  const type = typeOf(cells);
  const out = allocatePlane(type, pitch * (height + 2 * halo)).fill(nodataOf(type));
  for (let y = 0; y < height; y++) out.set(cells.subarray(y * width, (y + 1) * width), (y + halo) * pitch + halo);
  return out;
}

function typeOf(plane: Plane): CellType {
  return plane instanceof Float32Array ? 'f32' : 'u32';
}
