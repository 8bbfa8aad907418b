/** Twin of shaders/lib/u64.wgsl: 64-bit counters as (low, high) words, here as BigInt. */

const MASK = 0xffff_ffff_ffff_ffffn;

export function u64FromWords(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

export function u64Words(value: bigint): [low: number, high: number] {
  return [Number(value & 0xffff_ffffn), Number((value >> 32n) & 0xffff_ffffn)];
}

export function u64Add(a: bigint, b: bigint): bigint {
  return (a + b) & MASK;
}

/** Four 16-bit limbs, lowest first. */
export function u64Limbs(value: bigint): [number, number, number, number] {
  const limb = (i: bigint) => Number((value >> (16n * i)) & 0xffffn);
  return [limb(0n), limb(1n), limb(2n), limb(3n)];
}

/** Limbs that have been added up, each below 2^32, carried into one value. */
export function u64FromLimbs(limbs: ArrayLike<number>): bigint {
  return Array.from(limbs).reduce((sum, limb, i) => (sum + (BigInt(limb >>> 0) << BigInt(16 * i))) & MASK, 0n);
}
