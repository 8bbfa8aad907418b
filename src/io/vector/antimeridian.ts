/**
 * Outlines in degrees that cross ±180°: made continuous (179, 181 in place of 179, -179), then cut into parts that lie in one turn around
 * a given meridian. Parts that a file holds already cut (RFC 7946) come out of it whole.
 */
import type { Polygon, Position, Ring } from './layer.ts';

export interface Continuous {
  /** Closed; longitudes run on beyond ±180. */
  readonly polygon: Polygon;
  /** Whether an edge was taken the short way, across ±180°. */
  readonly jumped: boolean;
}

/**
 * An edge of more than half a turn is taken the other way round, but for one of a whole turn from -180 to 180, which bounds a map of the
 * world. A ring that runs round a pole is led along its meridian of ±180 or so to that pole. undefined: it does so and has holes, or
 * reaches both poles.
 */
export function continuous(polygon: Polygon): Continuous | undefined {
  if (!polygon.some(hasJump)) return { polygon, jumped: false };
  const rings: Ring[] = [];
  for (const ring of polygon) {
    const line = unwrapped(ring);
    const turn = line[line.length - 1][0] - line[0][0];
    if (Math.abs(turn) < 180) rings.push(line);
    else if (polygon.length > 1 || Math.abs(turn) > 540) return undefined;
    else rings.push(overPole(line));
  }
  const [outline, ...holes] = rings;
  const middle = middleOf(outline);
  // A hole begins anywhere: it belongs to the turn of its outline.
  const beside = (hole: Ring) => shifted(hole, 360 * Math.round((middle - middleOf(hole)) / 360));
  return { polygon: [outline, ...holes.map(beside)], jumped: true };
}

const isJump = (degrees: number) => Math.abs(degrees) > 180 && Math.abs(degrees) < 360;

/** Whether an edge is to be taken across ±180°. */
export function hasJump(ring: Ring): boolean {
  for (let i = 1; i < ring.length; i++) if (isJump(ring[i][0] - ring[i - 1][0])) return true;
  return false;
}

function unwrapped(ring: Ring): Position[] {
  let turns = 0;
  return ring.map((position, i) => {
    const step = i === 0 ? 0 : position[0] - ring[i - 1][0];
    if (isJump(step)) turns -= Math.sign(step);
    return [position[0] + 360 * turns, position[1]];
  });
}

/** The pole on whose side the ring lies. */
function overPole(line: readonly Position[]): Ring {
  const mean = line.reduce((sum, [, latitude]) => sum + latitude, 0) / line.length;
  const pole = mean < 0 ? -90 : 90;
  const [first, last] = [line[0], line[line.length - 1]];
  return [...line, [last[0], pole], [first[0], pole], first];
}

function rangeOf(ring: Ring): [west: number, east: number] {
  let [west, east] = [Infinity, -Infinity];
  for (const [x] of ring) {
    west = Math.min(west, x);
    east = Math.max(east, x);
  }
  return [west, east];
}

function middleOf(ring: Ring): number {
  const [west, east] = rangeOf(ring);
  return (west + east) / 2;
}

function shifted(ring: Ring, by: number): Ring {
  return by === 0 ? ring : ring.map(([x, y]) => [x + by, y]);
}

/** Degrees: a tenth of a millimetre. */
const SLACK = 1e-9;

/** What a polygon covers, with longitudes from `meridian` - 180 to `meridian` + 180. */
export function aroundMeridian(polygon: Polygon, meridian: number): Polygon[] {
  const [west, east] = rangeOf(polygon[0]);
  const first = Math.floor((west - (meridian - 180) + SLACK) / 360);
  const last = Math.ceil((east - (meridian - 180) - SLACK) / 360) - 1;
  if (last <= first) return [polygon.map((ring) => shifted(ring, -360 * first))];
  const parts: Polygon[] = [];
  for (let turn = first; turn <= last; turn++) {
    const [from, to] = [meridian - 180 + 360 * turn, meridian + 180 + 360 * turn];
    const rings = polygon.map((ring) => between(ring, from, to)).filter((ring) => ring.length > 3);
    if (rings.length > 0) parts.push(rings.map((ring) => shifted(ring, -360 * turn)));
  }
  return parts;
}

/** A ring within a strip. It may run along the edges of the strip and back, which encloses nothing. */
function between(ring: Ring, west: number, east: number): Ring {
  const half = (line: Ring, limit: number, side: 1 | -1): Position[] => {
    const out: Position[] = [];
    for (let i = 1; i < line.length; i++) {
      const [a, b] = [line[i - 1], line[i]];
      const [inA, inB] = [side * (a[0] - limit) >= 0, side * (b[0] - limit) >= 0];
      if (inA) out.push(a);
      if (inA !== inB) out.push([limit, a[1] + ((limit - a[0]) / (b[0] - a[0])) * (b[1] - a[1])]);
    }
    if (out.length > 0) out.push(out[0]);
    return out;
  };
  const clipped = half(half(ring, west, 1), east, -1);
  const [from, to] = clipped.length > 0 ? rangeOf(clipped) : [0, 0];
  return to - from > SLACK ? clipped : [];
}
