/** Flow directions in worker tasks, in either order. */
import type { SolveFacts, SolveRequest } from '../solver.ts';
import { solveFree } from './free-solve.ts';
import { solveInvest } from './invest-solve.ts';

export function solve(request: SolveRequest): Promise<SolveFacts> {
  return request.params.order === 1 ? solveInvest(request) : solveFree(request);
}
