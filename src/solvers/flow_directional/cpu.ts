/** Directional flow tile by tile in worker tasks: a recursion on the flow graph in whole quanta, the same for any tiles and any schedule. */
import type { Values } from '../../core/values.ts';
import { runDataflow } from '../routing/dataflow.ts';
import { MOST_ZONES, quantumFor } from '../service-flow/inspect.ts';
import { inspectTiles } from '../service-flow/inspect-tiles.ts';
import { factsOf } from '../service-flow/summary.ts';
import { checkConservation, noFlow } from '../service-flow/totals.ts';
import { scaledFlows, tableZones, type ZoneFlow, ZoneMatrix } from '../service-flow/zone-flows.ts';
import type { SolveFacts, SolveOutput, SolveRequest } from '../solver.ts';
import { flowsOf, MIXES, ZONES_AT_ONCE } from './mix-tasks.ts';
import { addPacked, type TileTotals, TOTALS } from './tile-totals.ts';

/** @throws EcofluxError InvalidInput for negative supply or demand, and where directions go in circles; Bug where the amounts do not add up */
export async function solve(request: SolveRequest): Promise<SolveFacts> {
  const { inputs, params } = request;
  const inspection = await inspectTiles(request);
  const quantum = quantumFor(inspection, params.quantum);
  const sums: TileTotals = { lost: 0, undirected: 0, totals: noFlow(), zones: new Map() };
  const tally: SolveOutput = {
    type: 'u32',
    async write(_, plane) {
      addPacked(sums, plane as Uint32Array);
    },
  };
  const withZones = inspection.zones.size > 0 && inspection.zones.size <= MOST_ZONES;
  const planes = ['direction', 'supply', 'demand', 'permeability', 'stream'].filter((name) => inputs[name]);
  const facts = await runDataflow(
    { ...request, outputs: { ...request.outputs, [TOTALS]: tally } },
    {
      task: 'flow_directional',
      inputs: withZones ? [...planes, 'zones'] : planes,
      values: 1,
      params: { ...params, quantum },
    },
  );
  checkConservation(sums.totals, sums.lost);
  const { totals, lost } = sums;
  const zones = withZones ? sums.zones : undefined;
  const table = tableZones(inspection.zones);
  const total = inspection.cells * (inspection.largest / quantum) + 1;
  const flows =
    zones && table
      ? scaledFlows(await followZones(request, [...planes, 'zones'], { ...params, quantum, total }, table), zones, lost)
      : undefined;
  return {
    ...factsOf({ quantum, inspection, totals, lost, delivered: [], distance: 0n, zones, flows }),
    undirected: sums.undirected,
    ...facts,
  };
}

/** A few zones at once: each takes 8 bytes of a cell. */
async function followZones(
  request: SolveRequest,
  inputs: readonly string[],
  params: Values,
  zones: readonly number[],
): Promise<readonly ZoneFlow[]> {
  const matrix = new ZoneMatrix(params.total);
  const tally: SolveOutput = {
    type: 'u32',
    async write(_, plane) {
      matrix.addAll(flowsOf(plane as Uint32Array));
    },
  };
  for (let first = 0; first < zones.length; first += ZONES_AT_ONCE) {
    const followed = zones.slice(first, first + ZONES_AT_ONCE);
    const numbers = Object.fromEntries(followed.map((zone, k) => [`zone_${k}`, zone]));
    await runDataflow(
      { ...request, progress: undefined, outputs: { [MIXES]: tally } },
      {
        task: 'flow_directional_mix',
        inputs,
        values: 1 + followed.length,
        params: { ...params, ...numbers, count: followed.length },
      },
    );
  }
  return matrix.flows();
}
