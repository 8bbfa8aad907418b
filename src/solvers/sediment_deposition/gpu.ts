/** Sediment deposition on a device, in software float64. */
import { solveAlongFlow } from '../device/flow-recursion.ts';
import type { RelaxOptions } from '../device/relax.ts';
import type { DeviceSolveRequest, SolveFacts } from '../solver.ts';

export function solve(request: DeviceSolveRequest, options?: RelaxOptions): Promise<SolveFacts> {
  const { deposition, flux } = request.outputs;
  const wanted = (deposition ? 1 : 0) + (flux ? 2 : 0);
  return solveAlongFlow(request, 'sediment_deposition', 2, { wanted }, options);
}
