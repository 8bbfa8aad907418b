/**
 * Samples as whole numbers of a quantum: a power of two with the largest |x| of a feature below 2^30 of it. A number errs by at most
 * max|x| / 2^31, and sums and products of any order are exact (gpu-algorithms.md 0.1).
 */
import { roundHalfEven } from '../../reference/round.ts';

/** Rows of one task: sums of so many numbers, and of their products in halves, stay below 2^53. */
export const MOST_ROWS = 2 ** 20;

/** A power of two; 1 where everything is 0. */
export function quantumOf(largest: number): number {
  return largest === 0 ? 1 : 2 ** Math.max(-1000, Math.ceil(Math.log2(largest)) - 30);
}

/** In place: float32 numbers x to the integers round((x − offset) / divisor / quantum) of their feature. */
export function toQuanta(
  values: Float32Array,
  features: number,
  { offset, divisor, quantum }: Affine,
): Int32Array<ArrayBuffer> {
  const out = new Int32Array(values.buffer as ArrayBuffer, values.byteOffset, values.length);
  for (let f = 0; f < features; f++) {
    const [from, by, inverse] = [offset[f], divisor[f], 1 / quantum[f]];
    for (let i = f; i < values.length; i += features) out[i] = roundHalfEven(((values[i] - from) / by) * inverse);
  }
  return out;
}

/** What is done to each feature. */
export interface Affine {
  readonly offset: Float64Array;
  readonly divisor: Float64Array;
  readonly quantum: Float64Array;
}

/** Σ q_a by feature, then for each pair a ≤ b the sums of the products of upper halves, of both kinds of mixed ones, of lower halves. */
export function momentsOf(rows: Int32Array, features: number): Float64Array {
  const out = new Float64Array(momentCount(features));
  const [upper, lower] = [new Float64Array(features), new Float64Array(features)];
  for (let i = 0; i < rows.length; i += features) {
    for (let f = 0; f < features; f++) {
      const q = rows[i + f];
      out[f] += q;
      upper[f] = q >> 15;
      lower[f] = q & 0x7fff;
    }
    let at = features;
    for (let a = 0; a < features; a++)
      for (let b = a; b < features; b++, at += 3) {
        out[at] += upper[a] * upper[b];
        out[at + 1] += upper[a] * lower[b] + lower[a] * upper[b];
        out[at + 2] += lower[a] * lower[b];
      }
  }
  return out;
}

export function momentCount(features: number): number {
  return features + (3 * features * (features + 1)) / 2;
}

/** The same for one feature after the other, without mixed products: Σ q and the three of Σ q². */
export function ownMoments(rows: Int32Array, features: number): Float64Array {
  const out = new Float64Array(4 * features);
  for (let f = 0; f < features; f++) {
    let sum = 0;
    let upper = 0;
    let mixed = 0;
    let lower = 0;
    for (let i = f; i < rows.length; i += features) {
      const q = rows[i];
      const high = q >> 15;
      const low = q & 0x7fff;
      sum += q;
      upper += high * high;
      mixed += 2 * high * low;
      lower += low * low;
    }
    out.set([sum, upper, mixed, lower], 4 * f);
  }
  return out;
}

/** Σ q_a q_b from its three sums. */
export function productOf(upper: bigint, mixed: bigint, lower: bigint): bigint {
  return (upper << 30n) + (mixed << 15n) + lower;
}
