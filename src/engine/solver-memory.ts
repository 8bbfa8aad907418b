/** What global operators may have of the host memory, and which cannot do with it: those that hold the whole raster. Pure. */
import { EcofluxError } from '../core/errors.ts';
import { cellCount } from '../core/grid.ts';
import { solverSpec } from '../solvers/specs.ts';
import type { Graph, SolveNode } from './graph.ts';

/** Of the host budget: what visits have while they are under way, for there are none then. */
export const SOLVER_SHARE = 0.5;

/**
 * @param host bytes of the host budget
 * @throws EcofluxError OutOfCapacity for an operator that holds the whole raster in more than its share
 */
export function checkWholeRasters({ grid, nodes }: Graph, host: number): void {
  for (const node of nodes) {
    const bytes = node.kind === 'solve' ? cellCount(grid) * wholeBytes(node) : 0;
    if (bytes <= host * SOLVER_SHARE) continue;
    throw new EcofluxError('OutOfCapacity', `InVEST's order of ${node.name} needs the whole raster in memory`, {
      found: `${Math.floor((host * SOLVER_SHARE) / 1e6)} MB for it`,
      expected: `${Math.ceil(bytes / 1e6)} MB for ${grid.width} × ${grid.height} cells`,
      fix: `give --memory ${Math.ceil(bytes / SOLVER_SHARE / 1e9)}GB, or take the free order (--order free), which works tile by tile`,
    });
  }
}

function wholeBytes({ solver, params }: SolveNode): number {
  const numbers = Object.entries(params).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return solverSpec(solver).wholeBytes?.(Object.fromEntries(numbers)) ?? 0;
}
