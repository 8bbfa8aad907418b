/** Which file samples are nodata: intervals of raw sample values, by the rule of InVEST (spec/invest-models: exact for integers, close for floats). */
import type { SampleType } from '../core/cells.ts';

export interface NodataRange {
  readonly low: number;
  readonly high: number;
}

/** Intervals of the finite declared values. NaN and infinities need none: they are always nodata. */
export function nodataRanges(type: SampleType, declared: readonly (number | undefined)[]): NodataRange[] {
  const ranges: NodataRange[] = [];
  for (const value of declared) {
    if (value === undefined || !Number.isFinite(value)) continue;
    const tolerance = type[0] === 'f' ? 1e-8 + 1e-5 * Math.abs(value) : 0;
    ranges.push({ low: value - tolerance, high: value + tolerance });
  }
  return ranges;
}
