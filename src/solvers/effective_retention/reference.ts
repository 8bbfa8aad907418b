/** Effective retention by its definition (invest-models.md section 6): cells in an order from downslope to upslope, or in InVEST's. */
import { NODATA } from '../../core/cells.ts';
import type { SolverReference } from '../../core/solver.ts';
import { eachDownslope, type FlowGraph, isRouted, upslopeFirst } from '../routing/flow-graph.ts';
import { retentionInOrder } from './invest-order.ts';
import { stepLengths } from './steps.ts';

const INVEST = 1;

export const reference: SolverReference = (inputs, { order }, shape) => {
  const { direction, stream, efficiency, critical_length } = inputs;
  if (order === INVEST)
    return { retention: retentionInOrder(inputs, shape, new Float64Array(shape.width * shape.height)) };
  const graph: FlowGraph = { ...shape, direction };
  const steps = stepLengths(shape);
  const retention = new Float64Array(direction.length).fill(NODATA);
  for (const cell of upslopeFirst(graph).reverse()) {
    if (stream[cell] === 1) {
      retention[cell] = 0;
      continue;
    }
    const [own, length] = [efficiency[cell], critical_length[cell]];
    if (own === NODATA || length === NODATA) continue;
    let [sum, shares] = [0, 0];
    eachDownslope(graph, cell, (downslope, share, towards) => {
      shares += share;
      if (!isRouted(graph, downslope) || retention[downslope] === NODATA) return;
      const below = retention[downslope];
      const passed = length > 0 ? Math.exp((-5 * steps[towards]) / length) : 0;
      if (below === 0) sum += own * (1 - passed) * share;
      else if (own > below) sum += (below * passed + own * (1 - passed)) * share;
      else sum += below * share;
    });
    retention[cell] = shares > 0 ? sum / shares : 0;
  }
  return { retention };
};
