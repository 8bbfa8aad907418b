/**
 * The grid on which the country is laid out before it is painted at the wanted size: N × N points over the whole extent, whatever
 * the size, so that a larger region is a finer map of the same place. Coordinates of it are in its cells, centres at k + 0.5.
 */

export const N = 512;
/** Kilometres per cell, nominally: the extent is within a few per cent of 256 km at every size. */
export const CELL_KM = 0.5;

/** Bilinear value at (x, y), clamped at the rim. */
export function bilinear(field: Float32Array, x: number, y: number): number {
  const gx = x < 0.5 ? 0 : x > N - 0.5 ? N - 1 : x - 0.5;
  const gy = y < 0.5 ? 0 : y > N - 0.5 ? N - 1 : y - 0.5;
  const x0 = gx | 0;
  const y0 = gy | 0;
  const i = y0 * N + x0;
  const right = x0 < N - 1 ? 1 : 0;
  const down = y0 < N - 1 ? N : 0;
  const top = field[i] + (field[i + right] - field[i]) * (gx - x0);
  const bottom = field[i + down] + (field[i + down + right] - field[i + down]) * (gx - x0);
  return top + (bottom - top) * (gy - y0);
}

/** Bicubic (Catmull-Rom) value at (x, y): passes through the points and has no creases, which hill shading would show. */
export function bicubic(field: ArrayLike<number>, n: number, x: number, y: number): number {
  const gx = x - 0.5;
  const gy = y - 0.5;
  const x0 = Math.floor(gx);
  const y0 = Math.floor(gy);
  const a = index(x0 - 1, n);
  const b = index(x0, n);
  const c = index(x0 + 1, n);
  const d = index(x0 + 2, n);
  const fx = gx - x0;
  const fy = gy - y0;
  const r0 = index(y0 - 1, n) * n;
  const r1 = index(y0, n) * n;
  const r2 = index(y0 + 1, n) * n;
  const r3 = index(y0 + 2, n) * n;
  return cubic(
    cubic(field[r0 + a], field[r0 + b], field[r0 + c], field[r0 + d], fx),
    cubic(field[r1 + a], field[r1 + b], field[r1 + c], field[r1 + d], fx),
    cubic(field[r2 + a], field[r2 + b], field[r2 + c], field[r2 + d], fx),
    cubic(field[r3 + a], field[r3 + b], field[r3 + c], field[r3 + d], fx),
    fy,
  );
}

function index(k: number, n: number): number {
  return k < 0 ? 0 : k >= n ? n - 1 : k;
}

function cubic(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

/** Mean over a (2r + 1)² window by running sums, cut at the rim. */
export function boxMean(field: Float32Array, radius: number): Float32Array {
  const pass = (from: Float32Array, step: number, across: number): Float32Array => {
    const to = new Float32Array(N * N);
    for (let line = 0; line < N; line++) {
      const base = line * across;
      let sum = 0;
      let count = 0;
      for (let k = -radius; k < N; k++) {
        if (k + radius < N) {
          sum += from[base + (k + radius) * step];
          count++;
        }
        if (k - radius - 1 >= 0) {
          sum -= from[base + (k - radius - 1) * step];
          count--;
        }
        if (k >= 0) to[base + k * step] = sum / count;
      }
    }
    return to;
  };
  return pass(pass(field, 1, N), N, 1);
}
