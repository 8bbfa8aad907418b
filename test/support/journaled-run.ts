/** A small analysis of several passes that is written to files with a journal, to be interrupted and continued. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { NODATA, nodataOf, type Plane } from '../../src/core/cells.ts';
import type { Window } from '../../src/core/grid.ts';
import { inlinePool } from '../../src/core/tasks.ts';
import { TASKS } from '../../src/engine/all-tasks.ts';
import { cpuExecutor } from '../../src/engine/cpu-executor.ts';
import type { Graph } from '../../src/engine/graph.ts';
import { memoryReader } from '../../src/engine/memory-fields.ts';
import type { OpenDevice } from '../../src/engine/open-device.ts';
import { planGraph } from '../../src/engine/plan.ts';
import type { FieldReader, RunSummary } from '../../src/engine/run.ts';
import { balance } from '../../src/models/balance/spec.ts';
import { slope } from '../../src/models/slope/spec.ts';
import { statistics } from '../../src/models/statistics/spec.ts';
import { beginFolder } from '../../src/node/output-folder.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { filling, type Platform } from '../../src/pipeline/platform.ts';
import { type OutputFile, runToFiles } from '../../src/pipeline/run-to-files.ts';
import { gridOf, plane } from './rasters.ts';
import { graphOf } from './run-graph.ts';

export const grid = gridOf(150, 110);
const outside = (x: number, y: number) => x > 100 && y < 60;
const sources: Record<string, Plane> = {
  x: plane(grid, 'f32', 'noise', [0, 50], 1),
  y: plane(grid, 'f32', 'holes', [0, 50], 2),
  classes: plane(grid, 'u32', 'noise', [0, 50], 3),
};
for (const cells of Object.values(sources))
  for (let i = 0; i < cells.length; i++)
    if (outside(i % grid.width, Math.floor(i / grid.width)))
      cells[i] = nodataOf(cells instanceof Float32Array ? 'f32' : 'u32');
const empty = ({ x, y, width, height }: Window) => x > 100 && x + width <= 150 && y + height <= 60 && y >= 0;

/** Difference; its slope; the slope of that; the ratio by the largest values; sums with a quantum from the range. */
export const graph: Graph = graphOf(grid, sources, (builder) => {
  const { balance_static } = builder.model('b', balance, {
    inputs: { supply: 'x', demand: 'y' },
    outputs: ['balance_static'],
  });
  const supply = builder.range('supply', statistics, ['x']);
  const demand = builder.range('demand', statistics, ['y']);
  const { ratio } = builder.model('r', balance, {
    inputs: { supply: 'x', demand: 'y' },
    params: { supply_max: { record: supply, field: 'high' }, demand_max: { record: demand, field: 'high' } },
    outputs: ['ratio'],
  });
  const steepness = builder.model('s', slope, { inputs: { dem: balance_static } }).slope;
  const bend = builder.model('t', slope, { inputs: { dem: steepness } }).slope;
  const range = builder.range('range', statistics, [bend]);
  builder.reduce('sum', statistics, 'sum', bend, { inverse_quantum: { record: range, field: 'inverse_quantum' } });
  for (const field of [balance_static, ratio, bend, 'classes']) builder.sink(field);
});

const quantity = { grid, sampleType: 'f32', nodata: NODATA, kind: 'quantity', blockSize: 32 } as const;
const [difference, ratio, bend] = [...graph.sinks];
export const outputs: readonly OutputFile[] = [
  { id: 'difference', field: difference, description: quantity },
  { id: 'again/difference', field: difference, description: { ...quantity, sampleType: 'i16', nodata: -9999 } },
  { id: 'ratio', field: ratio, description: { ...quantity, nodata: -9999 } },
  { id: 'bend', field: bend, description: quantity },
  {
    id: 'classes',
    field: 'classes',
    description: { ...quantity, sampleType: 'u8', nodata: 255, kind: 'classes', classNames: { 1: 'Forest' } },
  },
];

export interface RunChanges {
  readonly tile?: number;
  readonly resume?: boolean;
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal;
  readonly facts?: Readonly<Record<string, string>>;
  readonly outputs?: readonly OutputFile[];
  readonly platform?: Platform;
  readonly host?: number;
  /** Before each visit and each of a tile's reads. */
  readonly onVisit?: (label: string) => void;
  readonly log?: (line: string) => void;
  /** Between the files and the end. */
  readonly atEnd?: () => void;
}

export const platform: Platform = { ...nodePlatform({ workers: 1 }), pool: inlinePool(TASKS) };

/** Resolves to what the run found; the folder is complete then. */
export async function run(out: string, changes: RunChanges = {}): Promise<RunSummary> {
  const { tile = 20, resume, overwrite = false, signal, onVisit, log, atEnd, host = 2 ** 28 } = changes;
  const here = changes.platform ?? platform;
  const cpu = cpuExecutor(here.pool);
  const place = { kind: 'cpu', maxBinding: 0, lanes: 2 } as const;
  const executor: OpenDevice['executor'] = {
    ...cpu,
    visit: (request) => {
      onVisit?.(request.label);
      return cpu.visit(request);
    },
  };
  const device = { executor, place, kind: 'cpu', sentence: 'CPU' } as unknown as OpenDevice;
  const budget = { host, device: 0, tile };
  const readers = new Map(
    Object.entries(sources).map(([field, cells]): [string, FieldReader] => {
      const type = cells instanceof Float32Array ? 'f32' : 'u32';
      return [field, { ...memoryReader(grid, type, cells), empty }];
    }),
  );
  const folder = await beginFolder(out, { overwrite, scratch: join(out, '..'), journaled: true, resume, log });
  return filling(folder, async () => {
    const { summary, written, plan } = await runToFiles({
      graph,
      plan: planGraph(graph, place, budget, { cores: 2 }),
      budget,
      device,
      readers,
      outputs: changes.outputs ?? outputs,
      folder,
      platform: here,
      facts: { 'the project file': 'a', ...changes.facts },
      signal,
      log,
    });
    atEnd?.();
    const { tileWidth, tileHeight } = plan.tiling;
    const records = Object.fromEntries(summary.records);
    await folder.writeText(
      'run.json',
      JSON.stringify({ tile: [tileWidth, tileHeight], records, written: [...written] }),
    );
    await folder.commit();
    return summary;
  });
}

/** Every file under a folder with the hash of its bytes. */
export function filesOf(folder: string): Record<string, string> {
  const names = (readdirSync(folder, { recursive: true }) as string[]).sort();
  return Object.fromEntries(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]),
  );
}
