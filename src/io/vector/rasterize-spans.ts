/**
 * Cells of a grid as runs along its rows: what a rasterised polygon is kept as. Small (two numbers for each run), quick to cut to any
 * window, plain arrays, so that it travels to worker threads. The same whatever window is asked for.
 */
import type { Window } from '../../core/grid.ts';

export interface CellSpans {
  /** The least rectangle that holds every cell; width and height 0 where there is none. */
  readonly bounds: Window;
  /** Row `bounds.y + i` has the spans `starts[i]` to `starts[i + 1]`: one more than there are rows. */
  readonly starts: Uint32Array;
  /** Pairs: first column of the grid and the one after the last; ascending in each row, apart from one another. */
  readonly columns: Int32Array;
}

const NO_CELLS: CellSpans = {
  bounds: { x: 0, y: 0, width: 0, height: 0 },
  starts: new Uint32Array(1),
  columns: new Int32Array(0),
};

/** Most rows have a few runs, nearly in order: beyond this insertion is no longer the fastest way to sort them. */
const MANY = 32;

/** Sorts a short list in place, ascending. */
export function sortColumns(columns: Int32Array, begin: number, end: number): void {
  if (end - begin > MANY) {
    columns.subarray(begin, end).sort();
    return;
  }
  for (let i = begin + 1; i < end; i++) {
    const column = columns[i];
    let at = i;
    for (; at > begin && columns[at - 1] > column; at--) columns[at] = columns[at - 1];
    columns[at] = column;
  }
}

/** Runs as they are found, in any order, overlapping or not. */
export class SpanList {
  #runs = new Int32Array(96);
  #length = 0;

  /** Columns `from` to before `to` of a row; nothing where there are none. */
  add(row: number, from: number, to: number): void {
    if (from >= to) return;
    if (this.#length === this.#runs.length) {
      const larger = new Int32Array(2 * this.#runs.length);
      larger.set(this.#runs);
      this.#runs = larger;
    }
    this.#runs[this.#length++] = row;
    this.#runs[this.#length++] = from;
    this.#runs[this.#length++] = to;
  }

  /** The union of all runs. */
  toSpans(): CellSpans {
    const runs = this.#runs.subarray(0, this.#length);
    if (runs.length === 0) return NO_CELLS;
    let [y, last] = [runs[0], runs[0]];
    for (let i = 3; i < runs.length; i += 3) {
      if (runs[i] < y) y = runs[i];
      if (runs[i] > last) last = runs[i];
    }
    const height = last - y + 1;
    const { begins, pairs } = byRow(runs, y, height);

    // Join what overlaps or touches, row by row, in place.
    const starts = new Uint32Array(height + 1);
    let [x, right, kept] = [Infinity, -Infinity, 0];
    for (let row = 0; row < height; row++) {
      starts[row] = kept;
      sortPairs(pairs, begins[row], begins[row + 1]);
      for (let i = begins[row]; i < begins[row + 1]; i++) {
        const [from, to] = [pairs[2 * i], pairs[2 * i + 1]];
        if (kept > starts[row] && from <= pairs[2 * kept - 1]) {
          if (to > pairs[2 * kept - 1]) pairs[2 * kept - 1] = to;
        } else {
          pairs[2 * kept] = from;
          pairs[2 * kept + 1] = to;
          kept++;
        }
      }
      if (kept > starts[row]) {
        x = Math.min(x, pairs[2 * starts[row]]);
        right = Math.max(right, pairs[2 * kept - 1]);
      }
    }
    starts[height] = kept;
    return { bounds: { x, y, width: right - x, height }, starts, columns: pairs.slice(0, 2 * kept) };
  }
}

/** Sorts runs into their rows: those of row i are pairs `begins[i]` to `begins[i + 1]`. */
function byRow(runs: Int32Array, y: number, height: number): { begins: Uint32Array; pairs: Int32Array } {
  const begins = new Uint32Array(height + 1);
  for (let i = 0; i < runs.length; i += 3) begins[runs[i] - y + 1]++;
  for (let row = 0; row < height; row++) begins[row + 1] += begins[row];
  const next = begins.slice();
  const pairs = new Int32Array((2 * runs.length) / 3);
  for (let i = 0; i < runs.length; i += 3) {
    const at = next[runs[i] - y]++;
    pairs[2 * at] = runs[i + 1];
    pairs[2 * at + 1] = runs[i + 2];
  }
  return { begins, pairs };
}

/** By first column. */
function sortPairs(pairs: Int32Array, begin: number, end: number): void {
  if (end - begin > MANY) {
    const sorted = Array.from({ length: end - begin }, (_, i) => pairs.slice(2 * (begin + i), 2 * (begin + i) + 2));
    sorted.sort((a, b) => a[0] - b[0]);
    for (const [i, pair] of sorted.entries()) pairs.set(pair, 2 * (begin + i));
    return;
  }
  for (let i = begin + 1; i < end; i++) {
    const [from, to] = [pairs[2 * i], pairs[2 * i + 1]];
    let at = i;
    for (; at > begin && pairs[2 * at - 2] > from; at--) {
      pairs[2 * at] = pairs[2 * at - 2];
      pairs[2 * at + 1] = pairs[2 * at - 1];
    }
    pairs[2 * at] = from;
    pairs[2 * at + 1] = to;
  }
}

/** Calls `visit` with row, first column and the column after the last one of each run inside the window, all of the grid. */
export function forEachSpan(
  { bounds, starts, columns }: CellSpans,
  { x, y, width, height }: Window,
  visit: (row: number, from: number, to: number) => void,
): void {
  const right = x + width;
  const end = Math.min(y + height, bounds.y + bounds.height);
  for (let row = Math.max(y, bounds.y); row < end; row++) {
    for (let i = starts[row - bounds.y]; i < starts[row - bounds.y + 1]; i++) {
      const from = Math.max(columns[2 * i], x);
      const to = Math.min(columns[2 * i + 1], right);
      if (from < to) visit(row, from, to);
    }
  }
}

/** Writes `value` into the cells of the window, row-major, that are covered. */
export function burn<T extends Uint8Array | Uint32Array>(spans: CellSpans, window: Window, out: T, value = 1): T {
  const { x, y, width } = window;
  forEachSpan(spans, window, (row, from, to) => {
    const start = (row - y) * width - x;
    out.fill(value, start + from, start + to);
  });
  return out;
}

/** Whether the cells cover no cell of the window, some, or each one: exact, without looking at cells. */
export function windowCover(spans: CellSpans, window: Window): 'none' | 'some' | 'all' {
  let covered = 0;
  forEachSpan(spans, window, (_, from, to) => {
    covered += to - from;
  });
  return covered === 0 ? 'none' : covered === window.width * window.height ? 'all' : 'some';
}

export function spanCells({ columns }: CellSpans): number {
  let cells = 0;
  for (let i = 0; i < columns.length; i += 2) cells += columns[i + 1] - columns[i];
  return cells;
}
