/** Sediment deposition tile by tile in worker tasks. */
import { runDataflow } from '../routing/dataflow.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';

export async function solve(request: SolveRequest): Promise<SolveFacts> {
  return runDataflow(request, {
    task: 'deposit_sediment',
    inputs: ['direction', 'sdr', 'e_prime'],
    values: 2, // flux, deposition
    params: request.params,
  });
}
