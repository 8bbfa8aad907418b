/** Operands of the self-test: the awkward ones by hand, the rest from a fixed random sequence. */
import { NODATA } from '../core/cells.ts';

/** Marsaglia's xorshift: uniform in [0, 1), the same numbers everywhere. */
export function randomNumbers(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** f32 operands (a, b), one pair after the other; no sum or product overflows and no error term is subnormal. */
export function exactPairs(count: number, random: () => number): Float32Array<ArrayBuffer> {
  const special = [
    0,
    1,
    1 + 2 ** -23,
    1 - 2 ** -24,
    2 - 2 ** -23,
    0.1,
    1 / 3,
    4095,
    4097,
    8193,
    2 ** 24 - 1,
    2 ** 30,
    2 ** -30,
  ];
  const signed = special.flatMap((value) => [value, -value]);
  const pairs: number[] = signed.flatMap((a) => signed.flatMap((b) => [a, b]));
  const scaled = (range: number) =>
    (0.5 + random() / 2) * (random() < 0.5 ? -1 : 1) * 2 ** Math.round((random() * 2 - 1) * range);
  while (pairs.length < 2 * count) {
    const a = scaled(24);
    const kind = random();
    // Unrelated sizes; nearly opposite, so that everything cancels; around a tie in the last place of a.
    if (kind < 0.6) pairs.push(a, scaled(24));
    else if (kind < 0.8) pairs.push(a, -a * (1 + Math.round(random() * 64 - 32) * 2 ** -23));
    else pairs.push(a, 2 ** (Math.floor(Math.log2(Math.abs(a))) - 24) * (1 + Math.round(random() * 2 - 1) * 2 ** -12));
  }
  return new Float32Array(pairs.slice(0, 2 * count));
}

/** Arguments of exp, of log, and base and exponent of pow, four by four, over the domains that shaders/lib/math.wgsl promises. */
export function functionArguments(count: number, random: () => number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(4 * count);
  for (let i = 0; i < count; i++) {
    const near = i % 3 === 0;
    const signedUnit = random() * 2 - 1;
    // ln 2 / 2 is where the reduction of exp changes; 1 is where log cancels.
    out[4 * i] = near ? signedUnit * 0.35 : -87.3 + random() * 176;
    out[4 * i + 1] = near ? 1 + signedUnit * 2 ** (-1 - 22 * random()) : 2 ** (random() * 253 - 125.9);
    const base = Math.fround(near ? 1 + signedUnit * 0.5 : 2 ** (random() * 225.5 - 126));
    const reach = Math.min(79.9 / Math.abs(Math.log(base) || 1), 1e6);
    out[4 * i + 2] = base;
    out[4 * i + 3] = i % 2 === 0 ? reach * (random() * 2 - 1) : Math.min(reach, 5) * random();
  }
  return out;
}

/** The sentinel, its neighbours, and other values that a driver might be tempted to change. */
export const SENTINEL_VALUES = new Float32Array([
  NODATA,
  -NODATA,
  NODATA * (1 - 2 ** -23),
  0,
  -0,
  1,
  -1,
  2 ** -126,
  -(2 ** -126),
  1e38,
  -1e38,
  NODATA,
]);

/** 64-bit operands as words (a.low, a.high, b.low, b.high), with all carries and ties among the first. */
export function counterPairs(count: number, random: () => number): Uint32Array<ArrayBuffer> {
  const words = [0, 1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];
  const out = new Uint32Array(4 * count);
  for (let i = 0; i < out.length; i++) {
    out[i] = random() < 0.5 ? words[Math.floor(random() * words.length)] : Math.floor(random() * 2 ** 32);
  }
  for (let i = 0; i < count; i += 8) out.copyWithin(4 * i + 2, 4 * i, 4 * i + 2);
  return out;
}
