/** Columns of numbers brought to one scale, and what a cell or zone of two such scales is (statistics.md section 4). */

/** Normalised numbers, and whether the column was the same everywhere: then they are 0. */
export interface Normalised {
  readonly values: number[];
  readonly constant: boolean;
}

/** (x − min) / (max − min), for a negative indicator 1 less that. */
export function minMax(values: readonly number[], negative = false): Normalised {
  const low = values.reduce((least, x) => Math.min(least, x), Infinity);
  const high = values.reduce((most, x) => Math.max(most, x), -Infinity);
  return between(values, low, high, negative);
}

/** The same between two quantiles (2 % and 98 %), kept from 0 to 1. */
export function clippedMinMax(values: readonly number[], low = 0.02, high = 0.98): Normalised {
  const sorted = [...values].sort((a, b) => a - b);
  const { values: scaled, constant } = between(values, quantile(sorted, low), quantile(sorted, high), false);
  return { values: scaled.map((x) => Math.min(1, Math.max(0, x))), constant };
}

function between(values: readonly number[], low: number, high: number, negative: boolean): Normalised {
  if (!(high > low)) return { values: values.map(() => 0), constant: true };
  const scaled = values.map((x) => (x - low) / (high - low));
  return { values: negative ? scaled.map((x) => 1 - x) : scaled, constant: false };
}

/** (x − mean) / deviation, of the population (divisor n) or of a sample (n − 1). */
export function zScores(values: readonly number[], divisor: 'population' | 'sample' = 'population'): Normalised {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (divisor === 'population' ? n : n - 1));
  if (!(deviation > 0)) return { values: values.map(() => 0), constant: true };
  return { values: values.map((x) => (x - mean) / deviation), constant: false };
}

/** Of ascending numbers, at position p (n − 1). */
export function quantile(sorted: readonly number[], p: number): number {
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const part = position - below;
  return part === 0 ? sorted[below] : sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

export const QUADRANTS: Readonly<Record<number, string>> = {
  1: 'high supply, high demand',
  2: 'low supply, high demand',
  3: 'low supply, low demand',
  4: 'high supply, low demand',
};

/** 1 to 4 of two z-scores; 0 and above is high. */
export function quadrantOf(supply: number, demand: number): number {
  if (supply >= 0) return demand >= 0 ? 1 : 4;
  return demand >= 0 ? 2 : 3;
}
