/**
 * Steps to the nearest target, over all cells of a frame, kept up to date as targets drop out: then only those cells are looked at whose every
 * shortest way led to one of them.
 */
import { FAR } from './tile-cells.ts';

/** Steps of cells that nothing passes. */
const NEVER = -1;

export class StepsToTargets {
  /** FAR where there are more than `limit`; −1 where nothing passes. */
  readonly steps: Int32Array;
  readonly #offsets: Int32Array;
  readonly #limit: number;
  readonly #queue: Int32Array;
  readonly #starts: Int32Array;
  /** 1 where the steps are being found anew. */
  readonly #lost: Uint8Array;

  /** `passes`: not outside of the frame, nor in its ring. */
  constructor(cells: number, offsets: Int32Array, limit: number, passes: (cell: number) => boolean) {
    this.#offsets = offsets;
    this.#limit = limit;
    this.steps = new Int32Array(cells);
    for (let cell = 0; cell < cells; cell++) this.steps[cell] = passes(cell) ? FAR : NEVER;
    this.#queue = new Int32Array(cells);
    this.#starts = new Int32Array(cells);
    this.#lost = new Uint8Array(cells);
  }

  begin(targets: Int32Array): void {
    for (const cell of targets) this.steps[cell] = 0;
    this.#starts.set(targets);
    this.#spread(targets.length);
  }

  /** The first `count` of `cells` are targets no more. */
  drop(cells: Int32Array, count: number): void {
    const [steps, offsets, lost, queue, starts] = [this.steps, this.#offsets, this.#lost, this.#queue, this.#starts];
    let length = 0;
    for (let k = 0; k < count; k++) {
      lost[cells[k]] = 1;
      queue[length++] = cells[k];
    }
    // In the order of steps, so that all that are lost one step nearer are known by then.
    for (let at = 0; at < length; at++) {
      const cell = queue[at];
      const next = steps[cell] + 1;
      for (let d = 0; d < 8; d++) {
        const other = cell + offsets[d];
        if (steps[other] !== next || lost[other] === 1 || this.#leads(other, next - 1)) continue;
        lost[other] = 1;
        queue[length++] = other;
      }
    }
    let begun = 0;
    for (let at = 0; at < length; at++) {
      const cell = queue[at];
      let nearest = FAR;
      for (let d = 0; d < 8; d++) {
        const other = cell + offsets[d];
        if (lost[other] === 0 && steps[other] !== NEVER && steps[other] < nearest) nearest = steps[other];
      }
      steps[cell] = nearest < this.#limit ? nearest + 1 : FAR;
      // Others see its new steps only once it is no longer lost, which is when all have theirs.
      if (nearest < this.#limit) starts[begun++] = cell;
    }
    for (let at = 0; at < length; at++) lost[queue[at]] = 0;
    if (begun > 0) this.#spread(this.#inOrder(begun));
  }

  /** Whether a neighbour has so many steps that still hold. */
  #leads(cell: number, steps: number): boolean {
    for (let d = 0; d < 8; d++) {
      const other = cell + this.#offsets[d];
      if (this.steps[other] === steps && this.#lost[other] === 0) return true;
    }
    return false;
  }

  /** From cells whose steps are known, in the order of them, to all that they bring nearer. */
  #spread(begun: number): void {
    const [steps, offsets, queue, starts] = [this.steps, this.#offsets, this.#queue, this.#starts];
    let [at, length, start] = [0, 0, 0];
    while (at < length || start < begun) {
      const fromStart = start < begun && (at === length || steps[starts[start]] <= steps[queue[at]]);
      const cell = fromStart ? starts[start++] : queue[at++];
      const next = steps[cell] + 1;
      if (next > this.#limit) continue;
      for (let d = 0; d < 8; d++) {
        const other = cell + offsets[d];
        if (steps[other] <= next) continue;
        steps[other] = next;
        queue[length++] = other;
      }
    }
  }

  /** Sorts the starts by their steps. */
  #inOrder(count: number): number {
    const [steps, starts, queue] = [this.steps, this.#starts, this.#queue];
    let [low, high] = [FAR, 0];
    for (let k = 0; k < count; k++) {
      low = Math.min(low, steps[starts[k]]);
      high = Math.max(high, steps[starts[k]]);
    }
    const places = new Int32Array(high - low + 2);
    for (let k = 0; k < count; k++) places[steps[starts[k]] - low + 1]++;
    for (let k = 1; k < places.length; k++) places[k] += places[k - 1];
    queue.set(starts.subarray(0, count));
    for (let k = 0; k < count; k++) starts[places[steps[queue[k]] - low]++] = queue[k];
    return count;
  }
}
