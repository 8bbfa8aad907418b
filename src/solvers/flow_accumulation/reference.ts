/** Flow accumulation by its definition: cells in an order from upslope to downslope. */
import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { InputPlane } from '../../core/model-reference.ts';
import type { SolverReference } from '../../core/solver.ts';
import { sumOfShares } from '../routing/directions.ts';
import { eachUpslope, type FlowGraph, isRouted, upslopeFirst } from '../routing/flow-graph.ts';
import { reachOf } from './reach.ts';

export const reference: SolverReference = ({ direction, weight, weight_2 }, params, shape) => {
  const graph: FlowGraph = { ...shape, direction };
  const order = upslopeFirst(graph);
  const accumulation = accumulate(graph, order);
  const reach = accumulation.map((value, cell) => (isRouted(graph, cell) ? reachOf(value, params) : NODATA_CODE));
  return {
    accumulation,
    reach,
    ...(weight && { weighted: accumulate(graph, order, weight) }),
    ...(weight_2 && { weighted_2: accumulate(graph, order, weight_2) }),
  };
};

function accumulate(graph: FlowGraph, order: Uint32Array, weight?: InputPlane): Float64Array {
  const sums = new Float64Array(graph.direction.length).fill(NODATA);
  for (const cell of order) {
    let sum = weight ? weightOf(weight[cell]) : 1;
    eachUpslope(graph, cell, (upslope, share) => {
      sum += (sums[upslope] * share) / sumOfShares(graph.direction[upslope]); // bit for bit what every device does
    });
    sums[cell] = sum;
  }
  return sums;
}

function weightOf(value: number): number {
  return value === NODATA ? 0 : value;
}
