/** Distance to stream by its definition: cells in an order from downslope to upslope. */
import { NODATA } from '../../core/cells.ts';
import type { InputPlane } from '../../core/model-reference.ts';
import type { SolverReference } from '../../core/solver.ts';
import { STEP } from '../routing/directions.ts';
import { eachDownslope, type FlowGraph, upslopeFirst } from '../routing/flow-graph.ts';

const D8 = 0;

export const reference: SolverReference = ({ direction, stream, weight }, { algorithm }, shape) => {
  const graph: FlowGraph = { ...shape, direction };
  const order = upslopeFirst(graph).reverse();
  const distance = (added: (cell: number, downslope: number, towards: number) => number) =>
    distances(graph, order, stream, added);
  return {
    steps: distance((_cell, _downslope, towards) => STEP[towards]),
    // invest-models.md section 4.6: D8 takes the weight where water comes from, MFD where it goes.
    ...(weight && {
      weighted: distance((cell, downslope) => weightOf(weight[algorithm === D8 ? cell : downslope])),
    }),
  };
};

function distances(
  graph: FlowGraph,
  order: Uint32Array,
  stream: InputPlane,
  added: (cell: number, downslope: number, towards: number) => number,
): Float64Array {
  const distance = new Float64Array(stream.length).fill(NODATA);
  for (const cell of order) {
    if (stream[cell] === 1) {
      distance[cell] = 0;
      continue;
    }
    let [sum, shares] = [0, 0];
    eachDownslope(graph, cell, (downslope, share, towards) => {
      if (downslope < 0 || distance[downslope] === NODATA) return;
      sum += share * (distance[downslope] + added(cell, downslope, towards));
      shares += share;
    });
    if (shares > 0) distance[cell] = sum / shares;
  }
  return distance;
}

function weightOf(value: number): number {
  return value === NODATA ? 0 : value;
}
