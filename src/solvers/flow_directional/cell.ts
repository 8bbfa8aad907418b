/** One cell of directional flow as tiles compute it: what comes from above, what goes on. */
import { NODATA, type Plane } from '../../core/cells.ts';
import { lowestDirection, lowestSide, NO_CODE, nonZeroShares } from '../routing/share-bits.ts';
import type { Computation } from '../routing/tile-visit.ts';
import { amountAt, passes } from '../service-flow/inspect.ts';
import { quantaOf, sharedPart } from '../service-flow/quanta.ts';

/** Planes of the frame. */
export interface FlowPlanes {
  readonly supply: Plane;
  readonly demand: Plane;
  readonly stream?: Plane;
  readonly permeability?: Plane;
  readonly zones?: Plane;
}

export function flowPlanes({ planes }: Computation): FlowPlanes {
  return planes as unknown as FlowPlanes;
}

export function isValid({ supply, demand, stream }: FlowPlanes, cell: number): boolean {
  return amountAt(supply, cell, stream) !== NODATA && amountAt(demand, cell, stream) !== NODATA;
}

/** With supply and demand, and no barrier. */
export function takesPart(planes: FlowPlanes, cell: number): boolean {
  return isValid(planes, cell) && (!planes.permeability || passes(planes.permeability[cell]));
}

/** Takes part, and lies on the ways of the flow. */
export function receives(planes: FlowPlanes, codes: Int32Array, cell: number): boolean {
  return codes[cell] !== NO_CODE && takesPart(planes, cell);
}

/** Quanta of a cell that is valid. */
export function quantaAt({ planes, params }: Computation, name: 'supply' | 'demand', cell: number): number {
  return quantaOf(amountAt(planes[name], cell, planes.stream), params.quantum);
}

/** Supply less demand. */
export function balanceOf(of: Computation, cell: number): number {
  return quantaAt(of, 'supply', cell) - quantaAt(of, 'demand', cell);
}

/** What comes from above; what left those cells is known. */
export function inflowTo({ frame, codes, inbound, values }: Computation, cell: number): number {
  const [out] = values;
  let sum = 0;
  for (let sides = inbound[cell]; sides !== 0; sides &= sides - 1) {
    const side = lowestSide(sides);
    const upslope = cell + frame.offsets[side];
    sum += sharedPart(out[upslope], codes[upslope], side ^ 4);
  }
  return sum;
}

/** What of the cell's way out leads to no cell that receives. */
export function spillOf(of: Computation, cell: number, amount: number): number {
  const { frame, codes } = of;
  const code = codes[cell];
  if (code === 0 || code === NO_CODE) return amount;
  const planes = flowPlanes(of);
  let sum = 0;
  for (let bits = nonZeroShares(code); bits !== 0; bits &= bits - 1) {
    const d = lowestDirection(bits);
    if (!receives(planes, codes, cell + frame.offsets[d])) sum += sharedPart(amount, code, d);
  }
  return sum;
}
