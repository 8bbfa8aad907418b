/** The window of the source that a window of the target needs, and its cells. */
import { allocatePlane, nodataOf, type Plane } from '../../core/cells.ts';
import type { Window } from '../../core/grid.ts';
import { type CellPositions, NO_POSITION } from '../../core/warp.ts';
import type { ReadOptions } from '../byte-source.ts';
import { type PlaneMapping, readAligned } from '../plane.ts';
import type { Raster } from '../raster.ts';
import { isWidened, type Warp } from './warp.ts';

/** Source cells held at once: 64 MiB. */
export const MOST_HELD_CELLS = 2 ** 24;

/** Source cells that a kernel reaches beyond the one that holds the place. */
function kernelReach(warp: Warp): readonly [number, number] {
  if (warp.method === 'nearest') return [0, 0];
  const radius = warp.method === 'cubic' ? 2 : 1;
  if (!isWidened(warp)) return [radius, radius];
  const [x, y] = warp.ratio.map((ratio) => Math.ceil(radius * Math.max(1, ratio)));
  return [x, y];
}

/** Source cells around all positions; undefined where none lies in the source. */
export function heldFor(warp: Warp, positions: CellPositions): Window | undefined {
  const { nodes } = positions;
  let [west, east, north, south] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = 0; at < nodes.length; at += 4) {
    const column = nodes[at];
    if (column === NO_POSITION) continue;
    const row = nodes[at + 2];
    if (column < west) west = column;
    if (column > east) east = column;
    if (row < north) north = row;
    if (row > south) south = row;
  }
  const [x, y] = kernelReach(warp);
  // Between nodes a position may be rounded into the next cell.
  return inSource(warp, west - x - 1, north - y - 1, east + x + 2, south + y + 2);
}

/** What of a rectangle of cells lies in the source; columns of a closed one go on beyond its edges. */
export function inSource(warp: Warp, west: number, north: number, east: number, south: number): Window | undefined {
  const { source, closed } = warp;
  const [x, right] = closed ? [west, east] : [Math.max(0, west), Math.min(source.width, east)];
  const [y, bottom] = [Math.max(0, north), Math.min(source.height, south)];
  return right > x && bottom > y ? { x, y, width: right - x, height: bottom - y } : undefined;
}

/** Cells of a held window. Columns of a closed source are read where they are in the file. */
export async function readHeld(
  raster: Raster,
  held: Window,
  mapping: PlaneMapping,
  { closed, period = 0 }: Warp,
  options: ReadOptions,
): Promise<Plane> {
  const plain = { ...mapping, resampling: undefined };
  const turn = Math.round(period);
  if (!closed || (held.x >= 0 && held.x + held.width <= turn)) return readAligned(raster, held, plain, options);
  const out = allocatePlane(mapping.type, held.width * held.height).fill(nodataOf(mapping.type));
  for (let done = 0; done < held.width; ) {
    const x = (((held.x + done) % turn) + turn) % turn;
    const width = Math.min(turn - x, held.width - done);
    const part = await readAligned(raster, { ...held, x, width }, plain, options);
    for (let row = 0; row < held.height; row++) {
      out.set(part.subarray(row * width, (row + 1) * width), row * held.width + done);
    }
    done += width;
  }
  return out;
}

/** A window cut in two near its middle, at a multiple of `step` cells of the grid; undefined where it is too small for that. */
export function halved({ x, y, width, height }: Window, step: number): readonly [Window, Window] | undefined {
  const cut = (start: number, length: number) => {
    const at = Math.round((start + length / 2) / step) * step - start;
    return at > 0 && at < length ? at : Math.floor(length / 2);
  };
  if (width === 1 && height === 1) return undefined;
  if (width > height) {
    const at = cut(x, width);
    return [
      { x, y, width: at, height },
      { x: x + at, y, width: width - at, height },
    ];
  }
  const at = cut(y, height);
  return [
    { x, y, width, height: at },
    { x, y: y + at, width, height: height - at },
  ];
}
