/**
 * Polygons along the cell edges of a raster of labels: exactly the cells of a label have their centres inside its polygons. Shells
 * run counter-clockwise seen with north up, holes clockwise (RFC 7946). Corners only where the edge turns.
 */

/** Corners as x0, y0, x1, y1, … in columns and rows of the raster; the first is not repeated at the end. */
export type Ring = number[];

/** A shell and its holes. */
export type RingPolygon = Ring[];

/** The polygons of every label except 0; cells of a label that touch only at a corner are separate there. */
export function tracePolygons(labels: ArrayLike<number>, width: number, height: number): Map<number, RingPolygon[]> {
  // 1 where the upper edge of the cell has been walked (eastwards, the cell on the right).
  const walked = new Uint8Array(width * height);
  const shells = new Map<number, RingPolygon[]>();
  const holes: { label: number; ring: Ring }[] = [];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const label = labels[i];
      if (label === 0 || walked[i] || (y > 0 && labels[i - width] === label)) continue;
      for (const ring of simpleLoops(walk(labels, width, height, x, y, walked), width)) {
        if (signedArea(ring) < 0) holes.push({ label, ring });
        else if (shells.has(label)) shells.get(label)?.push([ring]);
        else shells.set(label, [[ring]]);
      }
    }
  }
  for (const { label, ring } of holes) {
    // The cell to the right of a hole's first edge lies in the shell that has the hole, and in no other.
    const alongX = Math.sign(ring[2] - ring[0]);
    const alongY = Math.sign(ring[3] - ring[1]);
    const x = ring[0] + 0.5 * (alongX - alongY);
    const y = ring[1] + 0.5 * (alongY + alongX);
    shells
      .get(label)
      ?.find(([shell]) => holds(shell, x, y))
      ?.push(ring);
  }
  for (const polygons of shells.values()) for (const rings of polygons) for (const ring of rings) turnRound(ring);
  return shells;
}

/** Cuts a walk that comes to a corner twice into loops that do not, as valid polygons need. */
function simpleLoops(ring: Ring, width: number): Ring[] {
  const loops: Ring[] = [];
  const open: Ring = [];
  const place = new Map<number, number>();
  for (let k = 0; k < ring.length; k += 2) {
    const key = ring[k + 1] * (width + 1) + ring[k];
    const since = place.get(key);
    if (since !== undefined) {
      const loop = open.splice(since);
      for (let j = 0; j < loop.length; j += 2) place.delete(loop[j + 1] * (width + 1) + loop[j]);
      loops.push(loop);
    }
    place.set(key, open.length);
    open.push(ring[k], ring[k + 1]);
  }
  loops.push(open);
  return loops;
}

const EAST = 0;
const SOUTH = 1;
const WEST = 2;

/** Walks along the label's edge with its cells on the right, from the upper left corner of a cell back to it. */
function walk(
  labels: ArrayLike<number>,
  width: number,
  height: number,
  startX: number,
  startY: number,
  walked: Uint8Array,
): Ring {
  const label = labels[startY * width + startX];
  const is = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && labels[y * width + x] === label;
  const ring: Ring = [];
  let x = startX;
  let y = startY;
  let heading = EAST;
  let before = -1;
  do {
    if (heading !== before) ring.push(x, y);
    before = heading;
    if (heading === EAST) walked[y * width + x++] = 1;
    else if (heading === SOUTH) y++;
    else if (heading === WEST) x--;
    else y--;
    // Cells ahead, right and left of the way; turning right where the right one is not the label's keeps corners apart.
    const [rightX, rightY] =
      heading === EAST ? [x, y] : heading === SOUTH ? [x - 1, y] : heading === WEST ? [x - 1, y - 1] : [x, y - 1];
    const [leftX, leftY] =
      heading === EAST ? [x, y - 1] : heading === SOUTH ? [x, y] : heading === WEST ? [x - 1, y] : [x - 1, y - 1];
    if (!is(rightX, rightY)) heading = (heading + 1) & 3;
    else if (is(leftX, leftY)) heading = (heading + 3) & 3;
  } while (x !== startX || y !== startY || heading !== EAST);
  // The start is a corner unless the last piece ran eastwards into it.
  if (before === EAST && ring.length > 8) ring.splice(0, 2);
  return ring;
}

/** Twice the area, positive for shells: rows grow southwards and the label is on the right. */
function signedArea(ring: Ring): number {
  let sum = 0;
  for (let k = 0; k < ring.length; k += 2) {
    const next = (k + 2) % ring.length;
    sum += ring[k] * ring[next + 1] - ring[next] * ring[k + 1];
  }
  return sum;
}

function holds(ring: Ring, x: number, y: number): boolean {
  let inside = false;
  for (let k = 0; k < ring.length; k += 2) {
    const next = (k + 2) % ring.length;
    // Only vertical edges can cross the line to the right of the point.
    if (ring[k] === ring[next] && ring[k] > x && ring[k + 1] > y !== ring[next + 1] > y) inside = !inside;
  }
  return inside;
}

function turnRound(ring: Ring): void {
  for (let a = 0, b = ring.length - 2; a < b; a += 2, b -= 2) {
    [ring[a], ring[b]] = [ring[b], ring[a]];
    [ring[a + 1], ring[b + 1]] = [ring[b + 1], ring[a + 1]];
  }
}
