/** Amounts as whole numbers of a quantum (flow.md section 1), and parts of them that add up to the whole. */
import { roundHalfEven } from '../../reference/round.ts';

/** Every cell has fewer quanta. */
export const MOST_QUANTA = 2 ** 24;
/** Sums have fewer: float64 has all whole numbers below. */
export const MOST_TOTAL = 2 ** 53;

/** `largest`: of all values of supply and demand; `whole`: whether all are whole numbers. */
export function quantumOf(largest: number, whole: boolean): number {
  if (largest === 0 || (whole && largest < MOST_QUANTA)) return 1;
  return 2 ** (Math.floor(Math.log2(largest)) - 23);
}

/** Quanta of an amount. */
export function quantaOf(amount: number, quantum: number): number {
  return roundHalfEven(amount / quantum);
}

/** Quotient of whole numbers below 2^53 and 256, rounded down: the quotient of floats may be rounded up to the next whole number. */
export function quotient(amount: number, parts: number): number {
  const estimate = Math.floor(amount / parts);
  return amount - estimate * parts < 0 ? estimate - 1 : estimate;
}

/** What the direction gets of an amount that goes in equal parts to those in `mask` (one bit each): the first get what is left over. */
export function equalPart(amount: number, mask: number, direction: number): number {
  const parts = BITS_SET[mask];
  const each = quotient(amount, parts);
  return BITS_SET[mask & ((1 << direction) - 1)] < amount - each * parts ? each + 1 : each;
}

export const BITS_SET = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let bits = byte; bits !== 0; bits &= bits - 1) count++;
  return count;
});

/** floor(amount · share / sum) for amounts below 2^53 and sums below 256: no product exceeds what float64 holds. */
function partOf(amount: number, share: number, sum: number): number {
  const each = quotient(amount, sum);
  return each * share + Math.floor(((amount - each * sum) * share) / sum);
}

/**
 * What the direction gets of an amount that goes out by the shares of a flow code (eight of four bits, not all 0): rounded down, and what is
 * left over in quanta to the first directions that have a share.
 */
export function sharedPart(amount: number, code: number, direction: number): number {
  const own = (code >>> (4 * direction)) & 15;
  if (own === 0) return 0;
  let sum = 0;
  for (let shift = 0; shift < 32; shift += 4) sum += (code >>> shift) & 15;
  if (own === sum) return amount;
  let given = 0;
  let earlier = 0;
  for (let d = 0; d < 8; d++) {
    const share = (code >>> (4 * d)) & 15;
    if (share === 0) continue;
    given += partOf(amount, share, sum);
    if (d < direction) earlier++;
  }
  return partOf(amount, own, sum) + (earlier < amount - given ? 1 : 0);
}

/** Losses of a step are counted in these parts. */
export const RETENTION_PARTS = 2 ** 16;

/** The share of a step that is lost, in those parts. */
export function lostParts(retention: number): number {
  return roundHalfEven(retention * RETENTION_PARTS);
}

/** floor(amount · (parts − lost) / parts), parts being 2^16, for amounts below 2^53. */
export function keptAfterStep(amount: number, lost: number): number {
  const kept = RETENTION_PARTS - lost;
  const high = Math.floor(amount / RETENTION_PARTS);
  return high * kept + Math.floor(((amount - high * RETENTION_PARTS) * kept) / RETENTION_PARTS);
}
