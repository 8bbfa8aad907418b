/** Eigenvalues and vectors of a small symmetric matrix by Jacobi's rotations, in float64. */

export interface Eigenpair {
  readonly value: number;
  /** Of length 1; its component of the largest magnitude (the first of equal ones) is positive. */
  readonly vector: Float64Array;
}

const MOST_SWEEPS = 100;

/** `matrix`: row by row, `size` × `size`. The largest value first. */
export function eigenpairs(matrix: Float64Array, size: number): Eigenpair[] {
  const a = matrix.slice();
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i++) v[i * size + i] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS && outside(a, size) > 0; sweep++)
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q);
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => a[j * size + j] - a[i * size + i] || i - j);
  return order.map((column) => {
    const vector = Float64Array.from({ length: size }, (_, row) => v[row * size + column]);
    let largest = 0;
    for (let i = 1; i < size; i++) if (Math.abs(vector[i]) > Math.abs(vector[largest])) largest = i;
    if (vector[largest] < 0) for (let i = 0; i < size; i++) vector[i] = -vector[i];
    return { value: a[column * size + column], vector };
  });
}

/** What is left beside the diagonal, where it still counts against it. */
function outside(a: Float64Array, size: number): number {
  let [off, diagonal] = [0, 0];
  for (let i = 0; i < size; i++) {
    diagonal = Math.max(diagonal, Math.abs(a[i * size + i]));
    for (let j = 0; j < i; j++) off = Math.max(off, Math.abs(a[i * size + j]));
  }
  return off > 1e-18 * diagonal ? off : 0;
}

/** Turns rows and columns p and q so that a_pq becomes 0. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q];
  if (apq === 0) return;
  const theta = (a[q * size + q] - a[p * size + p]) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  const turn = (m: Float64Array, i: number, j: number) => {
    const [x, y] = [m[i], m[j]];
    m[i] = c * x - s * y;
    m[j] = s * x + c * y;
  };
  for (let k = 0; k < size; k++) turn(a, k * size + p, k * size + q);
  for (let k = 0; k < size; k++) turn(a, p * size + k, q * size + k);
  for (let k = 0; k < size; k++) turn(v, k * size + p, k * size + q);
  a[p * size + q] = 0;
  a[q * size + p] = 0;
}
