/** An accumulation against the thresholds of streams, decided in float64. */
import type { Values } from '../../core/values.ts';

/** 0 below trace × threshold, 1 from there, 2 at the threshold, 3 above it. */
export function reachOf(accumulation: number, { threshold, trace }: Values): number {
  if (accumulation > threshold) return 3;
  if (accumulation === threshold) return 2;
  return accumulation >= trace * threshold ? 1 : 0;
}
