/**
 * The stages of one visit in float64, on whatever thread runs the task: each stage runs its reference on the tile. What a stage
 * leaves is rounded to float32, as a plane of the engine is, before the next one reads it.
 */
import type { Plane } from '../core/cells.ts';
import { freeBuffers } from '../core/free-buffers.ts';
import { type InputPlane, reduceReference, stageReference, type TileContext } from '../core/model-reference.ts';
import type { TaskTable } from '../core/tasks.ts';
import type { ClassRows, Values } from '../core/values.ts';
import { modelOf } from '../models/registry.ts';
import { reuseCells } from '../reference/map-cells.ts';
import type { ResolvedNode } from './executor.ts';
import { padded } from './padding.ts';

export interface StageTask {
  readonly nodes: readonly ResolvedNode[];
  readonly tables: ReadonlyMap<string, ClassRows>;
  readonly tile: TileContext;
  readonly inputs: ReadonlyMap<string, Plane>;
  /** Fields made here that are class codes; the others are quantities. */
  readonly codes?: readonly string[];
  /** Fields made here to return, without padding. */
  readonly wanted: readonly string[];
}

export interface StageTaskResult {
  readonly planes: ReadonlyMap<string, Plane>;
  readonly partials: ReadonlyMap<string, Values>;
}

export function runStages({ nodes, tables, tile, inputs, codes = [], wanted }: StageTask): StageTaskResult {
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
      const rounded = codes.includes(field) ? new Uint32Array(written[name]) : new Float32Array(written[name]);
      results.set(field, rounded);
      planes.set(field, padded(rounded, tile));
    }
    reuseCells(Object.values(written));
  }
  const output = new Map(wanted.map((field) => [field, results.get(field)!]));
  const going = new Set<Plane>([...output.values(), ...inputs.values()]);
  freeBuffers([...results.values(), ...planes.values()].filter((plane) => !going.has(plane)));
  return { planes: output, partials };
}

/** The task for worker threads. */
export const engineTasks: TaskTable = {
  async run_stages(input: StageTask) {
    const output = runStages(input);
    const buffers = new Set([...output.planes.values()].map(({ buffer }) => buffer as ArrayBuffer));
    return { output, transfer: [...buffers] };
  },
};
