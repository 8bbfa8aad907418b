/** A global operator on planes in memory, for benchmarks: tiles as the engine would cut them, outputs kept or counted only. */
import { allocatePlane, nodataOf, type Plane } from '#ecoflux/core/cells.js';
import type { Window } from '#ecoflux/core/grid.js';
import type { SolverSpec } from '#ecoflux/core/solver.js';
import type { TaskPool } from '#ecoflux/core/tasks.js';
import { type Tile, tilingOf } from '#ecoflux/core/tiles.js';
import type { Values } from '#ecoflux/core/values.js';
import type { SolveRequest } from '#ecoflux/solvers/solver.js';

export interface PlaneSolve {
  readonly spec: SolverSpec;
  readonly width: number;
  readonly height: number;
  readonly inputs: Readonly<Record<string, Plane>>;
  readonly outputs: readonly string[];
  readonly params?: Values;
  readonly pool: TaskPool;
  readonly tile?: number;
  readonly memory?: number;
  readonly signal?: AbortSignal;
}

/** `planes` are filled where `keep` is set; otherwise what is made is let go, as when a later stage takes it tile by tile. */
export function planeRequest(
  { spec, width, height, inputs, outputs, params = {}, pool, tile = 1024, memory = 4e9, signal }: PlaneSolve,
  keep: boolean,
): SolveRequest & { readonly planes: Readonly<Record<string, Plane>> } {
  const planes: Record<string, Plane> = {};
  const writer = (name: string) => {
    const { type } = spec.outputs[name];
    if (keep) planes[name] = allocatePlane(type, width * height);
    const write = async ({ x, y, width: columns, height: rows }: Tile, cells: Plane) => {
      if (!keep) return;
      for (let row = 0; row < rows; row++)
        planes[name].set(cells.subarray(row * columns, (row + 1) * columns), (y + row) * width + x);
    };
    return { type, write };
  };
  return {
    planes,
    shape: { width, height, cellWidth: 1, cellHeight: 1 },
    tiling: tilingOf({ width, height }, Math.min(tile, width, height)),
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, plane]) => [name, readerOf(plane, width, height)])),
    outputs: Object.fromEntries(outputs.map((name) => [name, writer(name)])),
    params,
    pool,
    memory,
    openScratch: () => {
      throw new Error('the benchmark should need no scratch file');
    },
    signal,
  };
}

function readerOf(plane: Plane, width: number, height: number) {
  const type = plane instanceof Float32Array ? ('f32' as const) : ('u32' as const);
  return {
    type,
    async read({ x, y, width: columns, height: rows }: Window) {
      const inside = x >= 0 && y >= 0 && x + columns <= width && y + rows <= height;
      const cells = allocatePlane(type, columns * rows);
      if (!inside) cells.fill(nodataOf(type));
      const [left, right] = [Math.max(x, 0), Math.min(x + columns, width)];
      for (let row = Math.max(y, 0); row < Math.min(y + rows, height); row++)
        cells.set(plane.subarray(row * width + left, row * width + right), (row - y) * columns + left - x);
      return cells;
    },
  };
}
