/**
 * Directions on plateaus as InVEST finds them (invest-models.md sections 4.2 and 4.3): a plateau is searched breadth-first from its first cell in the
 * order of the scan, and from its drains, in the order in which they were found, a queue corrects distances in float64. The order decides between equal ways.
 * Only cells with equal heights are looked at, so plateaus may be settled in any order, each from its first cell.
 */
import { d8Code, offsetsOf, opposite, STEP } from '../routing/directions.ts';
import { IndexList } from '../routing/index-list.ts';
import { INVEST_OUTSIDE_CODES, MASK_SHARES } from '../routing/plateaus.ts';

/** What is known of a cell. */
export const SETTLED = 0;
/** It has no lower neighbour and no direction yet. */
export const FLAT = 1;
const SEARCHED_FLAT = 2;
const SEARCHED_DRAIN = 3;
/** Its plateau goes on beyond the window. */
export const LEFT_OPEN = 4;
/** A cell beside the window, of which nothing is known but its height. */
export const BEYOND = 5;

/** Blocks of the scan, in cells. */
const BLOCK = 256;

/** A window with one more cell on every side, row by row. */
export interface Plateaus {
  /** +Infinity outside. */
  readonly heights: Float32Array;
  /** Set for cells with a lower neighbour; made for the others. */
  readonly codes: Uint32Array;
  readonly marks: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Where the window lies in the grid, whose blocks decide the order. */
  readonly x: number;
  readonly y: number;
  readonly mfd: boolean;
}

/** Settles the plateaus that lie within the window; cells of others are left open. Stops after each block that had some. */
export function* settlePlateaus(plateaus: Plateaus): Generator<void> {
  const { marks, width, height, x: left, y: top } = plateaus;
  const pitch = width + 2;
  const search = new PlateauSearch(plateaus);
  for (let blockY = Math.floor(top / BLOCK) * BLOCK; blockY < top + height; blockY += BLOCK)
    for (let blockX = Math.floor(left / BLOCK) * BLOCK; blockX < left + width; blockX += BLOCK) {
      let found = false;
      const x0 = Math.max(blockX, left);
      const x1 = Math.min(blockX + BLOCK, left + width);
      for (let y = Math.max(blockY, top); y < Math.min(blockY + BLOCK, top + height); y++) {
        const row = (y - top + 1) * pitch - left + 1;
        for (let i = row + x0; i < row + x1; i++) {
          if (marks[i] !== FLAT) continue;
          search.settle(i);
          found = true;
        }
      }
      if (found) yield;
    }
}

class PlateauSearch {
  readonly #plateaus: Plateaus;
  readonly #offsets: readonly number[];
  readonly #cells = new IndexList();
  readonly #queue = new IndexList();
  #distances = new Float64Array(1024);
  #codes = new Uint32Array(1024);

  constructor(plateaus: Plateaus) {
    this.#plateaus = plateaus;
    this.#offsets = offsetsOf(plateaus.width + 2);
  }

  /** The plateau of a cell without a lower neighbour, the first of it in the scan. */
  settle(root: number): void {
    const { codes, marks, mfd } = this.#plateaus;
    const open = this.#search(root);
    const { items: cells, size } = this.#cells;
    if (open) {
      for (let k = 0; k < size; k++) marks[cells[k]] = marks[cells[k]] === SEARCHED_FLAT ? LEFT_OPEN : SETTLED;
      return;
    }
    this.#drains();
    this.#correct();
    if (mfd) this.#shares();
    for (let k = 0; k < size; k++) {
      if (marks[cells[k]] === SEARCHED_FLAT) codes[cells[k]] = this.#codes[k];
      marks[cells[k]] = SETTLED;
    }
  }

  /** Lists the cells, breadth-first; a flat cell's code is its place in the list meanwhile. Tells whether there are cells beyond the window. */
  #search(root: number): boolean {
    const { heights, codes, marks } = this.#plateaus;
    const offsets = this.#offsets;
    const level = heights[root];
    const list = this.#cells;
    let open = false;
    list.size = 0;
    list.push(root);
    marks[root] = SEARCHED_FLAT;
    for (let k = 0; k < list.size; k++) {
      const i = list.items[k];
      if (marks[i] === SEARCHED_FLAT) codes[i] = k;
      for (let d = 0; d < 8; d++) {
        const n = i + offsets[d];
        if (heights[n] !== level) continue;
        const mark = marks[n];
        if (mark === SETTLED) marks[n] = SEARCHED_DRAIN;
        else if (mark === FLAT) marks[n] = SEARCHED_FLAT;
        else {
          if (mark >= LEFT_OPEN) open = true;
          continue;
        }
        list.push(n);
      }
    }
    return open;
  }

  /** Queues the drains in the order of the search: cells with a lower neighbour, or else those that touch the outside. */
  #drains(): void {
    const { heights, marks, mfd } = this.#plateaus;
    const { items: cells, size } = this.#cells;
    const queue = this.#queue;
    if (this.#distances.length < size) {
      this.#distances = new Float64Array(2 * size);
      this.#codes = new Uint32Array(2 * size);
    }
    this.#distances.fill(Number.POSITIVE_INFINITY, 0, size);
    this.#codes.fill(0, 0, size);
    queue.size = 0;
    for (let k = 0; k < size; k++) if (marks[cells[k]] === SEARCHED_DRAIN) queue.push(cells[k]);
    if (queue.size > 0) return;
    for (let k = 0; k < size; k++) {
      let outside = 0;
      for (let d = 0; d < 8; d++)
        if (heights[cells[k] + this.#offsets[d]] === Number.POSITIVE_INFINITY) outside |= 1 << d;
      if (outside === 0) continue;
      this.#codes[k] = mfd ? MASK_SHARES[outside] : INVEST_OUTSIDE_CODES[outside];
      this.#distances[k] = 0;
      queue.push(cells[k]);
    }
  }

  /** A cell that gets nearer to a drain drains to where it got nearer from, and goes to the end of the queue. */
  #correct(): void {
    const { heights, codes, marks, mfd } = this.#plateaus;
    const offsets = this.#offsets;
    const distances = this.#distances;
    const queue = this.#queue;
    const level = heights[this.#cells.items[0]];
    for (let at = 0; at < queue.size; at++) {
      const i = queue.items[at];
      const distance = marks[i] === SEARCHED_DRAIN ? 0 : distances[codes[i]];
      for (let d = 0; d < 8; d++) {
        const n = i + offsets[d];
        if (heights[n] !== level || marks[n] === SEARCHED_DRAIN) continue;
        const place = codes[n];
        const through = distance + STEP[d];
        if (!(distances[place] > through)) continue;
        distances[place] = through;
        if (!mfd) this.#codes[place] = d8Code(opposite(d));
        queue.push(n);
      }
    }
  }

  /** MFD: to all that are nearer to a drain. */
  #shares(): void {
    const { heights, codes, marks } = this.#plateaus;
    const { items: cells, size } = this.#cells;
    const level = heights[cells[0]];
    for (let k = 0; k < size; k++) {
      const distance = this.#distances[k];
      if (marks[cells[k]] === SEARCHED_DRAIN || distance === 0) continue;
      let nearer = 0;
      for (let d = 0; d < 8; d++) {
        const n = cells[k] + this.#offsets[d];
        if (heights[n] !== level) continue;
        if (marks[n] === SEARCHED_DRAIN || this.#distances[codes[n]] < distance) nearer |= 1 << d;
      }
      this.#codes[k] = MASK_SHARES[nearer];
    }
  }
}
