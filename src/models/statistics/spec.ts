import { NODATA } from '../../core/cells.ts';
import { defineModel } from '../../core/model.ts';
import type { Values } from '../../core/values.ts';

/** Cells that one workgroup of shaders/models/statistics.wgsl reduces. */
const BLOCK = { width: 256, height: 16 } as const;

/**
 * Count, range and sum of a plane, the same on every device and for every tiling. The sum adds integers of a quantum, which the
 * range of the whole raster gives: a power of two with |x| ≤ 2^30 quanta, so rounding a cell errs by at most max|x| / 2^31.
 */
export const statistics = defineModel({
  id: 'statistics',
  title: 'Count, range and sum',
  about: 'Count, smallest, largest, sum and mean of the valid cells.',
  equations: [
    '(1) q = round(x / quantum),  quantum = 2^(⌈log2 max|x|⌉ − 30)',
    '(2) sum = quantum · Σ q,  mean = sum / count',
  ],
  sources: ['gpu-algorithms.md 0.1'],
  inputs: { values: { about: 'the plane', unit: 'any', kind: 'density' } },
  params: { inverse_quantum: { about: '1 / quantum', unit: 'any', default: 1 } },
  outputs: {},
  stages: [
    {
      reduce: 'range',
      block: BLOCK,
      empty: { count: 0, low: -NODATA, high: NODATA },
      merge: (a, b) => ({ count: a.count + b.count, low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) }),
      finish: (range) => ({ ...range, middle: (range.low + range.high) / 2, inverse_quantum: 1 / quantumOf(range) }),
    },
    {
      reduce: 'sum',
      block: BLOCK,
      empty: { count: 0, high_part: 0, low_part: 0 },
      merge: (a, b) => ({
        count: a.count + b.count,
        high_part: a.high_part + b.high_part, // below 2^53 up to 10^11 cells, so exact
        low_part: a.low_part + b.low_part,
      }),
      finish: ({ count, high_part, low_part }, { inverse_quantum }) => {
        const sum = Number(BigInt(high_part) * 65536n + BigInt(low_part)) / inverse_quantum;
        return { count, sum, mean: count === 0 ? Number.NaN : sum / count };
      },
    },
  ],
  tolerance: { rtol: 0, atol: 0, because: 'integers' },
  internal: true,
});

/** Quantum for a range; its exponent stays where float32 holds both it and its inverse. */
function quantumOf({ count, low, high }: Values): number {
  const largest = count === 0 ? 0 : Math.max(Math.abs(low), Math.abs(high));
  if (largest === 0) return 1;
  const exponent = Math.ceil(Math.log2(largest)) - 30;
  return 2 ** Math.min(Math.max(exponent, -126), 126);
}
