/** Where the water of a square working grid goes: depressions filled by priority flood, one receiver per cell, upstream areas. */
import { makeHeap, pop, push } from './heap.ts';
import { hash } from './noise.ts';

export const STEP_X = Int32Array.of(1, 1, 0, -1, -1, -1, 0, 1);
export const STEP_Y = Int32Array.of(0, -1, -1, -1, 0, 1, 1, 1);
export const STEP_LENGTH = Float64Array.of(1, Math.SQRT2, 1, Math.SQRT2, 1, Math.SQRT2, 1, Math.SQRT2);

export interface Drainage {
  /** Height with every depression filled to its spill point; never rises downstream. */
  readonly filled: Float64Array;
  /** The cell that each cell drains to; −1 at outlets. */
  readonly receiver: Int32Array;
  /** All cells, each after its receiver. */
  readonly order: Int32Array;
}

/** Drains an n × n grid to its outlets. `seed` varies the choice between slopes a little, which bends straight rivers. */
export function drain(height: Float64Array, n: number, outlets: Uint8Array, seed: number): Drainage {
  const filled = new Float64Array(n * n);
  const receiver = new Int32Array(n * n).fill(-1);
  const order = new Int32Array(n * n);
  const parent = new Int32Array(n * n).fill(-1);
  const closed = new Uint8Array(n * n);
  const heap = makeHeap(8 * n);
  // Cells of a depression need no heap: they all stand at the level from which it was entered.
  const pit = new Int32Array(n * n);
  let pitFrom = 0;
  let pitTo = 0;
  for (let i = 0; i < n * n; i++) {
    if (!outlets[i]) continue;
    filled[i] = height[i];
    closed[i] = 1;
    push(heap, height[i], i);
  }
  let count = 0;
  while (pitFrom < pitTo || heap.length > 0) {
    const cell = pitFrom < pitTo ? pit[pitFrom++] : pop(heap);
    order[count++] = cell;
    const x = cell % n;
    const y = (cell - x) / n;
    for (let k = 0; k < 8; k++) {
      const nx = x + STEP_X[k];
      const ny = y + STEP_Y[k];
      if (nx < 0 || ny < 0 || nx >= n || ny >= n) continue;
      const next = ny * n + nx;
      if (closed[next]) continue;
      closed[next] = 1;
      parent[next] = cell;
      if (height[next] <= filled[cell]) {
        filled[next] = filled[cell];
        pit[pitTo++] = next;
      } else {
        filled[next] = height[next];
        push(heap, height[next], next);
      }
    }
  }
  for (let cell = 0; cell < n * n; cell++) {
    if (!outlets[cell]) receiver[cell] = steepest(filled, n, cell, parent[cell], seed);
  }
  return { filled, receiver, order: order.subarray(0, count) };
}

/** The neighbour with the steepest fall; where none is lower, `otherwise`. */
function steepest(filled: Float64Array, n: number, cell: number, otherwise: number, seed: number): number {
  const x = cell % n;
  const y = (cell - x) / n;
  // Four bits of the hash for each direction.
  const bits = hash(cell, n, seed);
  let best = 0;
  let choice = otherwise;
  for (let k = 0; k < 8; k++) {
    const nx = x + STEP_X[k];
    const ny = y + STEP_Y[k];
    if (nx < 0 || ny < 0 || nx >= n || ny >= n) continue;
    const next = ny * n + nx;
    const drop = filled[cell] - filled[next];
    if (drop <= 0) continue;
    const slope = (drop / STEP_LENGTH[k]) * (0.7 + 0.04 * ((bits >>> (4 * k)) & 15));
    if (slope > best) {
      best = slope;
      choice = next;
    }
  }
  return choice;
}

/** Adds every cell's amount to all cells downstream of it; changes and returns `amount`. */
export function accumulate(amount: Float64Array, { receiver, order }: Drainage): Float64Array {
  for (let k = order.length - 1; k >= 0; k--) {
    const cell = order[k];
    if (receiver[cell] >= 0) amount[receiver[cell]] += amount[cell];
  }
  return amount;
}
