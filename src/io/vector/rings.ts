/** Rings: their area, whether they hold a point, and which are the holes of which. */
import type { Polygon, Position, Ring } from './layer.ts';

/** Positive where the ring runs counterclockwise; 0 for one that encloses nothing, or as much one way round as the other. */
export function signedArea(ring: Ring): number {
  if (ring.length < 3) return 0;
  // From the first position, so that large coordinates do not cost digits.
  const [x0, y0] = ring[0];
  let sum = 0;
  for (let i = 1; i + 1 < ring.length; i++) {
    const [[ax, ay], [bx, by]] = [ring[i], ring[i + 1]];
    sum += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
  }
  return sum / 2;
}

/** Area of an outline less that of its holes, in square units of the CRS. */
export function areaOf(polygon: Polygon): number {
  return polygon.reduce((area, ring, i) => area + (i === 0 ? 1 : -1) * Math.abs(signedArea(ring)), 0);
}

/** First and last position the same. */
export function closed<R extends readonly Position[]>(ring: R): R | Position[] {
  const [first, last] = [ring[0], ring[ring.length - 1]];
  return first[0] === last[0] && first[1] === last[1] ? ring : [...ring, first];
}

interface Outline {
  readonly ring: Ring;
  readonly box: Box;
  readonly area: number;
  readonly holes: Ring[];
}

type Box = readonly [west: number, south: number, east: number, north: number];

/**
 * Rings of which only the direction tells outlines (clockwise) from holes, as a shapefile has them, put together: a hole goes into the
 * smallest outline around it; one that lies in none becomes an outline itself.
 */
export function polygonsOfRings(rings: readonly Ring[]): Ring[][] {
  if (rings.length === 1) return [[rings[0]]];
  const outlines: Outline[] = [];
  const holes: Ring[] = [];
  for (const ring of rings) {
    const area = signedArea(ring);
    if (area <= 0) outlines.push({ ring, box: boxOf(ring), area: -area, holes: [] });
    else holes.push(ring);
  }
  const alone: Ring[] = [];
  for (const hole of holes) {
    const box = boxOf(hole);
    let around: Outline | undefined;
    for (const outline of outlines)
      if ((!around || outline.area < around.area) && within(box, outline.box) && holds(outline.ring, hole))
        around = outline;
    if (around) around.holes.push(hole);
    else alone.push(hole);
  }
  return [...outlines.map(({ ring, holes }) => [ring, ...holes]), ...alone.map((ring) => [ring])];
}

function boxOf(ring: Ring): Box {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of ring) {
    west = Math.min(west, x);
    east = Math.max(east, x);
    south = Math.min(south, y);
    north = Math.max(north, y);
  }
  return [west, south, east, north];
}

function within(inner: Box, outer: Box): boolean {
  return inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3];
}

/** Judged by the first vertex of the hole that is not on the outline; a hole that follows the outline all along lies in it. */
function holds(outline: Ring, hole: Ring): boolean {
  for (const position of hole) {
    const side = sideOf(outline, position);
    if (side !== 'on') return side === 'in';
  }
  return true;
}

function sideOf(ring: Ring, [x, y]: Position): 'in' | 'on' | 'out' {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[ax, ay], [bx, by]] = [ring[j], ring[i]];
    const turn = (bx - ax) * (y - ay) - (x - ax) * (by - ay);
    if (turn === 0 && x >= Math.min(ax, bx) && x <= Math.max(ax, bx) && y >= Math.min(ay, by) && y <= Math.max(ay, by))
      return 'on';
    if (ay > y !== by > y && turn > 0 === by > ay) inside = !inside;
  }
  return inside ? 'in' : 'out';
}
