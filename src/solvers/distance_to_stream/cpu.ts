/** Distance to stream tile by tile in worker tasks. */
import { requireInput, runDataflow } from '../routing/dataflow.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';
import { distancesOf } from './tasks.ts';

export async function solve(request: SolveRequest): Promise<SolveFacts> {
  requireInput(request, 'weighted', 'weight');
  const distances = distancesOf(Object.keys(request.outputs));
  return runDataflow(request, {
    task: 'measure_distance_to_stream',
    inputs: ['direction', 'stream', ...(distances.includes('weighted') ? ['weight'] : [])],
    values: distances.length,
    params: request.params,
  });
}
