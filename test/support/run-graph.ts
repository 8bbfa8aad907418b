/** A graph of several models on planes in memory, with everything about the run that a test may want to turn. */
import { allocatePlane, type Plane } from '../../src/core/cells.ts';
import type { Grid } from '../../src/core/grid.ts';
import { cellCount } from '../../src/core/grid.ts';
import type { Scratch } from '../../src/core/scratch.ts';
import { type Tiling, tilingOf } from '../../src/core/tiles.ts';
import type { Values } from '../../src/core/values.ts';
import type { Executor } from '../../src/engine/executor.ts';
import type { Graph } from '../../src/engine/graph.ts';
import { GraphBuilder } from '../../src/engine/graph-builder.ts';
import { memoryReader } from '../../src/engine/memory-fields.ts';
import { type Plan, planGraph } from '../../src/engine/plan.ts';
import { type FieldReader, type FieldWriter, type RunOptions, type RunSummary, runPlan } from '../../src/engine/run.ts';

export interface GraphRunOptions extends Partial<Omit<RunOptions, 'executor' | 'readers' | 'writers'>> {
  /** Cells per tile edge, or width and height. */
  readonly tile?: number | readonly [number, number];
  readonly lanes?: number;
  readonly wrapReader?: (reader: FieldReader, field: string) => FieldReader;
  readonly wrapWriter?: (writer: FieldWriter, field: string) => FieldWriter;
}

export interface GraphRun {
  /** Each sink. */
  readonly planes: Readonly<Record<string, Plane>>;
  readonly records: ReadonlyMap<string, Values>;
  readonly summary: RunSummary;
  readonly plan: Plan;
}

export const ROOM = { host: 2 ** 31, device: 2 ** 31 };
/** Whatever is kept has to leave at once, through host memory to the scratch file. */
export const NO_ROOM = { host: 0, device: 0 };

export function graphOf(
  grid: Grid,
  sources: Readonly<Record<string, Plane>>,
  build: (graph: GraphBuilder) => void,
): Graph {
  const builder = new GraphBuilder(grid);
  for (const [name, plane] of Object.entries(sources))
    builder.source(name, plane instanceof Float32Array ? 'f32' : 'u32', { blockWidth: 512, blockHeight: 512 });
  build(builder);
  return builder.build();
}

export async function runGraph(
  executor: Executor,
  graph: Graph,
  sources: Readonly<Record<string, Plane>>,
  options: GraphRunOptions = {},
): Promise<GraphRun> {
  const { tile, lanes = 1, wrapReader = (reader) => reader, wrapWriter = (writer) => writer, ...rest } = options;
  const { grid } = graph;
  const planes: Record<string, Plane> = {};
  const readers = new Map(
    Object.entries(sources).map(([field, plane]) => {
      const type = plane instanceof Float32Array ? 'f32' : 'u32';
      return [field, wrapReader(memoryReader(grid, type, plane), field)] as const;
    }),
  );
  const writers = new Map(
    [...graph.sinks].map((field) => {
      planes[field] = allocatePlane(graph.fields.get(field)!.type, cellCount(grid));
      return [field, wrapWriter(writerTo(grid, planes[field]), field)] as const;
    }),
  );
  const plan = planFor(executor.kind, graph, tile, lanes);
  const summary = await runPlan(graph, plan, {
    executor,
    readers,
    writers,
    budget: ROOM,
    openScratch: noScratch,
    ...rest,
  });
  return { planes, records: summary.records, summary, plan };
}

export function planFor(
  kind: Executor['kind'],
  graph: Graph,
  tile?: number | readonly [number, number],
  lanes = 1,
): Plan {
  const edge = typeof tile === 'number' ? tile : undefined;
  const plan = planGraph(graph, { kind, maxBinding: 2 ** 27, lanes }, { ...ROOM, tile: edge }, { cores: 1 });
  if (tile === undefined || typeof tile === 'number') return plan;
  const tiling: Tiling = tilingOf(graph.grid, ...tile);
  return { ...plan, tiling };
}

/** A scratch file in memory that counts. */
export class CountedScratch implements Scratch {
  readonly #parts = new Map<number, Uint8Array>();
  bytes = 0;
  reads = 0;
  disposed = 0;

  readonly open = async (): Promise<Scratch> => this;

  async append(bytes: Uint8Array): Promise<number> {
    const offset = this.bytes;
    if (bytes.length === 0) return offset; // the next stands there too
    this.#parts.set(offset, bytes.slice());
    this.bytes += bytes.length;
    return offset;
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    if (this.#parts.get(offset)?.length !== bytes.length) throw new Error(`no ${bytes.length} bytes at ${offset}`);
    this.#parts.set(offset, bytes.slice());
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (this.disposed > 0) throw new Error('read after dispose');
    this.reads++;
    if (length === 0) return new Uint8Array(0);
    const bytes = this.#parts.get(offset);
    if (bytes?.length !== length) throw new Error(`no ${length} bytes at ${offset}`);
    return bytes.slice();
  }

  async dispose(): Promise<void> {
    this.disposed++;
  }
}

async function noScratch(): Promise<Scratch> {
  throw new Error('this run should need no scratch file');
}

/** Fails when a tile is written twice: what it writes must still be nothing. */
function writerTo(grid: Grid, plane: Plane): FieldWriter {
  const written = new Set<string>();
  return {
    async write({ x, y, width, height }, cells) {
      if (cells.length !== width * height) throw new Error(`${cells.length} cells for ${width} × ${height}`);
      if (written.has(`${x} ${y}`)) throw new Error(`the tile at ${x}, ${y} was written twice`);
      written.add(`${x} ${y}`);
      for (let row = 0; row < height; row++)
        plane.set(cells.subarray(row * width, (row + 1) * width), (y + row) * grid.width + x);
    },
  };
}
