/** Flow directions on a device. InVEST's own order of plateau cells follows a queue, so that is done in worker threads wherever it is asked for. */
import { type RelaxOptions, relax } from '../device/relax.ts';
import type { DeviceSolveRequest, SolveFacts } from '../solver.ts';
import { solveInvest } from './invest-solve.ts';
import { spec } from './spec.ts';

const INVEST = spec.params.order.choices.indexOf('invest');
const MFD = spec.params.algorithm.choices.indexOf('mfd');

export function solve(request: DeviceSolveRequest, options: RelaxOptions = {}): Promise<SolveFacts> {
  if (request.params.order === INVEST) return solveInvest(request);
  const { filled } = request.inputs;
  const { direction } = request.outputs;
  const relaxation = {
    shader: 'flow_direction',
    inputs: { filled },
    state: { state: { words: 1, outside: [0xffffffff] } },
    start: 'start',
    round: 'shorten',
    finish: request.params.algorithm === MFD ? 'finish_mfd' : 'finish_d8',
    outputs: { direction },
  };
  return relax(request, relaxation, options);
}
