/** Sums of a tile on their way from a visit, in the form of a plane. */
import { addTotals, type FlowTotals, TOTAL_NAMES, zoneOf } from '../service-flow/totals.ts';

/** The name under which visits give them, beside the outputs. */
export const TOTALS = 'totals of the tile';

export interface TileTotals {
  lost: number;
  /** Cells that take part and have no direction. */
  undirected: number;
  readonly totals: FlowTotals;
  readonly zones: Map<number, FlowTotals>;
}

export function packTotals({ lost, undirected, totals, zones }: TileTotals): Uint32Array {
  const words = (each: FlowTotals) => TOTAL_NAMES.map((name) => each[name]);
  const numbers = [lost, undirected, ...words(totals), ...[...zones].flatMap(([zone, each]) => [zone, ...words(each)])];
  return new Uint32Array(Float64Array.from(numbers).buffer);
}

/** Adds what `packTotals` packed. */
export function addPacked(to: TileTotals, plane: Uint32Array): void {
  const numbers = new Float64Array(plane.buffer, plane.byteOffset, plane.length / 2);
  const from = (at: number) =>
    Object.fromEntries(TOTAL_NAMES.map((name, k) => [name, numbers[at + k]])) as unknown as FlowTotals;
  to.lost += numbers[0];
  to.undirected += numbers[1];
  addTotals(to.totals, from(2));
  for (let at = 2 + TOTAL_NAMES.length; at < numbers.length; at += 1 + TOTAL_NAMES.length)
    addTotals(zoneOf(to.zones, numbers[at]), from(at + 1));
}
