/** Effective retention tile by tile in worker tasks; in InVEST's order the whole raster in one. */
import { runDataflow } from '../routing/dataflow.ts';
import { solveWhole } from '../routing/whole.ts';
import type { SolveFacts, SolveRequest } from '../solver.ts';

const INPUTS = ['direction', 'stream', 'efficiency', 'critical_length'];
const INVEST = 1;

export async function solve(request: SolveRequest): Promise<SolveFacts> {
  const { params, shape } = request;
  if (params.order === INVEST) return solveWhole(request, 'retain_in_order', INPUTS, 'retention');
  return runDataflow(request, {
    task: 'retain_downslope',
    inputs: INPUTS,
    values: 1,
    params: { cell_width: shape.cellWidth, cell_height: shape.cellHeight },
  });
}
