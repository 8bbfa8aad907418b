/**
 * Places in the source from a control grid: reckoned exactly at its nodes, every `control` target cells of the whole grid, and in between by
 * the cubic through four nodes each way. The middle of every patch between nodes is reckoned exactly too; where the cubic misses it by more
 * than is allowed, or a node has no image, all places of that patch are reckoned exactly. Nothing of this depends on windows.
 */
import type { Locator } from './locator.ts';

/** 32 numbers: columns at the 4 × 4 nodes around the patch, row by row, then rows. */
export interface Patch {
  readonly nodes: Float64Array;
  /** Distance in source cells at the middle; Infinity where nodes are missing. */
  readonly miss: number;
}

export interface ControlGrid {
  readonly control: number;
  /** The patch between nodes (column, row) and the next ones; node n stands at the centre of target cell n · control. */
  patch(column: number, row: number): Patch;
}

/** Patches kept: some 10 MB. */
const MOST_PATCHES = 2 ** 15;

export function controlGrid(locate: Locator, control: number, period: number | undefined): ControlGrid {
  const nodes = new Map<number, readonly [number, number] | undefined>();
  const patches = new Map<number, Patch>();
  const keyOf = (column: number, row: number) => (row + 2 ** 22) * 2 ** 23 + column + 2 ** 22;
  const node = (column: number, row: number) => {
    const key = keyOf(column, row);
    if (nodes.has(key)) return nodes.get(key);
    const place = locate(column * control + 0.5, row * control + 0.5);
    nodes.set(key, place);
    return place;
  };
  const make = (column: number, row: number): Patch => {
    const around = new Float64Array(32);
    let whole = true;
    for (let j = 0; j < 4; j++) {
      for (let i = 0; i < 4; i++) {
        const place = node(column + i - 1, row + j - 1);
        whole &&= place !== undefined;
        around[4 * j + i] = place ? place[0] : Number.NaN;
        around[16 + 4 * j + i] = place ? place[1] : Number.NaN;
      }
    }
    if (!whole) return { nodes: around, miss: Infinity };
    if (period !== undefined)
      for (let n = 0; n < 16; n++) around[n] -= period * Math.round((around[n] - around[5]) / period);
    const middle = locate((column + 0.5) * control + 0.5, (row + 0.5) * control + 0.5);
    if (!middle) return { nodes: around, miss: Infinity };
    const [x, y] = evaluate(around, 0.5, 0.5);
    let across = x - middle[0];
    if (period !== undefined) across -= period * Math.round(across / period);
    return { nodes: around, miss: Math.max(Math.abs(across), Math.abs(y - middle[1])) };
  };
  return {
    control,
    patch(column, row) {
      const key = keyOf(column, row);
      const known = patches.get(key);
      if (known) return known;
      if (patches.size >= MOST_PATCHES) {
        patches.clear();
        nodes.clear();
      }
      const made = make(column, row);
      patches.set(key, made);
      return made;
    },
  };
}

function evaluate(nodes: Float64Array, s: number, t: number): [number, number] {
  const x = new Float64Array(4);
  const y = new Float64Array(4);
  down(nodes, t, x, y);
  const [a, b, c, d] = weights(s);
  return [a * x[0] + b * x[1] + c * x[2] + d * x[3], a * y[0] + b * y[1] + c * y[2] + d * y[3]];
}

/** Weights of the cubic through nodes at −1, 0, 1 and 2. */
function weights(t: number): readonly [number, number, number, number] {
  return [
    (-t * (t - 1) * (t - 2)) / 6,
    ((t + 1) * (t - 1) * (t - 2)) / 2,
    (-(t + 1) * t * (t - 2)) / 2,
    ((t + 1) * t * (t - 1)) / 6,
  ];
}

/** The four columns of a patch at height t. */
function down(nodes: Float64Array, t: number, x: Float64Array, y: Float64Array): void {
  const [a, b, c, d] = weights(t);
  for (let i = 0; i < 4; i++) {
    x[i] = a * nodes[i] + b * nodes[4 + i] + c * nodes[8 + i] + d * nodes[12 + i];
    y[i] = a * nodes[16 + i] + b * nodes[20 + i] + c * nodes[24 + i] + d * nodes[28 + i];
  }
}

/** Fills places of target (column + i · across, row), i below `count`; NaN where there is no image. */
export type RowOfPlaces = (
  row: number,
  column: number,
  across: number,
  count: number,
  x: Float64Array,
  y: Float64Array,
) => void;

/** Places one by one, without a control grid. */
export function exactRows(locate: Locator): RowOfPlaces {
  return (row, column, across, count, x, y) => {
    for (let i = 0; i < count; i++) {
      const place = locate(column + i * across, row);
      x[i] = place ? place[0] : Number.NaN;
      y[i] = place ? place[1] : Number.NaN;
    }
  };
}

export function interpolatedRows(grid: ControlGrid, locate: Locator, maxError: number): RowOfPlaces {
  const { control } = grid;
  const exact = exactRows(locate);
  const xs = new Float64Array(4);
  const ys = new Float64Array(4);
  return (row, column, across, count, x, y) => {
    const v = (row - 0.5) / control;
    const patchRow = Math.floor(v);
    for (let i = 0; i < count; ) {
      const patchColumn = Math.floor((column + i * across - 0.5) / control);
      // Places of this row in the patch, at least one.
      const last = Math.ceil(((patchColumn + 1) * control + 0.5 - column) / across) - 1;
      const end = Math.min(count, Math.max(last, i) + 1);
      const patch = grid.patch(patchColumn, patchRow);
      if (patch.miss <= maxError) {
        down(patch.nodes, v - patchRow, xs, ys);
        const [x0, x1, x2, x3] = xs;
        const [y0, y1, y2, y3] = ys;
        for (; i < end; i++) {
          const s = (column + i * across - 0.5) / control - patchColumn;
          // Equal to `weights`, without an array for each place.
          const p = (s + 1) * s;
          const q = (s - 1) * (s - 2);
          const a = (-s * q) / 6;
          const b = ((s + 1) * q) / 2;
          const c = (-p * (s - 2)) / 2;
          const d = (p * (s - 1)) / 6;
          x[i] = a * x0 + b * x1 + c * x2 + d * x3;
          y[i] = a * y0 + b * y1 + c * y2 + d * y3;
        }
      } else {
        exact(row, column + i * across, across, end - i, x.subarray(i, end), y.subarray(i, end));
        i = end;
      }
    }
  };
}
