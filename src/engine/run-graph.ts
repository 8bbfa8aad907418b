/** A graph on planes in memory: plans it for an open device, runs it, and gives every wanted field as a plane. */
import { allocatePlane, type Plane } from '../core/cells.ts';
import { EcofluxError } from '../core/errors.ts';
import { cellCount } from '../core/grid.ts';
import type { Scratch } from '../core/scratch.ts';
import type { TaskPool } from '../core/tasks.ts';
import type { Graph } from './graph.ts';
import { memoryReader, memoryWriter } from './memory-fields.ts';
import type { OpenDevice } from './open-device.ts';
import { type Plan, planGraph } from './plan.ts';
import { type RunProgress, type RunSummary, runPlan } from './run.ts';

export interface GraphRunOptions {
  /** An open device; without `replace` a run does not survive its loss. */
  readonly device: Pick<OpenDevice, 'executor' | 'place'> & Partial<Pick<OpenDevice, 'replace'>>;
  /** Cells per tile edge; the planner's choice when absent. */
  readonly tile?: number;
  /** Bytes for tiles under way and stored fields on the host; 2 GiB when absent. */
  readonly memory?: number;
  /** The same on the device; as much as on the host when absent. */
  readonly deviceMemory?: number;
  /** For what memory cannot hold; without it that is refused. */
  readonly openScratch?: () => Promise<Scratch>;
  /** Where global operators run; this thread when absent. */
  readonly pool?: TaskPool;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: RunProgress) => void;
  readonly log?: (line: string) => void;
}

export interface GraphRun extends RunSummary {
  /** Each sink of the graph, row by row from the north-west cell. */
  readonly planes: ReadonlyMap<string, Plane>;
  readonly plan: Plan;
}

const MEMORY = 2 * 2 ** 30;

/**
 * @param sources a whole plane for each source field of the graph; nodata is NODATA or NODATA_CODE
 * @throws EcofluxError InvalidInput for a source that is missing or has another size, OutOfCapacity, Interrupted
 */
export async function runGraph(
  graph: Graph,
  sources: ReadonlyMap<string, Plane>,
  { device, tile, memory = MEMORY, deviceMemory = memory, openScratch = noScratch, ...options }: GraphRunOptions,
): Promise<GraphRun> {
  const { grid, fields, sinks } = graph;
  for (const { name, source } of fields.values()) if (source) checkSource(name, sources.get(name), cellCount(grid));
  const readers = new Map(
    [...sources].map(([name, plane]) => [name, memoryReader(grid, fields.get(name)!.type, plane)]),
  );
  const planes = new Map([...sinks].map((name) => [name, allocatePlane(fields.get(name)!.type, cellCount(grid))]));
  const writers = new Map([...planes].map(([name, plane]) => [name, memoryWriter(grid, plane)]));
  const budget = { host: memory, device: deviceMemory, tile };
  const plan = planGraph(graph, device.place, budget, { cores: device.place.lanes });
  const summary = await runPlan(graph, plan, {
    ...options,
    executor: device.executor,
    replaceExecutor: device.replace,
    readers,
    writers,
    budget,
    openScratch,
  });
  return { ...summary, planes, plan };
}

function checkSource(name: string, plane: Plane | undefined, cells: number): void {
  if (plane?.length === cells) return;
  throw new EcofluxError('InvalidInput', `the plane of '${name}' ${plane ? 'does not fit the grid' : 'is missing'}`, {
    found: plane && `${plane.length} cells`,
    expected: `${cells} cells`,
  });
}

async function noScratch(): Promise<Scratch> {
  throw new EcofluxError('OutOfCapacity', 'fields do not fit in memory, and there is no place for scratch files', {
    fix: 'allow more memory, or give openScratch',
  });
}
