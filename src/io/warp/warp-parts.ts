/** What a device needs to make a window, in as many parts as it takes for none to hold more source cells than a binding may. */
import type { Window } from '../../core/grid.ts';
import type { WarpPart } from '../../core/warp.ts';
import type { ReadOptions } from '../byte-source.ts';
import type { PlaneMapping } from '../plane.ts';
import type { Raster } from '../raster.ts';
import { halved, MOST_HELD_CELLS } from './held.ts';
import type { Warp } from './warp.ts';
import { heldWindow, warpInput } from './warp-plane.ts';

/** `runsOnDevice(warp)` must hold. `most`: source cells of a part; a window of one cell is never cut. */
export async function warpParts(
  raster: Raster,
  window: Window,
  mapping: PlaneMapping,
  warp: Warp,
  options: ReadOptions = {},
  most = MOST_HELD_CELLS,
): Promise<WarpPart[]> {
  const parts: WarpPart[] = [];
  const todo = [window];
  for (let part = todo.pop(); part; part = todo.pop()) {
    const held = await heldWindow(warp, part);
    const halves = held && held.width * held.height > most ? halved(part, warp.step) : undefined;
    if (halves) {
      todo.push(...halves);
      continue;
    }
    const input = await warpInput(raster, part, mapping, warp, options);
    parts.push({ x: part.x - window.x, y: part.y - window.y, input });
  }
  return parts;
}
