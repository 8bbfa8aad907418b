/** What supply and demand are like before anything flows: their largest value, where one is missing or negative (flow.md section 1). */
import { NODATA } from '../../core/cells.ts';
import { EcofluxError, throwAll } from '../../core/errors.ts';
import type { InputPlane } from '../../core/model-reference.ts';
import type { Tile } from '../../core/tiles.ts';
import { MOST_TOTAL, quantumOf } from './quanta.ts';

/** Zones of which totals are given. */
export const MOST_ZONES = 10_000;

export interface Finding {
  readonly count: number;
  /** The first in reading order. */
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

export interface Inspection {
  /** With supply and demand. */
  readonly cells: number;
  readonly largest: number;
  readonly whole: boolean;
  readonly negative: { readonly supply?: Finding; readonly demand?: Finding };
  /** Cells that have only one of the two. */
  readonly onlySupply: number;
  readonly onlyDemand: number;
  readonly barriers: number;
  /** Numbers of the zones of these cells, as many as are of use, and one more. */
  readonly zones: ReadonlySet<number>;
}

export const NOTHING_SEEN: Inspection = {
  cells: 0,
  largest: 0,
  whole: true,
  negative: {},
  onlySupply: 0,
  onlyDemand: 0,
  barriers: 0,
  zones: new Set(),
};

export interface InspectPlanes {
  readonly supply: InputPlane;
  readonly demand: InputPlane;
  readonly permeability?: InputPlane;
  readonly zones?: InputPlane;
  /** 1 where supply and demand that are nodata count 0. */
  readonly stream?: InputPlane;
}

/** Planes of the tile's cells, row by row. */
export function inspect(planes: InspectPlanes, tile: Pick<Tile, 'x' | 'y' | 'width'>): Inspection {
  const { supply, demand, permeability, zones, stream } = planes;
  let [cells, largest, whole, onlySupply, onlyDemand, barriers] = [0, 0, true, 0, 0, 0];
  const negative: { supply?: Finding; demand?: Finding } = {};
  const found = new Set<number>();
  let last = -1;
  const note = (name: 'supply' | 'demand', i: number, value: number) => {
    const { count = 0, ...first } = negative[name] ?? {
      x: tile.x + (i % tile.width),
      y: tile.y + Math.floor(i / tile.width),
      value,
    };
    negative[name] = { ...first, count: count + 1 } as Finding;
  };
  for (let i = 0; i < supply.length; i++) {
    const s = amountAt(supply, i, stream);
    const d = amountAt(demand, i, stream);
    if (s !== NODATA && s < 0) note('supply', i, s);
    if (d !== NODATA && d < 0) note('demand', i, d);
    if (s === NODATA || d === NODATA) {
      if (s !== NODATA) onlySupply++;
      if (d !== NODATA) onlyDemand++;
      continue;
    }
    cells++;
    if (permeability && !passes(permeability[i])) barriers++;
    if (s > largest) largest = s;
    if (d > largest) largest = d;
    if (zones && zones[i] !== last && found.size <= MOST_ZONES) {
      last = zones[i];
      found.add(last);
    }
    whole &&= s === Math.floor(s) && d === Math.floor(d);
  }
  return { cells, largest, whole, negative, onlySupply, onlyDemand, barriers, zones: found };
}

/** The amount, NODATA where there is none. */
export function amountAt(plane: InputPlane, i: number, stream: InputPlane | undefined): number {
  const amount = plane[i];
  return amount === NODATA && stream?.[i] === 1 ? 0 : amount;
}

export function passes(permeability: number): boolean {
  return permeability !== 0 && permeability !== NODATA;
}

export function merge(a: Inspection, b: Inspection): Inspection {
  return {
    cells: a.cells + b.cells,
    largest: Math.max(a.largest, b.largest),
    whole: a.whole && b.whole,
    negative: {
      supply: both(a.negative.supply, b.negative.supply),
      demand: both(a.negative.demand, b.negative.demand),
    },
    onlySupply: a.onlySupply + b.onlySupply,
    onlyDemand: a.onlyDemand + b.onlyDemand,
    barriers: a.barriers + b.barriers,
    zones: a.zones.size > MOST_ZONES ? a.zones : new Set([...a.zones, ...b.zones]),
  };
}

function both(a: Finding | undefined, b: Finding | undefined): Finding | undefined {
  if (!a || !b) return a ?? b;
  const first = a.y < b.y || (a.y === b.y && a.x < b.x) ? a : b;
  return { ...first, count: a.count + b.count };
}

/**
 * The quantum of the run: what was asked for, or the one that fits.
 * @throws EcofluxError or ManyErrors InvalidInput for negative amounts, EcofluxError InvalidConfiguration for a quantum that cannot be
 */
export function quantumFor({ negative, largest, whole, cells }: Inspection, asked: number): number {
  throwAll(
    (['supply', 'demand'] as const).flatMap((name) => {
      const found = negative[name];
      if (!found) return [];
      return new EcofluxError('InvalidInput', `${name} is negative`, {
        field: name,
        place: `row ${found.y + 1}, column ${found.x + 1}`,
        found: `${found.value} there, the first of ${found.count} cell${found.count === 1 ? '' : 's'}`,
        expected: 'amounts from 0',
        fix: `correct the ${name}, or declare its negative value as nodata`,
      });
    }),
  );
  const found = quantumOf(largest, whole);
  const quantum = asked > 0 ? asked : found;
  if (!Number.isInteger(Math.log2(quantum)) || largest / quantum >= 2 ** 24)
    throw new EcofluxError('InvalidConfiguration', 'the quantum does not fit the amounts', {
      found: String(quantum),
      expected: `a power of two from ${quantumOf(largest, false)} (the largest value is ${largest})`,
      fix: 'leave it out',
    });
  if (cells * 2 ** 24 >= MOST_TOTAL && (cells * largest) / quantum >= MOST_TOTAL)
    throw new EcofluxError('OutOfCapacity', 'amounts of so many cells cannot be counted exactly', {
      found: `${cells} cells with up to ${largest / quantum} quanta`,
      expected: 'fewer than 2^53 quanta together',
      fix: 'cut the region into parts',
    });
  return quantum;
}
