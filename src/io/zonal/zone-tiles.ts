/** Passes of the workers over the tiles that hold zones. */
import { throwIfAborted } from '../../core/errors.ts';
import type { Window } from '../../core/grid.ts';
import { intersect, type Tiling, tilesOf, tilesUnder } from '../../core/tiles.ts';
import { type CellSpans, windowCover } from '../vector/rasterize-spans.ts';
import type { ZonalRequest } from './statistics.ts';
import type { ZonalSource, ZonalTileInput, ZonalTileOutput } from './tasks.ts';
import { runsOfSpans } from './zone-runs.ts';

/** A tile with the polygon zones that have cells in it. */
export interface ZoneTiles {
  readonly window: Window;
  /** Undefined for a zone raster: whoever reads it will see. */
  readonly zones?: readonly number[];
}

/** Tiles without a zone are left out. */
export function zoneTiles(tiling: Tiling, zones: readonly CellSpans[] | ZonalSource): ZoneTiles[] {
  const windows = [...tilesOf(tiling)];
  if ('file' in zones) return windows.map((window) => ({ window }));
  const found = windows.map((window) => ({ window, zones: [] as number[] }));
  for (const [zone, spans] of zones.entries()) {
    for (const index of tilesUnder(tiling, spans.bounds))
      if (windowCover(spans, windows[index]) !== 'none') found[index].zones.push(zone);
  }
  // Only as much of a tile as its zones need.
  return found.flatMap(({ window, zones: present }) => {
    const parts = present.map((zone) => intersect(window, zones[zone].bounds)!);
    return parts.length === 0 ? [] : [{ window: around(parts), zones: present }];
  });
}

/** One by one: a tile may hold more zones than a call may have arguments. */
function around(windows: readonly Window[]): Window {
  let [x, y, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const each of windows) {
    [x, right] = [Math.min(x, each.x), Math.max(right, each.x + each.width)];
    [y, bottom] = [Math.min(y, each.y), Math.max(bottom, each.y + each.height)];
  }
  return { x, y, width: right - x, height: bottom - y };
}

export type ZonalWish = Pick<ZonalTileInput, 'moments' | 'classes' | 'gather' | 'histogram'>;

export interface PassOptions {
  /** Rasters to look at; all when absent. */
  readonly sources?: readonly ZonalSource[];
  /** Zones to look at; all when absent. */
  readonly only?: ReadonlySet<number>;
  /** Tiles to look at, by their number; all when absent. */
  readonly tiles?: readonly number[];
}

/** Runs the tiles, as many at once as there are workers and one to wait, and hands over what each gave as it comes. */
export async function everyTile(
  { zones, sources, pool, signal, progress }: ZonalRequest,
  tiles: readonly ZoneTiles[],
  wish: ZonalWish,
  take: (output: ZonalTileOutput, tile: number) => void,
  { only, sources: some = sources, tiles: numbers = tiles.map((_, i) => i) }: PassOptions = {},
): Promise<void> {
  let [next, done, failed] = [0, 0, false];
  const lane = async () => {
    while (next < numbers.length && !failed) {
      throwIfAborted(signal);
      const number = numbers[next++];
      const { window, zones: present } = tiles[number];
      const input: ZonalTileInput = {
        ...wish,
        sources: some,
        window,
        zones:
          'file' in zones
            ? { ...zones, only: only && [...only] }
            : runsOfSpans(zones, only ? present!.filter((zone) => only.has(zone)) : present!, window),
      };
      take(await pool.run<ZonalTileInput, ZonalTileOutput>('zonal_tile', input, { signal }), number);
      progress?.(++done, numbers.length);
    }
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: pool.size + 1 }, () =>
      lane().catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}
