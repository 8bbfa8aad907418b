/** Windows of sources in other grids, made by hand, and the definition of what a device makes of them, in float64 and cell by cell. */
import { allocatePlane, NODATA, nodataOf, type Plane } from '../../src/core/cells.ts';
import type { Grid, Window } from '../../src/core/grid.ts';
import { type CellPositions, type Interpolation, NO_POSITION, type WarpInput } from '../../src/core/warp.ts';
import type { FieldReader } from '../../src/engine/run.ts';
import type { WarpedPlane } from '../../src/engine/warped-plane.ts';

/** A raster in a grid of its own. */
export interface Source {
  readonly width: number;
  readonly height: number;
  readonly cells: Plane;
}

/** Column and row in the source of a place of the target grid, in cells from its corner. */
export type Mapping = (x: number, y: number) => readonly [number, number] | undefined;

const BITS = 16;
/** Cells held beyond the outermost positions: taps of the cubic, and what the middle of a curved line may stand out. */
const MARGIN = 4;

/** The nodes around a window, at multiples of `step` of the whole grid. */
export function positionsOf(window: Window, mapping: Mapping, held: Window, step = 16): CellPositions {
  const [originX, originY] = [window.x, window.y].map((at) => Math.floor(at / step) * step - at);
  const columns = Math.floor((window.width - 1 - originX) / step) + 2;
  const rows = Math.floor((window.height - 1 - originY) / step) + 2;
  const nodes = new Int32Array(4 * columns * rows);
  for (let node = 0; node < columns * rows; node++) {
    const x = window.x + originX + (node % columns) * step;
    const y = window.y + originY + Math.floor(node / columns) * step;
    const place = mapping(x + 0.5, y + 0.5);
    const [column, row] = place ?? [Number.NaN, Number.NaN];
    const split = (at: number, first: number) => {
      const units = Math.round(at * 2 ** BITS);
      return [Math.floor(units / 2 ** BITS) - first, units - Math.floor(units / 2 ** BITS) * 2 ** BITS];
    };
    nodes.set(place ? [...split(column, held.x), ...split(row, held.y)] : [NO_POSITION, 0, NO_POSITION, 0], 4 * node);
  }
  const { width, height } = window;
  return { width, height, step, originX, originY, columns, rows, bits: BITS, nodes };
}

/** What a reader would give the device for a window. */
export function warpInput(
  source: Source,
  window: Window,
  mapping: Mapping,
  method: Interpolation,
  step?: number,
): WarpInput {
  const free = positionsOf(window, mapping, { x: 0, y: 0, width: 0, height: 0 }, step);
  const places = Array.from({ length: free.nodes.length / 4 }, (_, i) => free.nodes.subarray(4 * i, 4 * i + 4));
  const known = places.filter(([column]) => column !== NO_POSITION);
  const span = (axis: 0 | 2, size: number) => {
    const at = known.map((place) => place[axis]);
    const first = Math.min(size, Math.max(0, Math.min(...at) - MARGIN));
    return [first, Math.max(first, Math.min(size, Math.max(...at) + MARGIN + 1)) - first];
  };
  const [x, width] = known.length > 0 ? span(0, source.width) : [0, 0];
  const [y, height] = known.length > 0 ? span(2, source.height) : [0, 0];
  const held = { x, y, width, height };
  const cells = allocatePlane(source.cells instanceof Float32Array ? 'f32' : 'u32', width * height);
  for (let row = 0; row < height; row++) {
    const start = (y + row) * source.width + x;
    cells.set(source.cells.subarray(start, start + width), row * width);
  }
  return { method, held, cells, positions: positionsOf(window, mapping, held, step) };
}

/** Reads a source through a mapping: on the host by the definition below, for devices that warp as what they make it from. */
export function warpReader(source: Source, grid: Grid, mapping: Mapping, method: Interpolation): FieldReader {
  const type = source.cells instanceof Float32Array ? 'f32' : 'u32';
  const plane = (window: Window): WarpedPlane => ({
    type,
    parts: [{ x: 0, y: 0, input: warpInput(source, window, mapping, method) }],
  });
  return {
    read: async (window) => warpedCells(plane(window), window, grid),
    readWarp: async (window) => plane(window),
  };
}

/** The cells of a window of the grid. */
export function warpedCells({ type, parts, mask }: WarpedPlane, window: Window, grid: Grid): Plane {
  const out = allocatePlane(type, window.width * window.height).fill(nodataOf(type));
  for (const { x, y, input } of parts) {
    const { width, height } = input.positions;
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        const [gridColumn, gridRow] = [window.x + x + column, window.y + y + row];
        if (gridColumn < 0 || gridRow < 0 || gridColumn >= grid.width || gridRow >= grid.height) continue;
        const at = (y + row) * window.width + x + column;
        if (mask?.inside[at] !== 0) out[at] = warpedCell(input, column, row, nodataOf(type));
      }
  }
  return out;
}

function warpedCell(
  { method, held, cells, positions }: WarpInput,
  column: number,
  row: number,
  nodata: number,
): number {
  const place = placeOf(positions, column, row);
  if (!place) return nodata;
  const valueAt = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < held.width && y < held.height ? cells[y * held.width + x] : nodata;
  const [x, y] = place;
  const own = valueAt(Math.floor(x), Math.floor(y));
  if (method === 'nearest' || own === NODATA) return own;
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  const mean = (kernel: 'bilinear' | 'cubic'): number => {
    const [first, last] = kernel === 'bilinear' ? [0, 1] : [-1, 2];
    let [sum, weights] = [0, 0];
    for (let j = first; j <= last; j++)
      for (let i = first; i <= last; i++) {
        const value = valueAt(left + i, top + j);
        if (value === NODATA && kernel === 'cubic') return mean('bilinear');
        if (value === NODATA) continue;
        const weight = weightOf(kernel, x - 0.5 - left - i) * weightOf(kernel, y - 0.5 - top - j);
        sum += weight * value;
        weights += weight;
      }
    return Math.fround(sum / weights);
  };
  return mean(method);
}

function weightOf(kernel: 'bilinear' | 'cubic', distance: number): number {
  const d = Math.abs(distance);
  if (kernel === 'bilinear') return Math.max(0, 1 - d);
  if (d >= 2) return 0;
  return d < 1 ? 1.5 * d ** 3 - 2.5 * d ** 2 + 1 : -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2;
}

/** By the formula of src/core/warp.ts, in exact integers. */
function placeOf(positions: CellPositions, column: number, row: number): [number, number] | undefined {
  const { step, originX, originY, columns, bits, nodes } = positions;
  const [a, b] = [(column - originX) % step, (row - originY) % step];
  const first = Math.floor((row - originY) / step) * columns + Math.floor((column - originX) / step);
  const corners = [first, first + 1, first + columns, first + columns + 1].map((node) =>
    Array.from(nodes.subarray(4 * node, 4 * node + 4)),
  );
  if (corners.slice(0, step === 1 ? 1 : 4).some(([at]) => at === NO_POSITION)) return undefined;
  const lerp = (p: number, q: number, t: number) => p + Math.floor(((q - p) * t + Math.floor(step / 2)) / step);
  const along = (axis: 0 | 2) => {
    const [n00, n10, n01, n11] = corners.map((node) => (node[axis] - corners[0][axis]) * 2 ** bits + node[axis + 1]);
    return corners[0][axis] + lerp(lerp(n00, n10, a), lerp(n01, n11, a), b) / 2 ** bits;
  };
  return [along(0), along(2)];
}
