/** Flow accumulation on a device, in software float64: the same bits as everywhere. */
import { solveAlongFlow } from '../device/flow-recursion.ts';
import type { RelaxOptions } from '../device/relax.ts';
import { requireInput } from '../routing/dataflow.ts';
import type { DeviceSolveRequest, SolveFacts } from '../solver.ts';

export async function solve(request: DeviceSolveRequest, options?: RelaxOptions): Promise<SolveFacts> {
  requireInput(request, 'weighted', 'weight');
  requireInput(request, 'weighted_2', 'weight_2');
  const { outputs, params } = request;
  const { accumulation, weighted, weighted_2, reach } = outputs;
  const sums = [accumulation ?? reach, weighted, weighted_2];
  const [threshold, threshold_high] = wordsOf(params.threshold);
  const [traced, traced_high] = wordsOf(params.trace * params.threshold);
  const wanted = bitsOf([...sums, reach, accumulation]);
  const values = sums.filter((sum) => sum !== undefined).length;
  const own = { wanted, threshold, threshold_high, traced, traced_high };
  return solveAlongFlow(request, 'flow_accumulation', values, own, options);
}

function bitsOf(wanted: readonly unknown[]): number {
  return wanted.reduce<number>((bits, each, k) => (each === undefined ? bits : bits | (1 << k)), 0);
}

/** Low and high word of a float64. */
function wordsOf(value: number): Uint32Array {
  return new Uint32Array(new Float64Array([value]).buffer);
}
