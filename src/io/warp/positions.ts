/** Positions of a window's cells in the source, as the integers of core/warp.ts, for the device and for the loops of this folder alike. */
import type { Window } from '../../core/grid.ts';
import { type CellPositions, NO_POSITION } from '../../core/warp.ts';
import { controlGrid, exactRows, interpolatedRows, type RowOfPlaces } from './control-grid.ts';
import { type Locator, locatorOf } from './locator.ts';
import { cutMargin } from './plan-warp.ts';
import type { Warp } from './warp.ts';

/** Places of a warp, ready to be asked for by rows. The control grid's patches are kept for the next window. */
export async function placesOf(warp: Warp): Promise<RowOfPlaces> {
  const key = JSON.stringify([warp.source, warp.target, warp.from, warp.to, warp.control, warp.maxError]);
  const known = kept.get(key);
  if (known) return known;
  const made = locatorOf(warp).then((locate: Locator) =>
    warp.from === undefined
      ? exactRows(locate)
      : interpolatedRows(controlGrid(locate, warp.control, warp.period), locate, warp.maxError),
  );
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, made);
  made.catch(() => kept.delete(key));
  return made;
}

const kept = new Map<string, Promise<RowOfPlaces>>();
const MOST_KEPT = 8;

/**
 * Positions of a target window's cells, columns and rows counted from the source's first cell; a source that is closed around the globe
 * goes on beyond its edges, so that positions run on where longitudes start again.
 */
export function positionsOf(warp: Warp, places: RowOfPlaces, window: Window): CellPositions {
  const { step, bits } = warp;
  const { width, height } = window;
  const originX = -modulo(window.x, step) || 0;
  const originY = -modulo(window.y, step) || 0;
  // One node past the last cell, even where that stands on a node.
  const columns = Math.floor((width - 1 - originX) / step) + 2;
  const rows = Math.floor((height - 1 - originY) / step) + 2;
  const nodes = new Int32Array(4 * columns * rows);
  const x = new Float64Array(columns);
  const y = new Float64Array(columns);
  const one = 2 ** bits;
  const [least, most] = positionBounds(warp);
  for (let row = 0; row < rows; row++) {
    places(window.y + originY + row * step + 0.5, window.x + originX + 0.5, step, columns, x, y);
    for (let column = 0; column < columns; column++) {
      const at = 4 * (row * columns + column);
      // False for NaN too.
      if (!(x[column] > least && x[column] < most && Math.abs(y[column]) < FARTHEST)) {
        nodes[at] = NO_POSITION;
        continue;
      }
      const across = Math.round(x[column] * one);
      const down = Math.round(y[column] * one);
      nodes[at] = Math.floor(across / one);
      nodes[at + 1] = across - nodes[at] * one;
      nodes[at + 2] = Math.floor(down / one);
      nodes[at + 3] = down - nodes[at + 2] * one;
    }
  }
  const positions = { width, height, step, originX, originY, columns, rows, bits, nodes };
  if (warp.closed && warp.period !== undefined) runOn(positions, Math.round(warp.period));
  return positions;
}

/** Cells that a position may be away from the source: far enough, and its fraction still fits. */
const FARTHEST = 2 ** 28;

/** Columns between which nodes have a position: away from the cut of the longitudes, between whose sides there is no way. */
function positionBounds({ source, period, closed, step, ratio }: Warp): readonly [number, number] {
  if (period === undefined || closed || step === 1) return [-FARTHEST, FARTHEST];
  const margin = Math.min(cutMargin(Math.max(...ratio)), Math.max(0, (period - source.width) / 2 - 1));
  return [(source.width - period) / 2 + margin, (source.width + period) / 2 - margin];
}

/** Makes columns of a closed source run on from node to node. Around a pole they cannot, but there every cell has its own node. */
function runOn({ nodes, columns, rows, step }: CellPositions, period: number): void {
  const middle = 4 * (Math.floor(rows / 2) * columns + Math.floor(columns / 2));
  let first = nodes[middle];
  for (let at = 0; first === NO_POSITION && at < nodes.length; at += 4) first = nodes[at];
  for (let row = 0; row < rows; row++) {
    let last = first;
    for (let column = 0; column < columns; column++) {
      const at = 4 * (row * columns + column);
      if (nodes[at] === NO_POSITION) continue;
      nodes[at] += period * Math.round((last - nodes[at]) / period);
      if (step === 1) continue;
      last = nodes[at];
      if (column === 0) first = last;
    }
  }
}

/** The same positions, counted from another cell. */
export function countedFrom(positions: CellPositions, x: number, y: number): CellPositions {
  const nodes = positions.nodes.slice();
  for (let at = 0; at < nodes.length; at += 4) {
    if (nodes[at] === NO_POSITION) continue;
    nodes[at] -= x;
    nodes[at + 2] -= y;
  }
  return { ...positions, nodes };
}

function modulo(value: number, of: number): number {
  return ((value % of) + of) % of;
}
