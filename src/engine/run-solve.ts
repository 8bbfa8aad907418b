/** One global operator of a run: on the device where the executor has one for it, in worker threads otherwise. */
import type { Plane } from '../core/cells.ts';
import { changeDetails, isEcofluxError, throwIfAborted } from '../core/errors.ts';
import type { Window } from '../core/grid.ts';
import { inlinePool, partOfPool } from '../core/tasks.ts';
import { type Tile, windowOf } from '../core/tiles.ts';
import { solverOf } from '../solvers/index.ts';
import type { SolveFacts, SolveRequest } from '../solvers/solver.ts';
import { solverTasks } from '../solvers/tasks.ts';
import type { Executor } from './executor.ts';
import type { SolveNode } from './graph.ts';
import { mapValues } from './map-values.ts';
import { OPERATOR_SHARE } from './memory-shares.ts';
import type { Pass } from './passes.ts';
import type { RunParts } from './run-parts.ts';
import { shapeOf } from './tile-context.ts';

/**
 * Over complete fields; with a new device when one is lost. `atOnce`: how many share threads and the memory for operators.
 * @throws EcofluxError DeviceLost, Interrupted, OutOfCapacity; what reading and writing throw
 */
export async function runSolve(run: RunParts, pass: Pass, node: SolveNode, atOnce = 1): Promise<void> {
  const request = requestOf(run, pass, node, atOnce);
  const solve = (executor: Executor) => run.times.solving(node.name, solveOn(executor, node, request));
  await run.live.work(solve, run.stop).catch((error: unknown) => {
    throwIfAborted(run.options.signal);
    throw inFields(error, node);
  });
}

/**
 * Operators speak of their planes: the field behind one, or the stage, says of which year and service. Not of what befalls a run anywhere:
 * the end of a device or a signal, and what disk or device refuse, which comes with a cause.
 */
function inFields(error: unknown, { name, reads }: SolveNode): unknown {
  if (isEcofluxError(error, 'DeviceLost') || isEcofluxError(error, 'Interrupted')) return error;
  return changeDetails(error, (details) => {
    const { file, field, cause } = details;
    if (file !== undefined || (field === undefined && cause !== undefined)) return details;
    return { ...details, field: field === undefined ? name : (reads[field] ?? field) };
  });
}

function solveOn(executor: Executor, { solver }: SolveNode, request: SolveRequest): Promise<SolveFacts> {
  const { cpu, gpu } = solverOf(solver);
  // What InVEST's order decides is decided one cell after the other, which is no work for a device.
  const sequential = request.params.order === 1;
  return gpu && executor.solvesOn && !sequential ? gpu({ ...request, gpu: executor.solvesOn }) : cpu(request);
}

function requestOf(run: RunParts, pass: Pass, node: SolveNode, atOnce: number): SolveRequest {
  const { types, fields, records, stop } = run;
  const { tiling, passes } = run.plan;
  const { budget, openScratch, pool, progress } = run.options;
  const write = writerOf(run, pass);
  return {
    shape: shapeOf(run.graph.grid),
    tiling,
    inputs: mapValues(node.reads, (field) => ({
      type: types.get(field)!,
      read: (window: Window, into?: Plane) => fields.window(field, window, into),
    })),
    outputs: mapValues(node.writes, (field) => ({
      type: types.get(field)!,
      write: (tile: Tile, plane: Plane) => write(field, tile, plane),
    })),
    params: records.resolve(node.params),
    pool: partOfPool(pool ?? inlinePool(solverTasks), atOnce),
    memory: (budget.host * OPERATOR_SHARE) / atOnce,
    openScratch,
    signal: stop,
    progress: (done, total) =>
      progress?.({
        pass: pass.index,
        passes: passes.length,
        tilesDone: Math.floor((tiling.count * done) / total),
        tiles: tiling.count,
      }),
  };
}

/** Where the tiles go that an operator makes: to later readers, to files. Each goes once, whichever device made it. */
function writerOf({ graph, fields, times, options }: RunParts, pass: Pass) {
  const written = new Set<string>();
  return async (field: string, tile: Tile, plane: Plane): Promise<void> => {
    const key = `${field}\n${tile.index}`;
    if (written.has(key)) return; // by a device that was lost afterwards
    written.add(key);
    const writer = options.writers.get(field);
    const wanted = graph.sinks.has(field) && writer && !writer.has?.(tile);
    const kept = pass.solved.includes(field);
    if (kept) await fields.keepTile(field, tile, wanted ? plane.slice() : plane);
    if (wanted) await times.during('write', writer.write(windowOf(tile), plane));
  };
}
