/** How well a control grid does: patches of it, spread over the target, looked at one by one. */
import type { Grid } from '../../core/grid.ts';
import { controlGrid, type Patch } from './control-grid.ts';
import type { Locator, WarpGrids } from './locator.ts';

/** Above this a patch is reckoned place by place, in source cells. */
export const COARSE = 1e-5;
/** Patches looked at across the target, each way. */
const MOST_SAMPLES = 128;

export interface PatchesSeen {
  readonly control: number;
  /** Greatest miss of the patches that are good enough, source cells. */
  readonly error: number;
  /** Patches that are reckoned place by place. */
  readonly missed: number;
  /** No patch lacks a node. */
  readonly whole: boolean;
  /** Source cells to a target cell, at most. */
  readonly reach: number;
  /** Of the way through the source: sum of its second differences, source cells per target cell squared, at most. */
  readonly curvature: number;
}

/** Patches spread over the target, with all corners, and those around places known to lie in the source. */
export function lookAtPatches(
  grids: WarpGrids,
  locate: Locator,
  control: number,
  places: readonly (readonly [number, number])[],
): PatchesSeen {
  const { source, target, period } = grids;
  const grid = controlGrid(locate, control, period);
  const seen = { control, error: 0, missed: 0, whole: true, reach: 0, curvature: 0 };
  const look = (column: number, row: number) => {
    const patch = grid.patch(column, row);
    if (!touches(patch, source)) return;
    if (patch.miss === Infinity) seen.whole = false;
    else if (patch.miss > COARSE) seen.missed++;
    else {
      seen.error = Math.max(seen.error, patch.miss);
      const { reach, curvature } = shapeOf(patch.nodes, control);
      seen.reach = Math.max(seen.reach, reach);
      seen.curvature = Math.max(seen.curvature, curvature);
    }
  };
  const across = (length: number) => Math.floor((length - 1) / control) + 2;
  const [columns, rows] = [across(target.width), across(target.height)];
  const pick = (count: number) => {
    const taken = Math.min(count, MOST_SAMPLES);
    return Array.from({ length: taken }, (_, i) => Math.round((i * (count - 1)) / Math.max(1, taken - 1)) - 1);
  };
  for (const row of pick(rows)) for (const column of pick(columns)) look(column, row);
  for (const [x, y] of places) look(Math.floor((x - 0.5) / control), Math.floor((y - 0.5) / control));
  return seen;
}

/** Whether a patch has anything to do with the source, judged by its nodes. */
function touches({ nodes }: Patch, { width, height }: Grid): boolean {
  let [west, east, north, south] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let n = 0; n < 16; n++) {
    if (Number.isNaN(nodes[n])) continue;
    west = Math.min(west, nodes[n]);
    east = Math.max(east, nodes[n]);
    north = Math.min(north, nodes[16 + n]);
    south = Math.max(south, nodes[16 + n]);
  }
  return east >= 0 && south >= 0 && west <= width && north <= height;
}

function shapeOf(nodes: Float64Array, control: number): { reach: number; curvature: number } {
  let reach = 0;
  let curvature = 0;
  for (const of of [0, 16]) {
    for (let n = 0; n < 4; n++) {
      for (const [start, apart] of [
        [of + 4 * n, 1],
        [of + n, 4],
      ]) {
        const [a, b, c, d] = [0, 1, 2, 3].map((i) => nodes[start + i * apart]);
        reach = Math.max(reach, Math.abs(b - a), Math.abs(c - b), Math.abs(d - c));
        curvature = Math.max(curvature, Math.abs(a - 2 * b + c), Math.abs(b - 2 * c + d));
      }
    }
  }
  // Both directions bend the way.
  return { reach: reach / control, curvature: (2 * curvature) / control ** 2 };
}
