/** From what was counted to what people read: values in the unit of use, quantiles, values that look like an undeclared nodata. */
import type { Extreme, PlaneSummary } from '../../io/plane-summary.ts';
import type { LayerValues } from './types.ts';

/** @param factor from the file's values to the unit of use */
export function valuesOf({ valid, sum, low, high, sample }: PlaneSummary, factor: number): LayerValues | undefined {
  if (valid === 0 || low.count === 0) return undefined;
  const sorted = sample.slice().sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
  return {
    min: round(low.value * factor),
    mean: round((sum / valid) * factor),
    max: round(high.value * factor),
    q02: round(at(0.02) * factor),
    median: round(at(0.5) * factor),
    q98: round(at(0.98) * factor),
  };
}

/** Cells are float32: more digits say nothing. */
export function round(value: number): number {
  return Number(value.toPrecision(7));
}

export interface Suspect {
  /** As it stands in the file. */
  readonly value: number;
  readonly count: number;
}

/** What programs write where there is no value. */
const USUAL_NODATA: readonly number[] = [
  -9999, -99999, -999, -99, -1, -32768, -32767, 32767, 65535, 255, 9999, 99999, 999999, -2147483648, 2147483647,
  4294967295, -3.4028234663852886e38, 3.4028234663852886e38, 1e20, -1e20, 1e30, -1e30,
];

/**
 * Extremes that stand alone: a usual nodata value beyond the rest, or one value in many cells far beyond it. `plausible` in the
 * file's unit.
 */
export function suspects({ low, high, valid }: PlaneSummary, plausible?: readonly [number, number]): Suspect[] {
  if (low.count === 0 || low.value === high.value) return [];
  const [from, to] = plausible ?? [-Infinity, Infinity];
  const alone = (end: Extreme, outside: boolean, rest: number) => {
    const gap = Math.abs(end.value - end.next);
    const usual = USUAL_NODATA.some((value) => Math.abs(value - end.value) <= 1e-6 * Math.abs(value));
    const many = end.count > Math.max(1, 1e-4 * valid);
    const far = gap > Math.max(rest, Math.abs(end.next) / 2);
    return usual ? outside || far : outside && many && far;
  };
  const out: Suspect[] = [];
  if (alone(low, low.value < from, high.value - low.next)) out.push(low);
  if (alone(high, high.value > to, high.next - low.value)) out.push(high);
  return out.map(({ value, count }) => ({ value: usualOf(value), count }));
}

/** As people write it: -3.4e38 came through float32. */
function usualOf(value: number): number {
  return USUAL_NODATA.find((each) => Math.abs(each - value) <= 1e-6 * Math.abs(each)) ?? round(value);
}
