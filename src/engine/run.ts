/**
 * Runs a plan: pass by pass, tile by tile, a few visits under way at once and none waiting for another. Each visit names what it
 * reads and writes completely and may be run again; that is how a lost device is survived.
 */
import { curveOf } from '../core/tile-curve.ts';
import { tileAt } from '../core/tiles.ts';
import { EmptyTiles } from './empty-tiles.ts';
import type { Graph } from './graph.ts';
import { inLanes } from './lanes.ts';
import { LiveExecutor } from './live-executor.ts';
import type { Pass } from './passes.ts';
import type { Plan } from './plan.ts';
import { Records } from './records.ts';
import type { RunParts } from './run-parts.ts';
import { runSolves } from './run-solves.ts';
import { runTile, visitTile } from './run-tile.ts';
import type { RunOptions, RunSummary } from './run-types.ts';
import { TileFields } from './tile-fields.ts';
import { TimeSheet } from './time-sheet.ts';

export type {
  FieldReader,
  FieldWriter,
  RunJournal,
  RunOptions,
  RunProgress,
  RunSummary,
  RunTimings,
} from './run-types.ts';

/**
 * @throws EcofluxError Interrupted when the signal fires; DeviceLost without `replaceExecutor`; the first failure of a reader, a
 * writer, the device or the scratch file. Nothing is under way any more when it rejects.
 */
export async function runPlan(graph: Graph, plan: Plan, options: RunOptions): Promise<RunSummary> {
  const { signal } = options;
  const stop = new AbortController();
  const interrupt = () => stop.abort(signal!.reason);
  const run = partsOf(graph, plan, options, stop.signal);
  signal?.addEventListener('abort', interrupt, { once: true });
  if (signal?.aborted) interrupt();
  const { live, fields, records, times } = run;
  try {
    const order = curveOf(plan.tiling);
    for (const pass of plan.passes) {
      if (pass.nodes.length > 0 || pass.reads.length > 0) await runTiles(run, pass, order, stop);
      await runSolves(run, pass, stop);
      records.finishPass(pass);
      fields.finishPass(pass);
    }
    return { records: records.all, timings: times.timings(), executor: live.executor, losses: live.losses };
  } finally {
    signal?.removeEventListener('abort', interrupt);
    await fields.close();
  }
}

function partsOf(graph: Graph, plan: Plan, options: RunOptions, stop: AbortSignal): RunParts {
  const { executor, replaceExecutor: replace, readers, log } = options;
  const types = new Map([...graph.fields].map(([name, { type }]) => [name, type]));
  const makerOf = new Map(plan.passes.flatMap((pass) => pass.keeps.map((field) => [field, pass])));
  const empty = new EmptyTiles(plan.tiling, readers, makerOf);
  const run: RunParts = {
    graph,
    plan,
    options,
    types,
    live: new LiveExecutor(executor, { replace, lost: () => run.fields.dropDevice(), log: (line) => log?.(line) }),
    fields: new TileFields({
      ...options,
      graph,
      plan,
      types,
      makerOf,
      empty,
      signal: stop,
      remake: (maker, tile) => visitTile(run, maker, tile, false),
    }),
    records: new Records(),
    times: new TimeSheet(),
    empty,
    stop,
  };
  return run;
}

/** Tiles in order, `inFlight` at once. The first failure stops the rest and is the one reported. */
async function runTiles(run: RunParts, pass: Pass, order: Uint32Array, stop: AbortController): Promise<void> {
  const { tiling, inFlight, passes } = run.plan;
  const { journal, progress, signal } = run.options;
  const earlier = journal?.done(pass.index);
  let tilesDone = 0;
  await inLanes(tiling.count, { most: inFlight, stop, signal }, async (visit) => {
    const tile = tileAt(tiling, order[visit]);
    run.records.addPartials(pass, visit, await runTile(run, pass, tile, earlier?.get(tile.index)));
    progress?.({ pass: pass.index, passes: passes.length, tilesDone: ++tilesDone, tiles: tiling.count });
  });
}
