/**
 * Coordinates of one system in another, exactly as far as proj4 goes: projections in full, differences of datums by three or seven
 * parameters (`+towgs84`, TOWGS84, or those that proj4 knows for a code) and by nothing else. WGS 84, NAD 83, ETRS 89, CGCS 2000 and their
 * like count as one: they agree within a metre or two. Older datums come out within some metres, where national grids of shifts, which are
 * not used, would give decimetres; a datum without known parameters counts as WGS 84 too, and may be some hundred metres off.
 */
import type { Crs } from '../../core/grid.ts';
import { projectionOf } from './projection.ts';
import { degreesPerUnit, isGeographic, type System, shiftOf, systemOf } from './systems.ts';

export interface Transform {
  /** undefined where the place has no image. */
  forward(x: number, y: number): [number, number] | undefined;
  inverse(x: number, y: number): [number, number] | undefined;
}

export async function transformBetween(from: Crs, to: Crs): Promise<Transform> {
  return transformOf(await projectionOf(from), await projectionOf(to));
}

/** `transformBetween` of definitions as `projectionOf` gives them. */
export async function transformOf(from: string, to: string): Promise<Transform> {
  const { default: proj4 } = await import('proj4');
  const a = await systemOf(from);
  const b = await systemOf(to);
  // Of one datum there is nothing to shift, and going to WGS 84 and back again costs a millimetre.
  if (a.a === b.a && a.b === b.b && sameShift(shiftOf(a), shiftOf(b))) {
    for (const system of [a, b]) Object.assign(system, { datum: { ...system.datum, datum_type: WITHOUT_SHIFT } });
  }
  const one = (source: System, target: System) => {
    const before = degreesPerUnit(source);
    const after = 1 / degreesPerUnit(target);
    const axes = source.axis === 'wsu' || target.axis === 'wsu';
    return (x: number, y: number): [number, number] | undefined => {
      if (x - x !== 0 || y - y !== 0) return undefined;
      try {
        const point = { x: x * before, y: y * before };
        const image = proj4.transform(source as never, target as never, point, axes);
        if (!image || image.x - image.x !== 0 || image.y - image.y !== 0) return undefined;
        return [image.x * after, image.y * after];
      } catch {
        // Some projections throw for places that they cannot show.
        return undefined;
      }
    };
  };
  return { forward: one(a, b), inverse: one(b, a) };
}

/** proj4's constant for a datum of which nothing is known. */
const WITHOUT_SHIFT = 5;

/** Metres, or their like in degrees, within which the same numbers mean the same place: NAD 83 and WGS 84 differ by a tenth of that in shape. */
const SAME_PLACE = 1e-3;

/** Whether the same coordinates mean the same place, whatever the systems are called. Throws InvalidInput where that cannot be known. */
export async function equalCrs(a: Crs, b: Crs): Promise<boolean> {
  // Also where proj4 could not say what it means.
  if (sameDefinition(a, b)) return true;
  const [p, q] = [await systemOf(await projectionOf(a), a.name), await systemOf(await projectionOf(b), b.name)];
  const kind = isGeographic(p);
  if (kind !== isGeographic(q) || degreesPerUnit(p) !== degreesPerUnit(q)) return false;
  if (!sameShift(shiftOf(p), shiftOf(q))) return false;
  if (Math.abs(p.a - q.a) > SAME_PLACE || Math.abs(p.b - q.b) > SAME_PLACE) return false;
  if (kind) return Math.abs((p.from_greenwich ?? 0) - (q.from_greenwich ?? 0)) * p.a < SAME_PLACE;
  const metres = p.to_meter ?? 1;
  if (Math.abs((q.to_meter ?? 1) / metres - 1) > 1e-9) return false;
  let compared = 0;
  for (const [longitude, latitude] of placesAround(p)) {
    const one = project(p, longitude, latitude);
    const other = project(q, longitude, latitude);
    if (!one !== !other) return false;
    if (!one || !other) continue;
    if (!(Math.hypot(one[0] - other[0], one[1] - other[1]) < SAME_PLACE)) return false;
    compared++;
  }
  return compared > 0;
}

function sameDefinition(a: Crs, b: Crs): boolean {
  if (a.epsg !== undefined || b.epsg !== undefined) return a.epsg === b.epsg;
  if (a.definition !== undefined || b.definition !== undefined) return a.definition === b.definition;
  return a.kind !== 'unknown' && a.geoKeys !== undefined && JSON.stringify(a.geoKeys) === JSON.stringify(b.geoKeys);
}

/** As they are printed in different books: to some centimetres. */
function sameShift(a: readonly number[], b: readonly number[]): boolean {
  return [0, 1, 2, 3, 4, 5, 6].every((i) => {
    const nothing = i === 6 ? 1 : 0;
    return Math.abs((a[i] ?? nothing) - (b[i] ?? nothing)) <= (i < 3 ? 0.05 : 5e-9);
  });
}

/** Longitudes from Greenwich and latitudes, radians, within sight of the middle of a projection and away from its symmetries. */
function* placesAround({ long0 = 0, lat0 = 0, from_greenwich = 0 }: System): Iterable<[number, number]> {
  const middle = Math.max(-1.2, Math.min(1.2, lat0));
  for (const east of [-0.05, 0.002, 0.03, 0.3])
    for (const north of [-0.2, -0.01, 0.04, 0.15]) yield [long0 + from_greenwich + east, middle + north];
}

function project(system: System, longitude: number, latitude: number): [number, number] | undefined {
  try {
    const { from_greenwich = 0, axis } = system;
    const image = system.forward({ x: longitude - from_greenwich, y: latitude });
    const sign = axis === 'wsu' ? -1 : 1;
    return image && Number.isFinite(image.x) && Number.isFinite(image.y) ? [sign * image.x, sign * image.y] : undefined;
  } catch {
    return undefined;
  }
}
