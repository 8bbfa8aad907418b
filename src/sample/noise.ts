/**
 * Randomness and shapes of the sample region: integer hashes, gradient noise and smooth ramps. Only additions, products, quotients
 * and square roots of doubles are used, so every machine draws the same map.
 */

/** A well-mixed 32-bit hash of a lattice point. */
export function hash(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The same as a number in [0, 1). */
export function chance(x: number, y: number, seed: number): number {
  return hash(x, y, seed) / 4294967296;
}

/** A stream of numbers in [0, 1). */
export function randomStream(seed: number): () => number {
  let count = 0;
  return () => chance(count++, 0x51ed27, seed);
}

const GRADIENT_X = Float64Array.of(1, -1, 1, -1, Math.SQRT2, -Math.SQRT2, 0, 0);
const GRADIENT_Y = Float64Array.of(1, 1, -1, -1, 0, 0, Math.SQRT2, -Math.SQRT2);

/** Gradient noise with features of size 1: about −1..1, mean 0, standard deviation near 0.35. */
export function noise(x: number, y: number, seed: number): number {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const fx = x - x0;
  const fy = y - y0;
  const a = hash(x0, y0, seed) & 7;
  const b = hash(x0 + 1, y0, seed) & 7;
  const c = hash(x0, y0 + 1, seed) & 7;
  const d = hash(x0 + 1, y0 + 1, seed) & 7;
  const na = GRADIENT_X[a] * fx + GRADIENT_Y[a] * fy;
  const nb = GRADIENT_X[b] * (fx - 1) + GRADIENT_Y[b] * fy;
  const nc = GRADIENT_X[c] * fx + GRADIENT_Y[c] * (fy - 1);
  const nd = GRADIENT_X[d] * (fx - 1) + GRADIENT_Y[d] * (fy - 1);
  const u = fx * fx * fx * (fx * (fx * 6 - 15) + 10);
  const v = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
  const top = na + (nb - na) * u;
  return top + (nc + (nd - nc) * u - top) * v;
}

/** Sum of octaves, each half as large and as high as the one before; the first has features of size 1. */
export function fractal(x: number, y: number, octaves: number, seed: number): number {
  let sum = 0;
  let height = 1;
  for (let octave = 0; octave < octaves; octave++) {
    sum += height * noise(x, y, seed + octave);
    // The shift keeps the lattice points of the octaves, where noise is 0, from coinciding.
    x = 2 * x + 17.31;
    y = 2 * y + 5.77;
    height *= 0.5;
  }
  return sum;
}

/** Sharp crests, 0..1: octaves of 1 − |noise|, the finer ones only where the coarser are high. */
export function ridged(x: number, y: number, octaves: number, seed: number): number {
  let sum = 0;
  let weight = 1;
  let height = 0.5;
  for (let octave = 0; octave < octaves; octave++) {
    const crest = 1 - Math.abs(noise(x, y, seed + octave));
    const signal = crest * crest * weight;
    sum += signal * height;
    weight = Math.min(1, signal * 1.6);
    x = 2 * x + 17.31;
    y = 2 * y + 5.77;
    height *= 0.5;
  }
  return Math.min(1, sum);
}

/** 0 up to `from`, 1 from `to`, smooth between. */
export function ramp(from: number, to: number, x: number): number {
  const t = clamp((x - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
}

export function clamp(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}

/** Close to e^−x for x ≥ 0 (a little above it in the tail), without the platform's exp. */
export function fade(x: number): number {
  let y = 1 / (1 + x / 128);
  for (let square = 0; square < 7; square++) y *= y;
  return y;
}

/** A smooth bump: 1 at the centre, 0 from distance 1. */
export function bump(dx: number, dy: number): number {
  const inside = 1 - dx * dx - dy * dy;
  return inside <= 0 ? 0 : inside * inside * (3 - 2 * inside);
}
