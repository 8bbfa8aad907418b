/**
 * Polygons of one CRS in another. Straight edges of the file stay where they are on the ground: they get vertices in between until no piece
 * bends by more than a tolerance. The same edge of two neighbours gets the same vertices.
 */
import type { Crs } from '../../core/grid.ts';
import { equalCrs, projectionOf, transformBetween } from '../crs/index.ts';
import { systemOf } from '../crs/systems.ts';
import { aroundMeridian, continuous } from './antimeridian.ts';
import type { Polygon, Position, Ring } from './layer.ts';

/** Decimetres on the ground, where `tolerance` is not given: a hundredth of the cells that are usual. In units of the target CRS. */
const TOLERANCE = { metres: 0.1, degrees: 1e-6 } as const;

/** Where a polygon cannot be shown: in words, and the vertex (from 0) if it is one. */
export interface Unshown {
  readonly what: string;
  readonly ring?: number;
  readonly vertex?: number;
}

export interface Projector {
  /** Closed rings in, closed rings out; several polygons where one had to be cut. `jumped` is called if an edge was taken across ±180°. */
  project(polygon: Polygon, jumped: () => void): readonly Polygon[] | Unshown;
}

export interface ProjectorOptions {
  /** Longitude in the middle of a geographic grid: polygons are brought to within half a turn of it. */
  readonly meridian?: number;
  /** How far an edge may lie from where it belongs, in units of the target CRS. Infinity: vertices only. */
  readonly tolerance?: number;
}

/** @throws EcofluxError InvalidInput for a CRS that is unknown */
export async function projectorBetween(from: Crs, to: Crs, options: ProjectorOptions = {}): Promise<Projector> {
  const { meridian } = options;
  const [fromDegrees, toDegrees] = [from.kind === 'geographic', to.kind === 'geographic'];
  const same = await equalCrs(from, to);
  const edges = same ? undefined : await edgeProjector(from, to, options);
  /** Brings a polygon in degrees into one turn: before projecting around the middle of the projection, on a geographic grid around its own. */
  const turned = (polygon: Polygon, middle: number | undefined, jumped: () => void): Polygon[] | Unshown => {
    const found = continuous(polygon);
    if (!found) return { what: 'it runs round a pole and has holes' };
    if (found.jumped) jumped();
    const around = middle ?? (found.jumped ? 0 : undefined);
    return around === undefined ? [found.polygon] : aroundMeridian(found.polygon, around);
  };
  const middle = toDegrees ? meridian : fromDegrees ? await middleOf(from, to) : undefined;
  return {
    project(polygon, jumped) {
      const parts = fromDegrees ? turned(polygon, middle, jumped) : [polygon];
      if ('what' in parts || !edges) return parts;
      const projected: Polygon[] = [];
      for (const part of parts) {
        const rings: Ring[] = [];
        for (const [i, ring] of part.entries()) {
          const found = edges(ring, middle);
          // A polygon that was cut has other vertices than the file.
          if ('what' in found) return parts.length > 1 ? { what: found.what } : { ...found, ring: i };
          rings.push(found);
        }
        if (fromDegrees || !toDegrees) projected.push(rings);
        else {
          const found = turned(rings, meridian, () => {});
          if ('what' in found) return found;
          projected.push(...found);
        }
      }
      return projected;
    },
  };
}

/** The longitude in the middle of a projection, degrees as the source counts them: half a turn from it lies the border of its map. */
async function middleOf(from: Crs, to: Crs): Promise<number> {
  const [source, target] = [await systemOf(await projectionOf(from)), await systemOf(await projectionOf(to))];
  const radians =
    ((target as { long0?: number }).long0 ?? 0) + (target.from_greenwich ?? 0) - (source.from_greenwich ?? 0);
  return (radians * 180) / Math.PI;
}

/** Halvings of an edge: beyond this it does not bend but break. */
const DEEPEST = 15;
/** Degrees from the border of a map within which rounding could put a place on the other side of it. */
const BORDER = 1e-9;

class NoImage extends Error {}

type EdgeProjector = (ring: Ring, middle: number | undefined) => Ring | Unshown;

async function edgeProjector(from: Crs, to: Crs, { tolerance }: ProjectorOptions): Promise<EdgeProjector> {
  const { forward } = await transformBetween(from, to);
  const [fromDegrees, toDegrees] = [from.kind === 'geographic', to.kind === 'geographic'];
  const limit = tolerance ?? (toDegrees ? TOLERANCE.degrees : TOLERANCE.metres / (to.metresPerUnit ?? 1));
  /** `near`: a longitude; that of the image is counted on from it. */
  const image = (x: number, y: number, near: number | undefined, middle: number | undefined): Position => {
    const clamped =
      fromDegrees && !toDegrees && middle !== undefined
        ? Math.max(middle - 180 + BORDER, Math.min(middle + 180 - BORDER, x))
        : x;
    const found = forward(clamped, y);
    if (!found) throw new NoImage();
    if (!toDegrees) return found;
    const beside = fromDegrees ? x : near;
    return beside === undefined ? found : [found[0] + 360 * Math.round((beside - found[0]) / 360), found[1]];
  };
  return (ring, middle) => {
    const out: Position[] = [];
    let at = 0;
    try {
      for (; at < ring.length; at++) {
        const near = out.length > 0 ? out[out.length - 1][0] : undefined;
        const [x, y] = ring[at];
        const here = image(x, y, near, middle);
        if (at > 0 && Number.isFinite(limit)) {
          const [before, known] = [ring[at - 1], out[out.length - 1]];
          const one = (px: number, py: number) => image(px, py, known[0], middle);
          out.push(...within(before, known, ring[at], here, one, limit));
        }
        out.push(here);
      }
    } catch (error) {
      if (!(error instanceof NoImage)) throw error;
      return { what: error.message || 'there is no such place in the other CRS', vertex: at };
    }
    // The last is the first: exactly so, however it was reckoned, unless the ring runs round a pole.
    const last = out.length - 1;
    if (Math.abs(out[last][0] - out[0][0]) < 180 || !toDegrees) out[last] = out[0];
    return out;
  };
}

/** The vertices that an edge from a to b needs between its images. In the same order of coordinates whichever way the edge is run. */
function within(
  a: Position,
  imageA: Position,
  b: Position,
  imageB: Position,
  image: (x: number, y: number) => Position,
  limit: number,
): Position[] {
  if (a[0] > b[0] || (a[0] === b[0] && a[1] > b[1])) return within(b, imageB, a, imageA, image, limit).reverse();
  const out: Position[] = [];
  const place = (t: number) => image(a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]));
  const bend = (t: number, found: Position, s: number, start: Position, e: number, end: Position) => {
    const w = (t - s) / (e - s);
    return Math.hypot(found[0] - start[0] - w * (end[0] - start[0]), found[1] - start[1] - w * (end[1] - start[1]));
  };
  const divide = (s: number, start: Position, e: number, end: Position, depth: number) => {
    const t = (s + e) / 2;
    const middle = place(t);
    const straight =
      bend(t, middle, s, start, e, end) <= limit &&
      // An edge that bends to either side alike has its middle in place.
      (depth > 0 || [0.25, 0.75].every((u) => bend(u, place(u), s, start, e, end) <= limit));
    if (straight) return;
    if (depth === DEEPEST) throw new NoImage('the edge to it crosses the border of the map of the other CRS');
    divide(s, start, t, middle, depth + 1);
    out.push(middle);
    divide(t, middle, e, end, depth + 1);
  };
  divide(0, imageA, 1, imageB, 0);
  return out;
}
