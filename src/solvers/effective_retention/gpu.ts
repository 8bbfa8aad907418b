/** Effective retention on a device, downslope before upslope; InVEST's order is sequential and runs on the CPU. */
import { solveAlongFlow } from '../device/flow-recursion.ts';
import type { RelaxOptions } from '../device/relax.ts';
import type { DeviceSolveRequest, SolveFacts } from '../solver.ts';
import { solve as solveOnCpu } from './cpu.ts';
import { stepLengths } from './steps.ts';

const FREE = 0;

export function solve(request: DeviceSolveRequest, options?: RelaxOptions): Promise<SolveFacts> {
  if (request.params.order !== FREE) return solveOnCpu(request);
  const [step_x, step_diagonal, step_y] = stepLengths(request.shape); // east, north-east, north
  return solveAlongFlow(request, 'effective_retention', 1, { step_x, step_y, step_diagonal }, options);
}
