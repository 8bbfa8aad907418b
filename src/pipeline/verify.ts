/**
 * A device against the reference, stage by stage: each stage of the analysis runs on the device, then its definition in float64 runs on
 * exactly what the device read. The whole grid where it is small, windows spread over it where it is large.
 */
import { allocatePlane, type Plane } from '../core/cells.ts';
import { comparePlanes } from '../core/compare.ts';
import type { Grid, Window } from '../core/grid.ts';
import { cellCount } from '../core/grid.ts';
import {
  type InputPlane,
  reduceReference,
  stageReference,
  type TileContext,
  toleranceOf,
  type Values,
} from '../core/model.ts';
import { grow } from '../core/tiles.ts';
import type { Graph, StageNode } from '../engine/graph.ts';
import { memoryReader, memoryWriter } from '../engine/memory-fields.ts';
import type { OpenDevice } from '../engine/open-device.ts';
import { planGraph } from '../engine/plan.ts';
import { reduceStage, resolveParams } from '../engine/records.ts';
import { type FieldReader, type FieldWriter, runPlan } from '../engine/run.ts';
import { modelOf } from '../models/registry.ts';
import type { VerificationRow } from '../report/index.ts';
import type { Platform } from './platform.ts';

const WHOLE_GRID_CELLS = 2048 * 2048;
const WINDOW_EDGE = 512;

export interface Verification {
  readonly rows: readonly VerificationRow[];
  readonly passed: boolean;
  /** Share of the grid's cells that was compared. */
  readonly share: number;
}

export async function verifyGraph(
  graph: Graph,
  readers: ReadonlyMap<string, FieldReader>,
  device: OpenDevice,
  platform: Platform,
  options: { readonly memory: number; readonly tile?: number; readonly signal?: AbortSignal },
): Promise<Verification> {
  const windows = windowsOf(graph.grid);
  const rows = new Map<string, VerificationRow>();
  for (const window of windows) {
    const found = await verifyWindow(graph, readers, device, platform, window, options);
    for (const row of found) {
      const key = `${row.stage}\n${row.output}`;
      rows.set(key, rows.has(key) ? worse(rows.get(key)!, row) : row);
    }
  }
  const all = [...rows.values()];
  const compared = windows.reduce((sum, { width, height }) => sum + width * height, 0);
  return { rows: all, passed: all.every(({ passed }) => passed), share: compared / cellCount(graph.grid) };
}

function windowsOf(grid: Grid): Window[] {
  const { width, height } = grid;
  if (width * height <= WHOLE_GRID_CELLS) return [{ x: 0, y: 0, width, height }];
  const edge = { width: Math.min(WINDOW_EDGE, width), height: Math.min(WINDOW_EDGE, height) };
  const at = (share: number, whole: number, part: number) => Math.round(share * (whole - part));
  return [0, 0.5, 1].flatMap((v) =>
    [0, 0.5, 1].map((u) => ({ x: at(u, width, edge.width), y: at(v, height, edge.height), ...edge })),
  );
}

async function verifyWindow(
  graph: Graph,
  readers: ReadonlyMap<string, FieldReader>,
  device: OpenDevice,
  platform: Platform,
  window: Window,
  options: { readonly memory: number; readonly tile?: number; readonly signal?: AbortSignal },
): Promise<VerificationRow[]> {
  const shifted = new Map(
    [...readers].map(([field, reader]): [string, FieldReader] => [
      field,
      {
        read: ({ x, y, width, height }, signal) =>
          reader.read({ x: x + window.x, y: y + window.y, width, height }, signal),
      },
    ]),
  );
  const grid: Grid = { ...graph.grid, width: window.width, height: window.height };
  const made = [...graph.fields.values()].filter(({ source }) => !source).map(({ name }) => name);
  const part: Graph = { ...graph, grid, sinks: new Set(made) };
  const planes = new Map<string, Plane>();
  const writers = new Map<string, FieldWriter>();
  for (const name of made) {
    const plane = allocatePlane(graph.fields.get(name)!.type, cellCount(grid));
    planes.set(name, plane);
    writers.set(name, memoryWriter(grid, plane));
  }
  const budget = { host: options.memory, device: options.memory, tile: options.tile };
  const plan = planGraph(part, device.place, budget, { cores: platform.pool.size });
  const { records } = await runPlan(part, plan, {
    executor: device.executor,
    readers: shifted,
    writers,
    budget,
    openScratch: platform.openScratch,
    signal: options.signal,
  });
  const rows: VerificationRow[] = [];
  for (const node of graph.nodes)
    if (node.kind !== 'merge') rows.push(...(await checkNode(part, node, planes, shifted, records, window)));
  return rows;
}

async function checkNode(
  graph: Graph,
  node: StageNode,
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
    inputs[name] = await reader.read(grow(whole, node.halo));
  }
  const metres = grid.crs.metresPerUnit ?? 1;
  const tile: TileContext = {
    width: grid.width,
    height: grid.height,
    pitch: grid.width + 2 * node.halo,
    halo: node.halo,
    x: 0,
    y: 0,
    gridWidth: grid.width,
    gridHeight: grid.height,
    cellWidth: grid.cellWidth * metres,
    cellHeight: grid.cellHeight * metres,
  };
  const params = resolveParams(node.params, records);
  const entry = modelOf(node.model);
  const stage = node.name.replace(/^\d{4}\//, '').replace(/#.*/, '');
  if (node.record !== undefined) {
    const { finish, merge, empty } = reduceStage(node.model, node.entry);
    const expected = finish(merge(empty, reduceReference(entry, node.entry)(inputs, params, tile)), params);
    return recordRows(`${stage} ${node.entry}`, expected, records.get(node.record)!);
  }
  const tables = Object.fromEntries(
    Object.entries(node.tables).map(([name, table]) => [name, graph.tables.get(table)!]),
  );
  const reference = stageReference(entry, node.entry)(inputs, params, tile, tables);
  return Object.entries(node.writes).map(([name, field]): VerificationRow => {
    const output = field.slice(field.lastIndexOf('/') + 1);
    const tolerance = toleranceOf(entry.model, output);
    const { worst, off: _off, ...result } = comparePlanes(planes.get(field)!, reference[name], tolerance);
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
  });
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

/** Years and windows of one stage in one row: the sum of the cells, the worst of the rest. */
function worse(a: VerificationRow, b: VerificationRow): VerificationRow {
  const worst = a.passed && (!b.passed || b.maxAbsolute > a.maxAbsolute) ? b.worst : a.worst;
  return {
    ...a,
    cells: a.cells + b.cells,
    maxAbsolute: Math.max(a.maxAbsolute, b.maxAbsolute),
    maxRelative: Math.max(a.maxRelative, b.maxRelative),
    nodataDisagreements: a.nodataDisagreements + b.nodataDisagreements,
    worst: worst ?? a.worst ?? b.worst,
    passed: a.passed && b.passed,
  };
}
