/** Streams on a device, free of any order; InVEST's order is sequential and runs on the CPU. */
import { type RelaxOptions, relax } from '../device/relax.ts';
import type { DeviceSolveRequest, SolveFacts } from '../solver.ts';
import { solve as solveOnCpu } from './cpu.ts';

const D8 = 0;
const FREE = 0;

export async function solve(request: DeviceSolveRequest, options?: RelaxOptions): Promise<SolveFacts> {
  const { inputs, outputs, params } = request;
  // D8's streams are above the threshold in either order.
  if (params.algorithm !== D8 && params.order !== FREE) return solveOnCpu(request);
  const facts = await relax(
    request,
    {
      shader: 'streams',
      inputs,
      state: { marks: { words: 1, outside: [0] } },
      start: 'start',
      round: 'follow',
      finish: 'finish',
      outputs,
      params: { algorithm: params.algorithm },
    },
    options,
  );
  return { ...facts };
}
