/**
 * A device against the reference, stage by stage: each stage of the analysis runs on the device, then its definition in float64 runs on
 * exactly what the device read. The whole grid where it is small, windows spread over it where it is large.
 */
import { allocatePlane, type Plane } from '../core/cells.ts';
import { cellCount, type Grid, type Window } from '../core/grid.ts';
import type { Graph } from '../engine/graph.ts';
import { memoryWriter } from '../engine/memory-fields.ts';
import type { OpenDevice } from '../engine/open-device.ts';
import { type Budget, planGraph } from '../engine/plan.ts';
import { type FieldReader, type FieldWriter, runPlan } from '../engine/run.ts';
import type { VerificationRow } from '../report/index.ts';
import type { Platform } from './platform.ts';
import { checkStage } from './verify-stage.ts';
import { windowsOf } from './verify-windows.ts';

export interface Verification {
  readonly rows: readonly VerificationRow[];
  readonly passed: boolean;
  /** Share of the grid's cells that was compared. */
  readonly share: number;
}

export interface VerifyOptions {
  readonly budget: Budget;
  readonly signal?: AbortSignal;
}

/** On windows of the grid: see `windowsOf`. After a loss the device is replaced, and `device.executor` tells by what. */
export async function verifyGraph(
  graph: Graph,
  readers: ReadonlyMap<string, FieldReader>,
  device: OpenDevice,
  platform: Platform,
  options: VerifyOptions,
): Promise<Verification> {
  const operators = graph.nodes.some(({ kind }) => kind === 'solve');
  const windows = windowsOf(graph.grid, operators);
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

async function verifyWindow(
  graph: Graph,
  readers: ReadonlyMap<string, FieldReader>,
  device: OpenDevice,
  platform: Platform,
  window: Window,
  options: VerifyOptions,
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
  const { budget, signal } = options;
  const plan = planGraph(part, device.place, budget, { cores: platform.pool.size });
  const { records } = await runPlan(part, plan, {
    executor: device.executor,
    replaceExecutor: device.replace,
    readers: shifted,
    writers,
    budget,
    openScratch: platform.openScratch,
    pool: platform.pool,
    signal,
  });
  const rows: VerificationRow[] = [];
  for (const node of graph.nodes)
    if (node.kind !== 'merge') rows.push(...(await checkStage(part, node, planes, shifted, records, window)));
  return rows;
}

/** Years and windows of one stage in one row: the sum of the cells, the worst of the rest. */
function worse(a: VerificationRow, b: VerificationRow): VerificationRow {
  const second = a.passed === b.passed ? b.maxAbsolute > a.maxAbsolute : a.passed;
  return {
    ...a,
    cells: a.cells + b.cells,
    maxAbsolute: Math.max(a.maxAbsolute, b.maxAbsolute),
    maxRelative: Math.max(a.maxRelative, b.maxRelative),
    nodataDisagreements: a.nodataDisagreements + b.nodataDisagreements,
    worst: second ? (b.worst ?? a.worst) : (a.worst ?? b.worst),
    passed: a.passed && b.passed,
  };
}
