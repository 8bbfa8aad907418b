/** Streams by their definition (docs/decisions/0014): what is followed upslope from outlets, and the gaps between; or in InVEST's order. */
import { NODATA_CODE } from '../../core/cells.ts';
import type { SolverReference } from '../../core/solver.ts';
import { eachDownslope, eachUpslope, type FlowGraph, isRouted } from '../routing/flow-graph.ts';
import { streamsInOrder } from './invest-order.ts';

const D8 = 0;
const INVEST = 1;

export const reference: SolverReference = ({ direction, reach }, { algorithm, order }, shape) => {
  const graph: FlowGraph = { ...shape, direction };
  const cells = direction.map((_, cell) => cell).filter((cell) => isRouted(graph, cell));
  const isStream = (cell: number): boolean => {
    if (algorithm === D8) return reach[cell] === 3;
    return order === INVEST ? ordered![cell] === 1 : confirmed.has(cell);
  };
  const ordered = algorithm !== D8 && order === INVEST ? streamsInOrder({ direction, reach }, shape) : undefined;
  const confirmed = algorithm !== D8 && order !== INVEST ? confirmedCells(graph, reach, cells) : new Set<number>();
  const stream = new Float64Array(direction.length).fill(NODATA_CODE);
  for (const cell of cells) stream[cell] = isStream(cell) ? 1 : 0;
  return { stream };
};

function confirmedCells(graph: FlowGraph, reach: ArrayLike<number>, cells: ArrayLike<number>): Set<number> {
  // Everything that can be followed upslope from an outlet, over cells at or above the traced share of the threshold.
  const followed = new Set<number>();
  const front = Array.from(cells).filter((cell) => reach[cell] >= 2 && isOutlet(graph, cell));
  for (let cell = front.pop(); cell !== undefined; cell = front.pop()) {
    if (followed.has(cell)) continue;
    followed.add(cell);
    eachUpslope(graph, cell, (upslope) => {
      if (reach[upslope] >= 1) front.push(upslope);
    });
  }
  // Of that, the cells at the threshold and what lies downslope of them.
  const confirmed = new Set<number>();
  const sources = [...followed].filter((cell) => reach[cell] >= 2);
  for (let cell = sources.pop(); cell !== undefined; cell = sources.pop()) {
    if (confirmed.has(cell)) continue;
    confirmed.add(cell);
    eachDownslope(graph, cell, (downslope) => {
      if (followed.has(downslope)) sources.push(downslope);
    });
  }
  return confirmed;
}

/** Water goes from the cell to beyond the raster or into nodata. */
function isOutlet(graph: FlowGraph, cell: number): boolean {
  let found = false;
  eachDownslope(graph, cell, (downslope) => {
    found ||= !isRouted(graph, downslope);
  });
  return found;
}
