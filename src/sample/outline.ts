/** The edge of the study area: a closed fractal line, sized so that a given share of the extent lies inside, sea left out. */
import { randomStream } from './noise.ts';
import { N } from './working-grid.ts';

export interface Outline {
  /** Corners in working coordinates (cells), closed implicitly. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Directions of the corners the line starts from: points on a circle, three in each quadrant, from its rational form. */
const CORNERS = 12;
/** Rounds of halving; the last pieces are near 200 m long. */
const HALVINGS = 6;
/** Share of the extent's width at most: a rim of nodata is left on all sides. */
const LARGEST = 0.965;

export function makeOutline(land: (cell: number) => boolean, share: number, seed: number): Outline {
  const shape = fractalLoop(seed);
  let low = 0.5;
  let high = LARGEST;
  for (let round = 0; round < 12; round++) {
    const middle = 0.5 * (low + high);
    if (landShare(scaled(shape, middle), land) < share) low = middle;
    else high = middle;
  }
  return scaled(shape, high);
}

/** A loop that just fits into the extent, in fractions of half its width, −1..1. */
function fractalLoop(seed: number): Outline {
  const random = randomStream(seed + 100);
  let x: number[] = [];
  let y: number[] = [];
  for (let k = 0; k < CORNERS; k++) {
    // t = 0, 1/3, 2/3 of a quadrant; the quadrant turns by swapping and negating.
    const t = (k % 3) / 3;
    let dx = (1 - t * t) / (1 + t * t);
    let dy = (2 * t) / (1 + t * t);
    for (let turn = 0; turn < Math.floor(k / 3); turn++) [dx, dy] = [-dy, dx];
    // Between a circle and a square, so that the corners of the extent are used too.
    const square = Math.sqrt(Math.sqrt(dx * dx * dx * dx + dy * dy * dy * dy));
    const radius = (0.52 + 0.48 * random()) / square;
    x.push(radius * dx);
    y.push(radius * dy);
  }
  for (let round = 0; round < 2; round++) [x, y] = cutCorners(x, y);
  for (let round = 0; round < HALVINGS; round++) [x, y] = displaceMiddles(x, y, random);
  return { x: stretch(x), y: stretch(y) };
}

function cutCorners(x: number[], y: number[]): [number[], number[]] {
  const toX: number[] = [];
  const toY: number[] = [];
  for (let k = 0; k < x.length; k++) {
    const next = (k + 1) % x.length;
    toX.push(0.75 * x[k] + 0.25 * x[next], 0.25 * x[k] + 0.75 * x[next]);
    toY.push(0.75 * y[k] + 0.25 * y[next], 0.25 * y[k] + 0.75 * y[next]);
  }
  return [toX, toY];
}

function displaceMiddles(x: number[], y: number[], random: () => number): [number[], number[]] {
  const toX: number[] = [];
  const toY: number[] = [];
  for (let k = 0; k < x.length; k++) {
    const next = (k + 1) % x.length;
    const push = 0.5 * (random() - 0.5);
    toX.push(x[k], 0.5 * (x[k] + x[next]) - push * (y[next] - y[k]));
    toY.push(y[k], 0.5 * (y[k] + y[next]) + push * (x[next] - x[k]));
  }
  return [toX, toY];
}

function stretch(values: readonly number[]): Float64Array {
  let low = values[0];
  let high = low;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return Float64Array.from(values, (value) => (2 * (value - low)) / (high - low) - 1);
}

function scaled({ x, y }: Outline, scale: number): Outline {
  const place = (value: number) => N * (0.5 + 0.5 * scale * value);
  return { x: x.map(place), y: y.map(place) };
}

function landShare(outline: Outline, land: (cell: number) => boolean): number {
  let count = 0;
  for (let row = 0; row < N; row += 4) {
    forSpans(outline, row + 0.5, N, 1, (from, to) => {
      for (let column = from; column < to; column++) if (land(row * N + column)) count++;
    });
  }
  return (4 * count) / (N * N);
}

/**
 * Calls `visit(from, to)` for the runs of columns whose centres are inside on the line of working row `y`; `step` is the size of a
 * column in working cells. Even-odd rule.
 */
export function forSpans(
  { x, y }: Outline,
  line: number,
  columns: number,
  step: number,
  visit: (from: number, to: number) => void,
): void {
  const crossings: number[] = [];
  for (let k = 0, last = x.length - 1; k < x.length; last = k++) {
    if (y[k] > line === y[last] > line) continue;
    crossings.push(x[k] + ((line - y[k]) / (y[last] - y[k])) * (x[last] - x[k]));
  }
  crossings.sort((a, b) => a - b);
  for (let k = 0; k + 1 < crossings.length; k += 2) {
    // A centre (c + 0.5)·step is inside from the first crossing on.
    const from = Math.max(0, Math.ceil(crossings[k] / step - 0.5));
    const to = Math.min(columns, Math.ceil(crossings[k + 1] / step - 0.5));
    if (to > from) visit(from, to);
  }
}
