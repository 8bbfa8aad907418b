/** The global operators of a pass: one after the other, but for those that are the work of one thread, which run beside each other. */
import { cellCount } from '../core/grid.ts';
import { solverOf } from '../solvers/index.ts';
import type { SolveNode } from './graph.ts';
import { inLanes } from './lanes.ts';
import { OPERATOR_SHARE } from './memory-shares.ts';
import type { Pass } from './passes.ts';
import type { RunParts } from './run-parts.ts';
import { runSolve } from './run-solve.ts';

/** @throws EcofluxError as `runSolve` */
export async function runSolves(run: RunParts, pass: Pass, stop: AbortController): Promise<void> {
  let beside: SolveNode[] = [];
  const runBeside = async () => {
    const nodes = beside;
    beside = [];
    const most = Math.min(nodes.length, ...nodes.map((node) => besideEachOther(run, node)));
    await inLanes(nodes.length, { most, stop, signal: run.options.signal }, (i) => runSolve(run, pass, nodes[i], most));
  };
  for (const node of pass.solves) {
    const made = new Set(beside.flatMap(({ writes }) => Object.values(writes)));
    if (Object.values(node.reads).some((field) => made.has(field))) await runBeside();
    if (besideEachOther(run, node) > 1) beside.push(node);
    else await runSolve(run, pass, node);
  }
  await runBeside();
}

/** How many of its kind have a thread, and room in memory, at once. */
function besideEachOther({ graph, options, live }: RunParts, { solver }: SolveNode): number {
  const { bytesInOneThread, gpu } = solverOf(solver);
  if (bytesInOneThread === undefined || (gpu && live.executor.solvesOn)) return 1;
  const fitting = (options.budget.host * OPERATOR_SHARE) / (bytesInOneThread * cellCount(graph.grid));
  return Math.max(1, Math.min(options.pool?.size ?? 1, Math.floor(fitting)));
}
