/** Depression filling on a device: heights relax downwards to the only fixpoint, by comparisons alone, so the bits are those of the definition. */
import { type RelaxOptions, relax } from '../device/relax.ts';
import type { DeviceSolveRequest, SolveFacts } from '../solver.ts';

export function solve(request: DeviceSolveRequest, options: RelaxOptions = {}): Promise<SolveFacts> {
  const { dem } = request.inputs;
  const { filled } = request.outputs;
  const relaxation = {
    shader: 'fill_depressions',
    inputs: { dem },
    state: { state: { words: 1, outside: [0xffffffff] } },
    start: 'start',
    round: 'lower',
    finish: 'finish',
    outputs: { filled },
  };
  return relax(request, relaxation, options);
}
