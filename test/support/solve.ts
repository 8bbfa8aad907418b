/** Runs a global operator on planes in memory: tiles of any size, tasks at once or in a shuffled order, a scratch file in memory. */
import type { CellType, Plane } from '../../src/core/cells.ts';
import { allocatePlane, nodataOf } from '../../src/core/cells.ts';
import type { Window } from '../../src/core/grid.ts';
import type { Scratch } from '../../src/core/scratch.ts';
import { inlinePool, type TaskPool, type TaskTable } from '../../src/core/tasks.ts';
import { tilingOf } from '../../src/core/tiles.ts';
import type { Values } from '../../src/core/values.ts';
import type { SolveFacts, SolveInput, SolveOutput, SolveRequest, Solver } from '../../src/solvers/solver.ts';

export interface SolveCase {
  readonly width: number;
  readonly height: number;
  readonly inputs: Readonly<Record<string, Plane>>;
  readonly params?: Values;
  /** Outputs that are wanted; all when absent. */
  readonly outputs?: readonly string[];
  readonly tile?: number;
  readonly pool: TaskPool;
  readonly memory?: number;
  readonly cell?: number;
}

export interface Solved {
  readonly planes: Readonly<Record<string, Plane>>;
  readonly facts: SolveFacts;
}

export async function solveWith({ spec, cpu }: Solver, given: SolveCase): Promise<Solved> {
  const request = requestOf(spec, given);
  const facts = await cpu(request);
  return { planes: request.planes, facts };
}

/** The request, and the planes that its outputs fill. */
export function requestOf(
  spec: Solver['spec'],
  { width, height, inputs, params = {}, outputs, tile = 64, pool, memory = 1e9, cell = 1 }: SolveCase,
): SolveRequest & { readonly planes: Record<string, Plane> } {
  const tiling = tilingOf({ width, height }, tile);
  const planes: Record<string, Plane> = {};
  const output = (name: string): SolveOutput => {
    const { type } = spec.outputs[name];
    const plane = allocatePlane(type, width * height);
    planes[name] = plane;
    const written = new Set<number>();
    return {
      type,
      async write(at, cells) {
        if (written.has(at.index)) throw new Error(`tile ${at.index} of ${name} is written twice`);
        if (cells.length !== at.width * at.height)
          throw new Error(`tile ${at.index} of ${name} has ${cells.length} cells`);
        written.add(at.index);
        for (let y = 0; y < at.height; y++)
          plane.set(cells.subarray(y * at.width, (y + 1) * at.width), (at.y + y) * width + at.x);
      },
    };
  };
  const wanted = outputs ?? Object.keys(spec.outputs);
  return {
    planes,
    shape: { width, height, cellWidth: cell, cellHeight: cell },
    tiling,
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, plane]) => [name, inputOf(plane, width, height)])),
    outputs: Object.fromEntries(wanted.map((name) => [name, output(name)])),
    params,
    pool,
    memory,
    openScratch: async () => memoryScratch(),
  };
}

function inputOf(plane: Plane, width: number, height: number): SolveInput {
  const type: CellType = plane instanceof Float32Array ? 'f32' : 'u32';
  return {
    type,
    async read(window: Window) {
      const cells = allocatePlane(type, window.width * window.height).fill(nodataOf(type));
      const from = Math.max(window.x, 0);
      const to = Math.min(window.x + window.width, width);
      for (let y = Math.max(window.y, 0); y < Math.min(window.y + window.height, height); y++)
        cells.set(plane.subarray(y * width + from, y * width + to), (y - window.y) * window.width + from - window.x);
      return cells;
    },
  };
}

export function memoryScratch(): Scratch {
  let bytes = new Uint8Array(0);
  return {
    async append(more) {
      const at = bytes.length;
      const longer = new Uint8Array(at + more.length);
      longer.set(bytes);
      longer.set(more, at);
      bytes = longer;
      return at;
    },
    async write(offset, more) {
      bytes.set(more, offset);
    },
    async read(offset, length) {
      return bytes.slice(offset, offset + length);
    },
    async dispose() {},
  };
}

/** Messages are cloned as for a worker, and tasks end in an order that the seed decides. */
export function shuffledPool(tasks: TaskTable, seed: number, size = 3): TaskPool {
  const inline = inlinePool(tasks);
  let state = seed >>> 0 || 1;
  const waiting: (() => void)[] = [];
  const release = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    waiting.splice(state % waiting.length, 1)[0]?.();
  };
  return {
    size,
    async run<I, O>(task: string, input: I): Promise<O> {
      const message = structuredClone(input);
      const go = new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
      setTimeout(release, 0);
      await go;
      return inline.run<I, O>(task, message);
    },
    async close() {},
  };
}
