/** One stage of an analysis on a device against its definition in float64, on exactly what the device read. */
import type { CellType, Plane } from '../core/cells.ts';
import { comparePlanes } from '../core/compare.ts';
import type { Window } from '../core/grid.ts';
import { type Tolerance, toleranceOf } from '../core/model.ts';
import { type InputPlane, reduceReference, stageReference } from '../core/model-reference.ts';
import { grow } from '../core/tiles.ts';
import type { Values } from '../core/values.ts';
import type { Graph, SolveNode, StageNode } from '../engine/graph.ts';
import { memoryReader } from '../engine/memory-fields.ts';
import { reduceStage, resolveParams } from '../engine/records.ts';
import type { FieldReader } from '../engine/run.ts';
import { shapeOf, tileContext } from '../engine/tile-context.ts';
import { modelOf } from '../models/registry.ts';
import type { VerificationRow } from '../report/index.ts';
import { solverOf } from '../solvers/index.ts';

/**
 * What the device made of one stage against the definition applied to what the device read.
 * `window`: where the grid of the graph lies in that of the project.
 */
export async function checkStage(
  graph: Graph,
  node: StageNode | SolveNode,
  planes: ReadonlyMap<string, Plane>,
  readers: ReadonlyMap<string, FieldReader>,
  records: ReadonlyMap<string, Values>,
  window: Window,
): Promise<VerificationRow[]> {
  const { grid } = graph;
  const whole: Window = { x: 0, y: 0, width: grid.width, height: grid.height };
  const inputs: Record<string, InputPlane> = {};
  for (const [name, field] of Object.entries(node.reads)) {
    const reader = readers.get(field) ?? memoryReader(grid, graph.fields.get(field)!.type, planes.get(field)!);
    inputs[name] = await reader.read(node.kind === 'solve' ? whole : grow(whole, node.halo));
  }
  const params = resolveParams(node.params, records);
  const stage = node.name.replace(/^\d{4}\//, '').replace(/#.*/, '');
  const compare = (output: string, field: string, expected: Float64Array, tolerance: Tolerance): VerificationRow => {
    const { worst, off: _off, ...result } = comparePlanes(planes.get(field)!, expected, tolerance);
    const at = worst && {
      column: window.x + (worst.index % grid.width),
      row: window.y + Math.floor(worst.index / grid.width),
    };
    return {
      stage,
      output,
      ...result,
      worst: worst && { ...at!, device: worst.device, reference: worst.reference },
      tolerance: { rtol: tolerance.rtol, atol: tolerance.atol },
    };
  };
  if (node.kind === 'solve') {
    const { spec, reference } = solverOf(node.solver);
    const expected = reference(inputs, params, shapeOf(grid));
    return Object.entries(node.writes).map(([plane, field]) => {
      const tolerance = spec.tolerances?.[plane] ?? spec.tolerance;
      if (tolerance !== 'exact') return compare(lastName(field), field, expected[plane], tolerance);
      return compare(lastName(field), field, asStored(expected[plane], spec.outputs[plane].type), EXACT);
    });
  }
  const tile = tileContext(grid, node.halo, { index: 0, ...whole });
  const entry = modelOf(node.model);
  if (node.record !== undefined) {
    const { finish, merge, empty } = reduceStage(node.model, node.entry);
    const expected = finish(merge(empty, reduceReference(entry, node.entry)(inputs, params, tile)), params);
    return recordRows(`${stage} ${node.entry}`, expected, records.get(node.record)!);
  }
  const tables = Object.fromEntries(
    Object.entries(node.tables).map(([name, table]) => [name, graph.tables.get(table)!]),
  );
  const reference = stageReference(entry, node.entry)(inputs, params, tile, tables);
  return Object.entries(node.writes).map(([name, field]) => {
    const output = lastName(field);
    return compare(output, field, reference[name], toleranceOf(entry.model, output));
  });
}

const EXACT: Tolerance = { rtol: 0, atol: 0, because: 'the same bits on every device' };

/** What a plane of the engine can hold of it. */
function asStored(values: Float64Array, type: CellType): Float64Array {
  return type === 'f32' ? values.map(Math.fround) : values;
}

function lastName(field: string): string {
  return field.slice(field.lastIndexOf('/') + 1);
}

/** Records are integers or extremes: they agree exactly or not at all. */
function recordRows(stage: string, expected: Values, found: Values): VerificationRow[] {
  const names = ['count', 'low', 'high', 'sum'].filter((name) => name in expected);
  const errors = names.map((name) => Math.abs(found[name] - expected[name]));
  const maxAbsolute = Math.max(...errors);
  return [
    {
      stage,
      output: names.join(', '),
      cells: expected.count,
      maxAbsolute,
      maxRelative: Math.max(...names.map((name, i) => (errors[i] === 0 ? 0 : errors[i] / Math.abs(expected[name])))),
      nodataDisagreements: Math.abs(found.count - expected.count),
      tolerance: { rtol: 0, atol: 0 },
      passed: maxAbsolute === 0,
    },
  ];
}
