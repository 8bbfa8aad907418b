/**
 * Sums of whole numbers over the neighbourhood of every cell of a block. Every sum of them has to stay below 2^53: then none is rounded, and how
 * the raster is cut and in which order cells are added leaves no trace.
 */
import { NODATA } from '../../core/cells.ts';
import type { Piece } from './pieces.ts';
import { SPAN_CELLS, type SpanMemory, spanMemory } from './span-code.ts';

/** A block with what a piece of the neighbourhood reaches: rows piece.from … piece.to beyond it, columns `reachX` on each side. */
export interface Reached {
  /** Of the block. */
  readonly width: number;
  readonly height: number;
  readonly reachX: number;
  readonly piece: Piece;
}

/** What a valid cell x adds: floor((x − mean) · inverse + 0.5) + unit; other cells add nothing. */
export interface Terms {
  readonly mean: number;
  readonly inverse: number;
  readonly unit: number;
}

/** Columns worked on together, so that the spans of a large window stay in the cache. */
const STRIP = 8 * SPAN_CELLS;
/** Windows of fewer spans than this stay there anyway. */
const MANY_SPANS = 64;
/** A bar of as many rows is summed down its columns. */
const TALL = 3;

/** Adds the sums over a piece to `sums` (by cell of the block). `values`: of what is reached. */
export function addWindowSums(sums: Float64Array, values: Float32Array, terms: Terms, reached: Reached): void {
  const { width, height, piece } = reached;
  const layout = layoutOf(reached);
  const memory = spanMemory(8 * layout.numbers);
  const { numbers, addresses, addSpans } = memory;
  fillRunningSums(memory, values, terms, layout, piece.columns.length > 0);
  for (let y = 0; y < height; y++)
    numbers.set(sums.subarray(y * width, (y + 1) * width), layout.sums + y * layout.sumsPitch);
  const { rows, columns } = spansOf(layout, reached);
  addresses.set([...rows, ...columns].flat(), 2 * layout.table);
  const table = 8 * layout.table;
  const [rowsEnd, columnsEnd] = [table + 8 * rows.length, table + 8 * (rows.length + columns.length)];
  const strip = rows.length + columns.length < MANY_SPANS ? layout.sumsPitch : STRIP;
  for (let x = 0; x < layout.sumsPitch; x += strip)
    for (let y = 0; y < height; y++) {
      const from = 8 * (layout.sums + y * layout.sumsPitch + x);
      const to = from + 8 * Math.min(strip, layout.sumsPitch - x);
      if (rows.length > 0) addSpans(from, to, table, rowsEnd, 8 * (y * layout.alongPitch + x));
      if (columns.length > 0) addSpans(from, to, rowsEnd, columnsEnd, 8 * (y * layout.columns + x));
    }
  for (const { half, from, to } of piece.bars.filter(isTall)) {
    const first = (from - piece.from) * layout.alongPitch + reached.reachX;
    addTallBar(numbers, layout, reached, { first, half, rows: to - from + 1 });
  }
  for (let y = 0; y < height; y++) {
    const from = layout.sums + y * layout.sumsPitch;
    sums.set(numbers.subarray(from, from + width), y * width);
  }
}

const isTall = ({ from, to }: { readonly from: number; readonly to: number }) => to - from + 1 >= TALL;

/** Where things are in the memory, in numbers of eight bytes. */
interface Layout {
  /** Of what is reached. */
  readonly columns: number;
  readonly rows: number;
  /** At 0: by row, with one more cell in each, the sum of all cells before. */
  readonly alongPitch: number;
  /** By column, with one more row, the sum of all above. */
  readonly down: number;
  readonly sums: number;
  readonly sumsPitch: number;
  /** For each span where it ends and where it begins. */
  readonly table: number;
  readonly numbers: number;
}

function layoutOf({ width, height, reachX, piece }: Reached): Layout {
  const columns = width + 2 * reachX;
  const rows = height + piece.to - piece.from;
  const alongPitch = columns + 1;
  const sumsPitch = Math.ceil(width / SPAN_CELLS) * SPAN_CELLS;
  // The last cells of a line are worked on with some beyond it.
  const down = alongPitch * rows + SPAN_CELLS;
  const sums = down + (piece.columns.length > 0 ? columns * (rows + 1) : 0) + SPAN_CELLS;
  const table = sums + sumsPitch * height;
  const spans = piece.bars.reduce((all, { from, to }) => all + to - from + 1, 2 * piece.columns.length);
  return { columns, rows, alongPitch, down, sums, sumsPitch, table, numbers: table + spans };
}

type Span = readonly [end: number, start: number];

/** In bytes, for the first cell of the block. */
function spansOf({ alongPitch, columns: pitch, down }: Layout, { reachX, piece }: Reached) {
  const rows = piece.bars.flatMap((bar): Span[] => {
    if (isTall(bar)) return [];
    return Array.from({ length: bar.to - bar.from + 1 }, (_, i): Span => {
      const row = (bar.from + i - piece.from) * alongPitch + reachX;
      return [8 * (row + bar.half + 1), 8 * (row - bar.half)];
    });
  });
  const columns = piece.columns.flatMap(({ at, half }) => {
    const [end, start] = [(half + 1 - piece.from) * pitch + down, (-half - piece.from) * pitch + down];
    return [reachX - at, reachX + at].map((x): Span => [8 * (end + x), 8 * (start + x)]);
  });
  return { rows, columns };
}

function fillRunningSums(
  { numbers }: SpanMemory,
  values: Float32Array,
  { mean, inverse, unit }: Terms,
  { columns, rows, down }: Layout,
  both: boolean,
): void {
  if (both) numbers.fill(0, down, down + columns);
  for (let y = 0, i = 0, o = 0; y < rows; y++, o++) {
    let sum = 0;
    for (const end = i + columns; i < end; i++, o++) {
      const x = values[i];
      const term = x === NODATA ? 0 : Math.floor((x - mean) * inverse + 0.5) + unit;
      numbers[o] = sum;
      sum += term;
      if (both) numbers[down + i + columns] = numbers[down + i] + term;
    }
    numbers[o] = sum;
  }
}

/** A rectangle: its rows' sums are kept running from one row of the block to the next. */
function addTallBar(
  numbers: Float64Array,
  { alongPitch, sums, sumsPitch }: Layout,
  { width, height }: Reached,
  { first, half, rows }: { readonly first: number; readonly half: number; readonly rows: number },
): void {
  const bar = new Float64Array(width);
  for (let row = 0; row < rows - 1; row++) {
    const at = first + row * alongPitch;
    for (let x = 0; x < width; x++) bar[x] += numbers[at + half + 1 + x] - numbers[at - half + x];
  }
  // `| 0`: no check for overflow in the inner loop.
  for (let y = 0; y < height; y++) {
    const upper = first + y * alongPitch;
    const lower = upper + (rows - 1) * alongPitch;
    const [a, b, c, d] = [(lower + half + 1) | 0, (lower - half) | 0, (upper + half + 1) | 0, (upper - half) | 0];
    const to = (sums + y * sumsPitch) | 0;
    for (let x = 0; x < width; x = (x + 1) | 0) {
      const sum = bar[x] + (numbers[(a + x) | 0] - numbers[(b + x) | 0]);
      numbers[(to + x) | 0] += sum;
      bar[x] = sum - (numbers[(c + x) | 0] - numbers[(d + x) | 0]);
    }
  }
}
