/**
 * The colour scale of a quantity: from values to positions 0..1 on a ramp and back. One scale serves all years of a quantity. It spans the 2nd to
 * the 98th percentile, and says at which ends values lie beyond.
 */
import { NODATA } from '../core/cells.ts';
import type { RampName } from './colours.ts';
import type { ReportMap } from './data.ts';
import { linearTicks, logTicks, roundLength } from './ticks.ts';

export interface Scale {
  /** How positions follow values; `asinh` is linear near the centre and logarithmic far from it. */
  readonly shape: 'linear' | 'log' | 'asinh';
  readonly ramp: RampName;
  readonly min: number;
  readonly max: number;
  readonly centre?: number;
  /** Values below min or above max exist. */
  readonly openLow: boolean;
  readonly openHigh: boolean;
  /** Smallest and largest value. */
  readonly lowest: number;
  readonly highest: number;
}

export const LOW_PERCENTILE = 0.02;
export const HIGH_PERCENTILE = 0.98;
/** Beyond this many times the median (distance from the centre) the high percentile asks for a logarithmic scale. */
const MOST_SKEW = 30;
const MOST_SKEW_AROUND = 8;
const MAX_SAMPLES = 300_000;

/** Colour ramp by the meaning of a quantity. */
export function rampOf(quantity: string, diverging = false): RampName {
  if (diverging) return 'balance';
  if (/demand|deficit|export|consumption/.test(quantity)) return 'demand';
  if (/supply|yield|carbon|retention|habitat/.test(quantity)) return 'supply';
  return 'plain';
}

/** The scale for maps of one quantity, or undefined where they hold no valid cell. */
export function scaleOf(maps: readonly ReportMap[]): Scale | undefined {
  const { sorted, lowest, highest } = sampleOf(maps);
  if (sorted.length === 0) return undefined;
  const { quantity, diverging, logarithmic, centre = 0 } = maps[0];
  const ramp = rampOf(quantity, diverging);
  const ends = (min: number, max: number) => ({
    min,
    max,
    openLow: lowest < min,
    openHigh: highest > max,
    lowest,
    highest,
  });
  if (diverging) return divergingScale(sorted, centre, logarithmic, ends);

  const low = quantile(sorted, LOW_PERCENTILE);
  const high = quantile(sorted, HIGH_PERCENTILE);
  const [min, max] = high > low ? [low, high] : [lowest, highest];
  const positive = sorted.subarray(firstAbove(sorted, 0));
  if (positive.length > 0 && lowest >= 0 && (logarithmic ?? isSkewed(positive))) {
    const bottom = quantile(positive, LOW_PERCENTILE);
    const top = quantile(positive, HIGH_PERCENTILE);
    if (top > bottom * 10) return { shape: 'log', ramp, ...ends(bottom, top) };
  }
  return { shape: 'linear', ramp, ...ends(fromZero(min, max), max) };
}

/** Position on the ramp, 0..1, beyond the ends clamped. */
export function positionOf(scale: Scale, value: number): number {
  const low = bend(scale, scale.min);
  const high = bend(scale, scale.max);
  if (high === low) return 0.5;
  return Math.min(1, Math.max(0, (bend(scale, value) - low) / (high - low)));
}

/** Value at a position 0..1. */
export function valueAt(scale: Scale, position: number): number {
  const low = bend(scale, scale.min);
  const high = bend(scale, scale.max);
  const bent = low + position * (high - low);
  if (scale.shape === 'log') return Math.exp(bent);
  if (scale.shape === 'asinh') return (scale.centre ?? 0) + softness(scale) * Math.sinh(bent);
  return bent;
}

/** Round values inside the scale, about `count`. */
export function ticksOf(scale: Scale, count = 5): number[] {
  if (scale.max === scale.min) return [scale.min];
  if (scale.shape === 'log') return logTicks(scale.min, scale.max, count + 1);
  if (scale.shape === 'asinh') return asinhTicks(scale);
  return linearTicks(scale.min, scale.max, count);
}

type Ends = (min: number, max: number) => Pick<Scale, 'min' | 'max' | 'openLow' | 'openHigh' | 'lowest' | 'highest'>;

/** Symmetric around the centre (by factors where logarithmic and the centre is positive). */
function divergingScale(sorted: Float32Array, centre: number, logarithmic: boolean | undefined, ends: Ends): Scale {
  const byFactors = centre > 0 && sorted[0] >= 0 && (logarithmic ?? true);
  const measure = byFactors
    ? (value: number) => (value > 0 ? Math.abs(Math.log(value / centre)) : Number.NaN)
    : (value: number) => Math.abs(value - centre);
  const far = Float64Array.from(sorted, measure)
    .filter((value) => value >= 0)
    .sort();
  const share = HIGH_PERCENTILE - LOW_PERCENTILE;
  const extent = (far.length > 0 && (quantile(far, share) || far[far.length - 1])) || (byFactors ? Math.LN2 : 1);
  if (byFactors)
    return { shape: 'log', ramp: 'balance', centre, ...ends(centre / Math.exp(extent), centre * Math.exp(extent)) };
  const skewed = far.length > 0 && quantile(far, share) > MOST_SKEW_AROUND * quantile(far, 0.5);
  return {
    shape: (logarithmic ?? skewed) ? 'asinh' : 'linear',
    ramp: 'balance',
    centre,
    ...ends(centre - extent, centre + extent),
  };
}

function bend(scale: Scale, value: number): number {
  if (scale.shape === 'log') return Math.log(Math.max(value, Number.MIN_VALUE));
  if (scale.shape === 'asinh') return Math.asinh((value - (scale.centre ?? 0)) / softness(scale));
  return value;
}

function softness(scale: Scale): number {
  return (scale.max - scale.min) / 60;
}

function asinhTicks(scale: Scale): number[] {
  const centre = scale.centre ?? 0;
  const far = roundLength(scale.max - centre);
  return [-far, -far / 10, 0, far / 10, far].map((offset) => centre + offset);
}

/** Most of the values are tiny beside the large ones: a linear scale would show one colour. */
function isSkewed(positive: Float32Array): boolean {
  return quantile(positive, HIGH_PERCENTILE) > MOST_SKEW * quantile(positive, 0.5);
}

/** A scale that nearly starts at zero starts at zero. */
function fromZero(min: number, max: number): number {
  return min > 0 && min < 0.25 * max ? 0 : min;
}

function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))];
}

function firstAbove(sorted: Float32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Valid values of all maps, sorted; every n-th where there are very many. */
function sampleOf(maps: readonly ReportMap[]): { sorted: Float32Array; lowest: number; highest: number } {
  const total = maps.reduce((sum, map) => sum + map.cells.length, 0);
  const stride = Math.max(1, Math.ceil(total / MAX_SAMPLES));
  const sample = new Float32Array(total);
  let count = 0;
  let valid = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const { cells } of maps) {
    for (let i = 0; i < cells.length; i++) {
      const value = cells[i];
      if (!isValid(value)) continue;
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
      if (valid++ % stride === 0) sample[count++] = value;
    }
  }
  return { sorted: sample.subarray(0, count).sort(), lowest, highest };
}

const SENTINEL = Math.fround(NODATA);

/** A cell of a quantity that holds a value. */
export function isValid(value: number): boolean {
  return value !== SENTINEL && Number.isFinite(value);
}
