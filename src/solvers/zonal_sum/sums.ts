/** Sums by zone in whole numbers of a quantum, whose parts can be added in any order. */
import { NODATA, NODATA_CODE } from '../../core/cells.ts';
import type { InputPlane } from '../../core/model-reference.ts';
import { roundHalfEven } from '../../reference/round.ts';

/** Two words for each zone: q = high · 2^16 + low. Below 2^53 up to 10^11 cells, so exact. */
export type ZoneSums = Map<number, { high: number; low: number }>;

/** The largest |x| of the valid cells; 0 where there is none. */
export function largestOf(values: InputPlane): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const x = Math.abs(values[i]);
    if (x > largest && values[i] !== NODATA) largest = x;
  }
  return largest;
}

/** A power of two for numbers up to `largest`: none has more than 2^30 of it. */
export function quantumOf(largest: number): number {
  if (largest === 0) return 1;
  return 2 ** (Math.ceil(Math.log2(largest)) - 30); // of numbers of float32, so float64 holds it and its inverse
}

export function addCells(sums: ZoneSums, values: InputPlane, zones: InputPlane, quantum: number): void {
  let zone = NODATA_CODE;
  let sum = { high: 0, low: 0 };
  for (let i = 0; i < values.length; i++) {
    if (values[i] === NODATA || zones[i] === NODATA_CODE) continue;
    if (zones[i] !== zone) {
      zone = zones[i];
      sum = sums.get(zone) ?? { high: 0, low: 0 };
      sums.set(zone, sum);
    }
    const q = roundHalfEven(values[i] / quantum);
    sum.high += q >> 16;
    sum.low += q & 0xffff;
  }
}

export function addSums(to: ZoneSums, from: ZoneSums): void {
  for (const [zone, { high, low }] of from) {
    const sum = to.get(zone) ?? { high: 0, low: 0 };
    to.set(zone, { high: sum.high + high, low: sum.low + low });
  }
}

/** The sums as numbers. A sum of more than 2^53 quanta is rounded once. */
export function totalsOf(sums: ZoneSums, quantum: number): Map<number, number> {
  return new Map(
    [...sums].map(([zone, { high, low }]) => [zone, Number(BigInt(high) * 65536n + BigInt(low)) * quantum]),
  );
}

/** The sum of its zone in each cell; 0 for a zone without a valid cell. */
export function spread(zones: InputPlane, totals: ReadonlyMap<number, number>): Float64Array {
  const out = new Float64Array(zones.length);
  let [zone, total] = [NODATA_CODE, NODATA];
  for (let i = 0; i < zones.length; i++) {
    if (zones[i] !== zone) {
      zone = zones[i];
      total = zone === NODATA_CODE ? NODATA : (totals.get(zone) ?? 0);
    }
    out[i] = total;
  }
  return out;
}
