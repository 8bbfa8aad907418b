/**
 * A block of f32 quantities on its way to a file, in one walk while its rows are in the processor's cache: nodata settled, statistics, sums for the
 * overview, predictor. In WebAssembly: it runs fast from the first row on, where loops of JavaScript are slow until they have been compiled. Where
 * that is not allowed, the parts one after the other make the same bytes (tasks.ts).
 */
import { mayCompile } from '../core/wasm/allowed.ts';
import { onGrowingMemory } from '../core/wasm/on-memory.ts';
import { type BlockEncoding, declaredNodata } from './block-encoder.ts';
import type { Sums } from './overview-means.ts';
import { HOST_IS_LITTLE_ENDIAN } from './samples.ts';
import type { BlockStatistics } from './statistics.ts';
import { DECLARED, FREE, floatFunctions, MEASURES } from './wasm/float-rows.ts';

export interface FloatBlock {
  /** Undefined where no cell is valid. */
  readonly statistics: BlockStatistics | undefined;
  readonly sums: Sums | undefined;
}

/** Whether `walkFloats` is for such a file, here. */
export function holdsFloats({ sampleType, kind, predictor }: BlockEncoding): boolean {
  return sampleType === 'f32' && kind === 'quantity' && predictor !== 2 && HOST_IS_LITTLE_ENDIAN && mayCompile();
}

/**
 * Of blockSize² cells, which become what is compressed: samples of the file, or their planes. Of an overview block, whose base was measured,
 * nothing is `wanted`.
 */
export function walkFloats(
  cells: Float32Array,
  encoding: BlockEncoding,
  wanted: { readonly statistics?: boolean; readonly sums?: boolean } = {},
): FloatBlock {
  const { blockSize } = encoding;
  const row = 4 * blockSize;
  const side = blockSize / 2;
  const end = FREE + cells.byteLength;
  const sumsAt = end + (encoding.predictor === 3 ? cells.byteLength : 0);
  const countsAt = sumsAt + 8 * side * side;
  const { functions, memory } = rowsOf(countsAt + 4 * side * side);
  const { settle, measure, measureSome, sum, planes } = functions;
  const { buffer } = memory;
  new Float32Array(buffer, DECLARED, 1)[0] = declaredNodata(encoding);
  const block = new Float32Array(buffer, FREE, cells.length);
  block.set(cells);
  const measures = new Float64Array(buffer, MEASURES, 5);
  let valid = 0;
  for (let upper = FREE; upper < end; upper += 2 * row) {
    const lower = upper + row;
    for (const at of [upper, lower]) {
      const count = settle(at, at + row);
      if (wanted.statistics && count > 0) {
        if (valid === 0) begin(measures, firstValid(block, (at - FREE) / 4, encoding));
        (count === blockSize ? measure : measureSome)(at, at + row);
      }
      valid += count;
    }
    const above = (upper - FREE) / (2 * row);
    if (wanted.sums) sum(upper, lower, lower, sumsAt + 8 * side * above, countsAt + 4 * side * above);
    if (encoding.predictor === 3)
      for (const at of [upper, lower]) planes(at, at + row, at + cells.byteLength, blockSize);
  }
  cells.set(encoding.predictor === 3 ? new Float32Array(buffer, end, cells.length) : block);
  const statistics = wanted.statistics ? statisticsFrom(measures, valid) : undefined;
  if (!wanted.sums || valid === 0) return { statistics, sums: undefined };
  const sums = new Float64Array(buffer, sumsAt, side * side).slice();
  const counts = new Uint32Array(buffer, countsAt, side * side).slice();
  return { statistics, sums: { side, sums, counts } };
}

/** The value of the first valid cell from `i` on; there is one. */
function firstValid(block: Float32Array, i: number, encoding: BlockEncoding): number {
  const nodata = declaredNodata(encoding);
  let at = i;
  while (block[at] === nodata || Number.isNaN(block[at])) at++;
  return block[at];
}

function begin(measures: Float64Array, first: number): void {
  measures.set([first, 0, 0, first, first]);
}

function statisticsFrom([shift, sum, squares, min, max]: Float64Array, valid: number): BlockStatistics | undefined {
  if (valid === 0) return undefined;
  return { valid, min, max, mean: shift + sum / valid, squares: Math.max(0, squares - (sum * sum) / valid) };
}

interface RowFunctions {
  readonly settle: (at: number, end: number) => number;
  readonly measure: (at: number, end: number) => void;
  readonly measureSome: (at: number, end: number) => void;
  readonly sum: (upper: number, end: number, lower: number, sums: number, counts: number) => void;
  readonly planes: (at: number, end: number, to: number, step: number) => void;
}

const rowsOf = onGrowingMemory<RowFunctions>(floatFunctions);
