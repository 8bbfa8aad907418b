/** Distance to stream on a device, in software float64. */
import { solveAlongFlow } from '../device/flow-recursion.ts';
import type { RelaxOptions } from '../device/relax.ts';
import { requireInput } from '../routing/dataflow.ts';
import type { DeviceSolveRequest, SolveFacts } from '../solver.ts';

export async function solve(request: DeviceSolveRequest, options?: RelaxOptions): Promise<SolveFacts> {
  requireInput(request, 'weighted', 'weight');
  const { outputs, params } = request;
  const wanted = (outputs.steps ? 1 : 0) + (outputs.weighted ? 2 : 0);
  const values = Object.keys(outputs).length;
  return solveAlongFlow(request, 'distance_to_stream', values, { wanted, algorithm: params.algorithm }, options);
}
