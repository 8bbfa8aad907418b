/** The fields of a graph that come from files: windows decoded by the pool, masked by the area of the project. */
import { nodataOf, type Plane } from '../core/cells.ts';
import type { Window } from '../core/grid.ts';
import type { TaskPool } from '../core/tasks.ts';
import type { FieldReader } from '../engine/run.ts';
import type { ReadPlaneInput } from '../io/tasks.ts';
import { type CellSpans, forEachSpan, windowCover } from '../io/vector/rasterize-spans.ts';
import type { BoundLayer } from './layers.ts';
import { maskedWarp, warpReader } from './warp-reader.ts';

type ReadLayer = Pick<BoundLayer, 'path' | 'mapping' | 'points'>;

export function fileReader(layer: ReadLayer, pool: TaskPool): FieldReader {
  const { path, mapping, points } = layer;
  if (points) return { read: async (window) => points.read(window, mapping.factor) };
  return {
    // Tiles that a later visit waits for come before files that are being written.
    read: (window, signal) =>
      pool.run<ReadPlaneInput, Plane>('read_plane', { file: path, window, mapping }, { signal, priority: 1 }),
    readWarp: warpReader(path, mapping, pool),
  };
}

/** A layer on the grid of the project, inside its area: cells of `area` keep their values, all others become nodata. */
export function gridReader(layer: ReadLayer, pool: TaskPool, area: CellSpans | undefined): FieldReader {
  const reader = fileReader(layer, pool);
  return area ? maskedReader(reader, area) : reader;
}

function maskedReader(reader: FieldReader, area: CellSpans): FieldReader {
  return {
    async read(window, signal) {
      const plane = await reader.read(window, signal);
      clearOutside(plane, area, window);
      return plane;
    },
    readWarp: reader.readWarp && maskedWarp(reader.readWarp, area),
    empty: (window) => windowCover(area, window) === 'none',
  };
}

/** Makes nodata of what lies between the runs of cells. */
function clearOutside(plane: Plane, area: CellSpans, { x, y, ...size }: Window): void {
  const nodata = nodataOf(plane instanceof Float32Array ? 'f32' : 'u32');
  let next = 0;
  forEachSpan(area, { x, y, ...size }, (row, from, to) => {
    const start = (row - y) * size.width - x;
    plane.fill(nodata, next, start + from);
    next = start + to;
  });
  plane.fill(nodata, next);
}
