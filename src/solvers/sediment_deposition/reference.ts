/** Sediment deposition by its definition (invest-models.md section 5): cells in an order from upslope to downslope. */
import { NODATA } from '../../core/cells.ts';
import type { SolverReference } from '../../core/solver.ts';
import { sumOfShares } from '../routing/directions.ts';
import { eachDownslope, eachUpslope, type FlowGraph, upslopeFirst } from '../routing/flow-graph.ts';

export const reference: SolverReference = ({ direction, sdr, e_prime }, _params, shape) => {
  const graph: FlowGraph = { ...shape, direction };
  const deposition = new Float64Array(direction.length).fill(NODATA);
  const flux = new Float64Array(direction.length).fill(NODATA);

  /** What water from upslope brings; NODATA where it is not known of all cells upslope. */
  const arriving = (cell: number): number => {
    let sum = 0;
    eachUpslope(graph, cell, (upslope, share) => {
      if (flux[upslope] === NODATA || sum === NODATA) sum = NODATA;
      else sum += (flux[upslope] * share) / sumOfShares(direction[upslope]);
    });
    return sum;
  };

  /** The mean delivery ratio downslope, inside the raster; cells without one count 0, and 0 counts 1. */
  const ratioBelow = (cell: number): number => {
    let [sum, shares] = [0, 0];
    eachDownslope(graph, cell, (downslope, share) => {
      if (downslope < 0) return;
      shares += share;
      if (sdr[downslope] !== NODATA) sum += (sdr[downslope] === 0 ? 1 : sdr[downslope]) * share;
    });
    return shares > 0 ? sum / shares : 0;
  };

  for (const cell of upslopeFirst(graph)) {
    const arrived = arriving(cell);
    const ratio = sdr[cell];
    if (ratio === NODATA || e_prime[cell] === NODATA || arrived === NODATA) continue;
    const below = Math.max(ratioBelow(cell), ratio);
    const kept = ratio === 1 ? 1 : (below - ratio) / (1 - ratio);
    deposition[cell] = Math.max(0, kept * arrived);
    flux[cell] = Math.max(0, (1 - kept) * arrived + e_prime[cell]);
  }
  return { deposition, flux };
};
