/** Directional flow by its definition (flow.md section 4): cells in an order from upslope to downslope, in whole numbers of float64. */
import { NODATA_CODE } from '../../core/cells.ts';
import type { SolverReference } from '../../core/solver.ts';
import { eachDownslope, type FlowGraph, isRouted, upslopeFirst } from '../routing/flow-graph.ts';
import { amountsOf, quantised } from '../service-flow/cell-planes.ts';
import { keptAfterStep, lostParts, sharedPart } from '../service-flow/quanta.ts';

export const reference: SolverReference = (inputs, params, { width, height }) => {
  const raster = quantised(inputs, params, width);
  const { supply, demand, passable } = raster;
  const graph: FlowGraph = { width, height, direction: inputs.direction };
  const receives = (cell: number) => isRouted(graph, cell) && passable[cell] === 1;
  const loss = lostParts(params.retention);
  const inflow = new Float64Array(supply.length);
  const sent = new Float64Array(supply.length);
  const out = new Float64Array(supply.length);
  const spill = new Float64Array(supply.length);
  const send = (cell: number) => {
    sent[cell] = Math.max(0, supply[cell] + inflow[cell] - demand[cell]);
    out[cell] = keptAfterStep(sent[cell], loss);
  };
  for (const cell of upslopeFirst(graph)) {
    if (!receives(cell)) continue;
    send(cell);
    if (inputs.direction[cell] === 0) spill[cell] = out[cell];
    eachDownslope(graph, cell, (below, _, direction) => {
      const amount = sharedPart(out[cell], inputs.direction[cell], direction);
      if (receives(below)) inflow[below] += amount;
      else spill[cell] += amount;
    });
  }
  for (let cell = 0; cell < supply.length; cell++)
    if (passable[cell] === 1 && inputs.direction[cell] === NODATA_CODE) {
      send(cell);
      spill[cell] = out[cell];
    }
  return amountsOf(raster, (i) => {
    const local = Math.min(supply[i], demand[i]);
    const outflow = Math.min(supply[i] - local, sent[i]);
    const used = Math.min(demand[i] - local, inflow[i]);
    return { supply: supply[i], demand: demand[i], used, outflow, transit: sent[i] - outflow, spill: spill[i] };
  });
};
