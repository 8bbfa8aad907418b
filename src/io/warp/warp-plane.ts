/** A window of a raster in another grid: on this thread, or as what the device needs to make it. */
import { allocatePlane, nodataOf, type Plane } from '../../core/cells.ts';
import { EcofluxError, throwIfAborted } from '../../core/errors.ts';
import type { Window } from '../../core/grid.ts';
import { intersect } from '../../core/tiles.ts';
import type { CellPositions, WarpInput } from '../../core/warp.ts';
import type { ReadOptions } from '../byte-source.ts';
import type { PlaneMapping } from '../plane.ts';
import type { Raster } from '../raster.ts';
import { type Corners, cornersOf, fillByArea, fillCellByArea } from './area.ts';
import type { RowOfPlaces } from './control-grid.ts';
import { halved, heldFor, inSource, MOST_HELD_CELLS, readHeld } from './held.ts';
import { interpolateBilinear, interpolateCubic } from './interpolate.ts';
import { pickNearest } from './nearest.ts';
import { countedFrom, placesOf, positionsOf } from './positions.ts';
import { isWidened, runsOnDevice, type Warp } from './warp.ts';
import { interpolateWidened } from './widened.ts';

/**
 * Cells of a window of `warp.target`; nodata where the target has no image in the source, and beyond the target. Windows too large for the
 * source cells that they need are made in parts. Overviews of the source are not used: a target cell counts every source cell under it.
 */
export async function warpPlane(
  raster: Raster,
  window: Window,
  mapping: PlaneMapping,
  warp: Warp,
  options: ReadOptions = {},
): Promise<Plane> {
  checkMethod(raster, mapping, warp);
  const out = allocatePlane(mapping.type, window.width * window.height).fill(nodataOf(mapping.type));
  const places = await placesOf(warp);
  const make =
    warp.method === 'nearest' || warp.method === 'bilinear' || warp.method === 'cubic' ? interpolated : byArea;
  // Beyond the target grid there is nothing, whatever the source has there.
  const inside = intersect(window, { x: 0, y: 0, width: warp.target.width, height: warp.target.height });
  const todo = inside ? [inside] : [];
  for (let part = todo.pop(); part; part = todo.pop()) {
    throwIfAborted(options.signal);
    const planned = make(warp, places, part);
    if (!planned) continue;
    const { held } = planned;
    const tooMany = held.width * held.height > MOST_HELD_CELLS;
    const halves = tooMany ? halved(part, warp.step) : undefined;
    if (halves) {
      todo.push(...halves);
      continue;
    }
    const read = (of: Window) => readHeld(raster, of, mapping, warp, options);
    const isAll = part.width === window.width && part.height === window.height;
    const made = isAll ? out : allocatePlane(mapping.type, part.width * part.height).fill(nodataOf(mapping.type));
    if (tooMany && planned.fillInStrips) await planned.fillInStrips(read, made);
    else planned.fill(await read(held), made);
    if (!isAll) put(made, part, out, window);
  }
  return out;
}

/** Source cells and positions for one of the methods that look at one place. `runsOnDevice(warp)` must hold. */
export async function warpInput(
  raster: Raster,
  window: Window,
  mapping: PlaneMapping,
  warp: Warp,
  options: ReadOptions = {},
): Promise<WarpInput> {
  checkMethod(raster, mapping, warp);
  if (!runsOnDevice(warp))
    throw new EcofluxError('Bug', 'this resampling does not run on the device', { found: warp.method });
  const { method } = warp;
  const positions = positionsOf(warp, await placesOf(warp), window);
  const held = heldFor(warp, positions);
  if (!held) {
    const cells = allocatePlane(mapping.type, 1).fill(nodataOf(mapping.type));
    return { method, held: { x: 0, y: 0, width: 1, height: 1 }, cells, positions };
  }
  const cells = await readHeld(raster, held, mapping, warp, options);
  return { method, held, cells, positions: countedFrom(positions, held.x, held.y) };
}

/** Window of the source that `warpInput` would hold; undefined where the target window lies beside the source. Reads nothing. */
export async function heldWindow(warp: Warp, window: Window): Promise<Window | undefined> {
  return heldFor(warp, positionsOf(warp, await placesOf(warp), window));
}

function checkMethod(raster: Raster, { type }: PlaneMapping, { method }: Warp): void {
  if (type === 'f32' || method === 'nearest' || method === 'mode') return;
  throw new EcofluxError('InvalidConfiguration', 'class codes cannot be interpolated', {
    file: raster.info.name,
    found: `${method} resampling of classes`,
    fix: "use 'nearest' or 'mode'",
  });
}

interface Planned {
  readonly held: Window;
  fill(cells: Plane, out: Plane): void;
  /** A window of one cell. */
  fillInStrips?(read: (strip: Window) => Promise<Plane>, out: Plane): Promise<void>;
}

function interpolated(warp: Warp, places: RowOfPlaces, window: Window): Planned | undefined {
  const all = positionsOf(warp, places, window);
  const held = heldFor(warp, all);
  if (!held) return undefined;
  return {
    held,
    fill(cells, out) {
      const positions: CellPositions = countedFrom(all, held.x, held.y);
      if (warp.method === 'nearest') pickNearest({ method: 'nearest', held, cells, positions }, out);
      else {
        const input = { held, cells: cells as Float32Array, positions };
        if (isWidened(warp)) interpolateWidened(warp, input, out as Float32Array);
        else if (warp.method === 'cubic') interpolateCubic({ ...input, method: 'cubic' }, out as Float32Array);
        else interpolateBilinear({ ...input, method: 'bilinear' }, out as Float32Array);
      }
    },
  };
}

function byArea(warp: Warp, places: RowOfPlaces, window: Window): Planned | undefined {
  const corners = cornersOf(warp, places, window);
  const held = heldBetween(warp, corners);
  if (!held) return undefined;
  return {
    held,
    fill: (cells, out) => fillByArea(warp, corners, window, held, cells, out),
    fillInStrips: (read, out) => fillCellByArea(warp, corners, held, MOST_HELD_CELLS, read, out),
  };
}

/** Source cells around all corners. Around a pole a cell may go a whole turn, from wherever it begins. */
function heldBetween(warp: Warp, { x, y }: Corners): Window | undefined {
  let [west, east, north, south] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i] + y[i])) continue;
    west = Math.min(west, x[i]);
    east = Math.max(east, x[i]);
    north = Math.min(north, y[i]);
    south = Math.max(south, y[i]);
  }
  const { closed, period = 0 } = warp;
  if (closed && east - west > period / 2) {
    // The pole itself is no corner, but may lie in a cell whose corners are a few rows away.
    const few = 2 * warp.ratio[1] + 2;
    if (north < few) north = 0;
    if (south > warp.source.height - few) south = warp.source.height;
    east = west + 2 * Math.round(period);
  }
  return inSource(warp, Math.floor(west), Math.floor(north), Math.ceil(east) + 1, Math.ceil(south) + 1);
}

function put(part: Plane, from: Window, out: Plane, to: Window): void {
  for (let row = 0; row < from.height; row++) {
    const start = (from.y - to.y + row) * to.width + from.x - to.x;
    out.set(part.subarray(row * from.width, (row + 1) * from.width), start);
  }
}
