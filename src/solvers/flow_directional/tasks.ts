/** Visits of a tile by directional flow, for worker threads: what leaves each cell, in whole quanta. */
import type { Plane } from '../../core/cells.ts';
import type { TaskTable } from '../../core/tasks.ts';
import { NO_CODE } from '../routing/share-bits.ts';
import { type Computation, type Recursion, visitTask } from '../routing/tile-visit.ts';
import { type CellFlow, type FlowOutput, outputPlanes } from '../service-flow/fields.ts';
import { keptAfterStep, lostParts } from '../service-flow/quanta.ts';
import { addCell, type FlowTotals, noFlow, zoneOf } from '../service-flow/totals.ts';
import { balanceOf, flowPlanes, inflowTo, isValid, quantaAt, receives, spillOf, takesPart } from './cell.ts';
import { directionalMixTasks } from './mix-tasks.ts';
import { packTotals, TOTALS } from './tile-totals.ts';

const recursion: Recursion = {
  travel: 'downslope',
  compute(of, order) {
    const { values, codes, params } = of;
    const [out] = values;
    const planes = flowPlanes(of);
    const loss = lostParts(params.retention);
    for (let k = 0; k < order.length; k++) {
      const cell = order[k];
      if (!receives(planes, codes, cell)) {
        out[cell] = 0;
        continue;
      }
      const sent = balanceOf(of, cell) + inflowTo(of, cell);
      out[cell] = sent > 0 ? keptAfterStep(sent, loss) : 0;
    }
  },
  outputs: (of) => outputsOf(of),
};

/** Outputs, and under TOTALS what they sum to. */
function outputsOf(of: Computation): Record<string, Plane> {
  const { frame, params, wanted } = of;
  const { tile, stride } = frame;
  const planes = flowPlanes(of);
  const names = wanted.filter((name) => name !== TOTALS) as FlowOutput[];
  const made = outputPlanes(names, tile.width * tile.height, params.quantum);
  const loss = lostParts(params.retention);
  const sums = { lost: 0, undirected: 0, totals: noFlow(), zones: new Map<number, FlowTotals>() };
  for (let y = 1, own = 0; y <= tile.height; y++)
    for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++, own++) {
      if (!isValid(planes, cell)) continue;
      const flow = cellFlow(of, cell, loss, sums);
      addCell(sums.totals, flow);
      if (planes.zones) addCell(zoneOf(sums.zones, planes.zones[cell]), flow);
      made.write(own, flow);
    }
  return { ...made.planes, [TOTALS]: packTotals(sums) };
}

function cellFlow(of: Computation, cell: number, loss: number, sums: { lost: number; undirected: number }): CellFlow {
  const { codes } = of;
  const planes = flowPlanes(of);
  const supply = quantaAt(of, 'supply', cell);
  const demand = quantaAt(of, 'demand', cell);
  if (!takesPart(planes, cell)) return { supply, demand, used: 0, outflow: 0, transit: 0, spill: 0 };
  const routed = codes[cell] !== NO_CODE;
  if (!routed) sums.undirected++;
  const inflow = routed ? inflowTo(of, cell) : 0;
  const local = Math.min(supply, demand);
  const sent = Math.max(0, supply + inflow - demand);
  const out = keptAfterStep(sent, loss);
  const outflow = Math.min(supply - local, sent);
  sums.lost += sent - out;
  return {
    supply,
    demand,
    used: Math.min(demand - local, inflow),
    outflow,
    transit: sent - outflow,
    spill: spillOf(of, cell, out),
  };
}

export const directionalTasks: TaskTable = { flow_directional: visitTask(recursion), ...directionalMixTasks };
