/** The fields of a graph that come from files: windows decoded by the pool, masked by the area of the project. */
import { nodataOf, type Plane } from '../core/cells.ts';
import type { Grid, Window } from '../core/grid.ts';
import type { TaskPool } from '../core/tasks.ts';
import type { FieldReader } from '../engine/run.ts';
import type { ReadPlaneInput } from '../io/tasks.ts';
import { coverage, type PolygonArea } from '../io/vector/polygons.ts';
import type { BoundLayer } from './layers.ts';

export function fileReader(layer: Pick<BoundLayer, 'path' | 'mapping'>, pool: TaskPool): FieldReader {
  const { path, mapping } = layer;
  return {
    // Tiles that a later visit waits for come before files that are being written.
    read: (window, signal) =>
      pool.run<ReadPlaneInput, Plane>('read_plane', { file: path, window, mapping }, { signal, priority: 1 }),
  };
}

/** A layer on the grid of the project, inside its area. */
export function gridReader(
  layer: Pick<BoundLayer, 'path' | 'mapping'>,
  pool: TaskPool,
  area: PolygonArea | undefined,
  grid: Grid,
): FieldReader {
  const reader = fileReader(layer, pool);
  return area ? maskedReader(reader, area, grid) : reader;
}

/** Cells whose centre lies outside the area become nodata. */
function maskedReader(reader: FieldReader, area: PolygonArea, grid: Grid): FieldReader {
  return {
    async read(window, signal) {
      const plane = await reader.read(window, signal);
      const inside = masks(area, grid, window);
      const nodata = nodataOf(plane instanceof Float32Array ? 'f32' : 'u32');
      for (let i = 0; i < plane.length; i++) if (inside[i] === 0) plane[i] = nodata;
      return plane;
    },
  };
}

/** The last masks: all layers of a tile ask for the same one. */
const recent: { area: PolygonArea; key: string; mask: Uint8Array }[] = [];
const KEPT = 8;

function masks(area: PolygonArea, grid: Grid, window: Window): Uint8Array {
  const key = JSON.stringify([grid.west, grid.north, grid.cellWidth, grid.cellHeight, window]);
  const known = recent.find((entry) => entry.area === area && entry.key === key);
  if (known) return known.mask;
  const mask = coverage(area, grid, window);
  recent.unshift({ area, key, mask });
  recent.length = Math.min(recent.length, KEPT);
  return mask;
}
