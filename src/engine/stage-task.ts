/**
 * The stages of one visit in float64, on whatever thread runs the task: each stage runs its reference on the tile. What a stage
 * leaves is rounded to float32, as a plane of the engine is, before the next one reads it.
 */
import { NODATA, type Plane } from '../core/cells.ts';
import type { TaskTable } from '../core/tasks.ts';
import { type ClassRows, type InputPlane, reduceReference, stageReference, type TileContext, type Values } from '../core/model.ts';
import { modelOf } from '../models/registry.ts';
import type { ResolvedNode } from './executor.ts';

export interface StageTask {
  readonly nodes: readonly ResolvedNode[];
  readonly tables: ReadonlyMap<string, ClassRows>;
  readonly tile: TileContext;
  readonly inputs: ReadonlyMap<string, Plane>;
  /** Fields to return, without padding. */
  readonly wanted: readonly string[];
}

export interface StageTaskResult {
  readonly planes: ReadonlyMap<string, Plane>;
  readonly partials: ReadonlyMap<string, Values>;
}

export function runStages({ nodes, tables, tile, inputs, wanted }: StageTask): StageTaskResult {
  const planes = new Map<string, Plane>(inputs);
  const results = new Map<string, Plane>();
  const partials = new Map<string, Values>();
  for (const node of nodes) {
    const entry = modelOf(node.model);
    const reads: Record<string, InputPlane> = {};
    for (const [name, field] of Object.entries(node.reads)) reads[name] = planes.get(field)!;
    if (node.record !== undefined) {
      partials.set(node.record, reduceReference(entry, node.entry)(reads, node.params, tile));
      continue;
    }
    const rows: Record<string, ClassRows> = {};
    for (const [name, table] of Object.entries(node.tables)) rows[name] = tables.get(table)!;
    const written = stageReference(entry, node.entry)(reads, node.params, tile, rows);
    for (const [name, field] of Object.entries(node.writes)) {
      const rounded = new Float32Array(written[name]);
      results.set(field, rounded);
      planes.set(field, padded(rounded, tile));
    }
  }
  return { planes: new Map(wanted.map((field) => [field, results.get(field) ?? interior(inputs.get(field)!, tile)])), partials };
}

/** The task for worker threads. */
export const engineTasks: TaskTable = {
  async run_stages(input: StageTask) {
    const output = runStages(input);
    const buffers = new Set([...output.planes.values()].map(({ buffer }) => buffer as ArrayBuffer));
    return { output, transfer: [...buffers] };
  },
};

/** The interior of a padded plane, as a plane of its own. */
export function interior(plane: Plane, { width, height, pitch, halo }: TileContext): Plane {
  if (halo === 0 && pitch === width) return plane;
  const out = plane instanceof Float32Array ? new Float32Array(width * height) : new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (y + halo) * pitch + halo;
    out.set(plane.subarray(start, start + width), y * width);
  }
  return out;
}

function padded(cells: Float32Array, { width, height, pitch, halo }: TileContext): Float32Array {
  if (halo === 0 && pitch === width) return cells;
  const out = new Float32Array(pitch * (height + 2 * halo)).fill(NODATA);
  for (let y = 0; y < height; y++) out.set(cells.subarray(y * width, (y + 1) * width), (y + halo) * pitch + halo);
  return out;
}
