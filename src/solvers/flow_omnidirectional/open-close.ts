/** The first and the last visit of a tile: quanta of what it starts with, and its outputs from what is left (flow.md section 1). */
import { NODATA, NODATA_CODE, type Plane } from '../../core/cells.ts';
import { type CellFlow, type FlowOutput, outputPlanes } from '../service-flow/fields.ts';
import { passes } from '../service-flow/inspect.ts';
import { quantaOf } from '../service-flow/quanta.ts';
import { addCell, type FlowTotals, noFlow, zoneOf } from '../service-flow/totals.ts';
import { takeOf } from './requests.ts';
import { BORDER, PASSABLE, RIM, type TileCells, VALID } from './tile-cells.ts';

export interface Opening {
  /** Cells of any with something left, and deficits, that may move. */
  readonly surplus: number;
  readonly deficit: number;
}

/** Planes with a ring of one cell. */
export interface OpenPlanes {
  readonly supply: Plane;
  readonly demand: Plane;
  readonly permeability?: Plane;
  readonly zones?: Plane;
}

/** Sets balance and kind. */
export function openTile(
  { frame, balance, kind }: Pick<TileCells, 'frame' | 'balance' | 'kind'>,
  { supply, demand, permeability }: OpenPlanes,
  quantum: number,
): Opening {
  const { tile, stride, offsets } = frame;
  balance.fill(0);
  kind.fill(0);
  let [surplus, deficit] = [0, 0];
  const valid = (cell: number) => supply[cell] !== NODATA && demand[cell] !== NODATA;
  for (let y = 1; y <= tile.height; y++)
    for (let x = 1; x <= tile.width; x++) {
      const cell = y * stride + x;
      const rim = x === 1 || y === 1 || x === tile.width || y === tile.height ? RIM : 0;
      if (!valid(cell)) {
        kind[cell] = rim;
        continue;
      }
      const left = quantaOf(supply[cell], quantum) - quantaOf(demand[cell], quantum);
      balance[cell] = left;
      kind[cell] = VALID | rim;
      if (permeability && !passes(permeability[cell])) continue;
      kind[cell] |= PASSABLE;
      for (let d = 0; d < 8; d++) if (!valid(cell + offsets[d])) kind[cell] |= BORDER;
      if (left > 0) surplus += left;
      else deficit -= left;
    }
  return { surplus, deficit };
}

/** Takes what the epoch delivered into balance and transit; gives the steps of its deliveries, weighted by quanta. */
export function settle(cells: TileCells): bigint {
  const { frame, kind, phi, reach, balance, transit, have } = cells;
  const { tile, stride } = frame;
  let [steps, distance] = [0, 0n];
  for (let y = 1; y <= tile.height; y++)
    for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++) {
      if (reach[cell] === 0 || (kind[cell] & PASSABLE) === 0 || have[cell] === 0) continue;
      if (phi[cell] === 0) {
        balance[cell] += have[cell];
        continue;
      }
      const take = takeOf(cells, cell);
      transit[cell] += have[cell] - take;
      balance[cell] -= take;
      steps += take * phi[cell];
      if (steps > 2 ** 52) {
        distance += BigInt(steps);
        steps = 0;
      }
    }
  return distance + BigInt(steps);
}

/** Takes what left over the border into balance and transit; gives it in the cells where it left. */
export function settleSpill({ frame, phi, reach, balance, transit, have }: TileCells): Float64Array {
  const { tile, stride } = frame;
  const spill = new Float64Array(frame.cells);
  for (let y = 1; y <= tile.height; y++)
    for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++) {
      if (reach[cell] === 0) continue;
      const own = Math.max(0, balance[cell]);
      transit[cell] += have[cell] - own;
      balance[cell] -= own;
      if (phi[cell] === 0) spill[cell] = have[cell];
    }
  return spill;
}

export interface Closing {
  readonly planes: Readonly<Record<string, Plane>>;
  readonly totals: FlowTotals;
  /** By number of the zone; cells outside of zones under NODATA_CODE. */
  readonly zones?: ReadonlyMap<number, FlowTotals>;
}

/** What is left of a tile, and what moved. Planes of the frame. */
export interface ClosedCells extends Pick<TileCells, 'frame' | 'balance' | 'transit'> {
  readonly spill?: Float64Array;
}

/** `planes`: of the tile's own cells. */
export function closeTile(
  { frame, balance, transit, spill }: ClosedCells,
  { supply, demand, zones }: { readonly supply: Plane; readonly demand: Plane; readonly zones?: Plane },
  { quantum, wanted }: { readonly quantum: number; readonly wanted: readonly string[] },
): Closing {
  const { tile, stride } = frame;
  const names = wanted as readonly FlowOutput[];
  const { planes, write } = outputPlanes(names, tile.width * tile.height, quantum);
  const totals = noFlow();
  const byZone = zones && new Map<number, FlowTotals>();
  const flow: { -readonly [K in keyof CellFlow]: number } = {
    supply: 0,
    demand: 0,
    used: 0,
    outflow: 0,
    transit: 0,
    spill: 0,
  };
  let [zone, ofZone] = [NODATA_CODE - 1, noFlow()];
  for (let y = 1, own = 0; y <= tile.height; y++)
    for (let cell = y * stride + 1, end = cell + tile.width; cell < end; cell++, own++) {
      if (supply[own] === NODATA || demand[own] === NODATA) continue;
      flow.supply = quantaOf(supply[own], quantum);
      flow.demand = quantaOf(demand[own], quantum);
      const before = flow.supply - flow.demand;
      flow.used = before < 0 ? balance[cell] - before : 0;
      flow.outflow = before > 0 ? before - balance[cell] : 0;
      flow.transit = transit[cell];
      flow.spill = spill ? spill[cell] : 0;
      addCell(totals, flow);
      if (byZone) {
        if (zones[own] !== zone) {
          zone = zones[own];
          ofZone = zoneOf(byZone, zone);
        }
        addCell(ofZone, flow);
      }
      write(own, flow);
    }
  return { planes, totals, zones: byZone };
}
