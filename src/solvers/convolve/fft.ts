/**
 * Complex Fourier transforms of many lines at once: element i of line b at [i · lanes + b], real and imaginary parts apart. In place, by
 * radix 4: forward from natural to digit-reversed order, backward from there to natural order, without a reordering between them.
 */

export interface FftPlan {
  /** A power of two. */
  readonly length: number;
  /** cos and −sin of 2π k / length, k below length. */
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
}

const plans = new Map<number, FftPlan>();

export function fftPlan(length: number): FftPlan {
  let plan = plans.get(length);
  if (!plan) {
    const cosine = new Float64Array(length);
    const sine = new Float64Array(length);
    for (let k = 0; k < length; k++) {
      cosine[k] = Math.cos((2 * Math.PI * k) / length);
      sine[k] = -Math.sin((2 * Math.PI * k) / length);
    }
    plan = { length, cosine, sine };
    plans.set(length, plan);
  }
  return plan;
}

/** The frequency at each place after `forward`. */
export function frequencyOrder(length: number): Uint32Array {
  if (length === 1) return new Uint32Array(1);
  const radix = length >= 4 ? 4 : 2;
  const part = frequencyOrder(length / radix);
  const order = new Uint32Array(length);
  for (let r = 0; r < radix; r++)
    for (let k = 0; k < part.length; k++) order[r * part.length + k] = r + radix * part[k];
  return order;
}

/** `at`: where the lines begin in the arrays. */
export function forward(plan: FftPlan, re: Float64Array, im: Float64Array, lanes: number, at = 0): void {
  const { length, cosine, sine } = plan;
  let size = length;
  for (; size >= 4; size /= 4) {
    const quarter = size / 4;
    const stride = length / size;
    const span = quarter * lanes;
    for (let k = 0; k < quarter; k++) {
      const [c1, s1] = [cosine[k * stride], sine[k * stride]];
      const [c2, s2] = [cosine[2 * k * stride], sine[2 * k * stride]];
      const [c3, s3] = [cosine[3 * k * stride], sine[3 * k * stride]];
      for (let group = k; group < length; group += size) {
        const start = at + group * lanes;
        if (k === 0) forwardPlain(re, im, start, span, lanes);
        else forwardTurned(re, im, start, span, lanes, c1, s1, c2, s2, c3, s3);
      }
    }
  }
  if (size === 2) pairs(re, im, at, length, lanes);
}

/** Without the factor 1 / length. */
export function backward(plan: FftPlan, re: Float64Array, im: Float64Array, lanes: number, at = 0): void {
  const { length, cosine, sine } = plan;
  let size = 4;
  if (Math.log2(length) % 2 === 1) {
    pairs(re, im, at, length, lanes);
    size = 8;
  }
  for (; size <= length; size *= 4) {
    const quarter = size / 4;
    const stride = length / size;
    const span = quarter * lanes;
    for (let k = 0; k < quarter; k++) {
      const [c1, s1] = [cosine[k * stride], -sine[k * stride]];
      const [c2, s2] = [cosine[2 * k * stride], -sine[2 * k * stride]];
      const [c3, s3] = [cosine[3 * k * stride], -sine[3 * k * stride]];
      for (let group = k; group < length; group += size) {
        const start = at + group * lanes;
        if (k === 0) backwardPlain(re, im, start, span, lanes);
        else backwardTurned(re, im, start, span, lanes, c1, s1, c2, s2, c3, s3);
      }
    }
  }
}

function forwardPlain(re: Float64Array, im: Float64Array, start: number, span: number, lanes: number): void {
  for (let i = start, end = start + lanes; i < end; i++) {
    const j = i + span;
    const k = j + span;
    const l = k + span;
    const ar = re[i] + re[k];
    const ai = im[i] + im[k];
    const br = re[i] - re[k];
    const bi = im[i] - im[k];
    const cr = re[j] + re[l];
    const ci = im[j] + im[l];
    const dr = im[j] - im[l]; // −i times the difference
    const di = re[l] - re[j];
    re[i] = ar + cr;
    im[i] = ai + ci;
    re[j] = br + dr;
    im[j] = bi + di;
    re[k] = ar - cr;
    im[k] = ai - ci;
    re[l] = br - dr;
    im[l] = bi - di;
  }
}

function forwardTurned(
  re: Float64Array,
  im: Float64Array,
  start: number,
  span: number,
  lanes: number,
  c1: number,
  s1: number,
  c2: number,
  s2: number,
  c3: number,
  s3: number,
): void {
  for (let i = start, end = start + lanes; i < end; i++) {
    const j = i + span;
    const k = j + span;
    const l = k + span;
    const ar = re[i] + re[k];
    const ai = im[i] + im[k];
    const br = re[i] - re[k];
    const bi = im[i] - im[k];
    const cr = re[j] + re[l];
    const ci = im[j] + im[l];
    const dr = im[j] - im[l];
    const di = re[l] - re[j];
    re[i] = ar + cr;
    im[i] = ai + ci;
    const xr = br + dr;
    const xi = bi + di;
    re[j] = xr * c1 - xi * s1;
    im[j] = xr * s1 + xi * c1;
    const yr = ar - cr;
    const yi = ai - ci;
    re[k] = yr * c2 - yi * s2;
    im[k] = yr * s2 + yi * c2;
    const zr = br - dr;
    const zi = bi - di;
    re[l] = zr * c3 - zi * s3;
    im[l] = zr * s3 + zi * c3;
  }
}

function backwardPlain(re: Float64Array, im: Float64Array, start: number, span: number, lanes: number): void {
  for (let i = start, end = start + lanes; i < end; i++) {
    const j = i + span;
    const k = j + span;
    const l = k + span;
    const ar = re[i] + re[k];
    const ai = im[i] + im[k];
    const br = re[i] - re[k];
    const bi = im[i] - im[k];
    const cr = re[j] + re[l];
    const ci = im[j] + im[l];
    const dr = im[l] - im[j]; // i times the difference
    const di = re[j] - re[l];
    re[i] = ar + cr;
    im[i] = ai + ci;
    re[j] = br + dr;
    im[j] = bi + di;
    re[k] = ar - cr;
    im[k] = ai - ci;
    re[l] = br - dr;
    im[l] = bi - di;
  }
}

function backwardTurned(
  re: Float64Array,
  im: Float64Array,
  start: number,
  span: number,
  lanes: number,
  c1: number,
  s1: number,
  c2: number,
  s2: number,
  c3: number,
  s3: number,
): void {
  for (let i = start, end = start + lanes; i < end; i++) {
    const j = i + span;
    const k = j + span;
    const l = k + span;
    const xr = re[j] * c1 - im[j] * s1;
    const xi = re[j] * s1 + im[j] * c1;
    const yr = re[k] * c2 - im[k] * s2;
    const yi = re[k] * s2 + im[k] * c2;
    const zr = re[l] * c3 - im[l] * s3;
    const zi = re[l] * s3 + im[l] * c3;
    const ar = re[i] + yr;
    const ai = im[i] + yi;
    const br = re[i] - yr;
    const bi = im[i] - yi;
    const cr = xr + zr;
    const ci = xi + zi;
    const dr = zi - xi;
    const di = xr - zr;
    re[i] = ar + cr;
    im[i] = ai + ci;
    re[j] = br + dr;
    im[j] = bi + di;
    re[k] = ar - cr;
    im[k] = ai - ci;
    re[l] = br - dr;
    im[l] = bi - di;
  }
}

/** Butterflies of radix 2 over neighbours. */
function pairs(re: Float64Array, im: Float64Array, at: number, length: number, lanes: number): void {
  for (let group = 0; group < length; group += 2) {
    const start = at + group * lanes;
    for (let i = start, end = start + lanes; i < end; i++) {
      const j = i + lanes;
      const [ar, ai, br, bi] = [re[i], im[i], re[j], im[j]];
      re[i] = ar + br;
      im[i] = ai + bi;
      re[j] = ar - br;
      im[j] = ai - bi;
    }
  }
}
