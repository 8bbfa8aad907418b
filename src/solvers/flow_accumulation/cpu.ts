/** Flow accumulation tile by tile in worker tasks. */
import { requireInput, runDataflow } from '../routing/dataflow.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import { sumsOf } from './tasks.ts';

export async function solve(request: SolveRequest): Promise<SolveFacts> {
  requireInput(request, 'weighted', 'weight');
  requireInput(request, 'weighted_2', 'weight_2');
  const sums = sumsOf(Object.keys(request.outputs));
  return runDataflow(request, {
    task: 'accumulate_flow',
    inputs: ['direction', ...sums.filter((name) => name !== 'cells')],
    values: sums.length,
    params: request.params,
  });
}
