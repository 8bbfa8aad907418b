/** Recursions on the flow graph on a device: kernels that import shaders/lib/flow-relax.wgsl, with float64 values for each cell. */
import type { Values } from '../../core/values.ts';
import { flowsInCircles } from '../routing/flow-graph.ts';
import type { DeviceSolveRequest, SolveFacts } from '../solver.ts';
import { type RelaxOptions, relax } from './relax.ts';

const WORDS = 2; // of a float64

/**
 * `values`: float64 values that the shader keeps of each cell. Bindings of inputs and outputs are called as in the request.
 * @throws EcofluxError InvalidInput where the directions go in circles, after the outputs were written
 */
export async function solveAlongFlow(
  request: DeviceSolveRequest,
  shader: string,
  values: number,
  params: Values,
  options?: RelaxOptions,
): Promise<SolveFacts> {
  const { inputs, outputs } = request;
  const facts = await relax(
    request,
    {
      shader,
      inputs,
      state: {
        rounds: { words: 1, outside: [0] },
        values: { words: WORDS * values, outside: new Array<number>(WORDS * values).fill(0) },
      },
      start: 'start',
      round: 'gather',
      finish: 'finish',
      outputs,
      params,
    },
    options,
  );
  if (facts.unfinished > 0) throw flowsInCircles(facts.unfinished);
  return { ...facts };
}
