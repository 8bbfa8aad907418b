/**
 * Sums and counts over discs of whole numbers: of each row that a disc crosses, the sum of a chord is the difference of two running sums, in integers
 * modulo 2³² (gpu-algorithms.md section 2, row prefix). O(radius) for a cell, exact, and below some hundred cells faster than a transform.
 */
import { NODATA } from '../../core/cells.ts';
import type { BlockInput } from './block.ts';
import type { RowWriter } from './block-results.ts';
import { areWhole, type BlockValues } from './block-values.ts';
import { keptFor } from './kept.ts';
import type { Kernel } from './kernels.ts';
import { CHORD_CELLS } from './wasm/cells.ts';
import { instantiate } from './wasm/module.ts';
import { coveredHeights } from './zero-cells.ts';

/** Measured on one core: beyond this radius a transform is faster; with sum and count apart, earlier. */
const WIDEST = 64;
const WIDEST_APART = 24;
/** A sum takes the lower half of 32 bits and a count the upper one where both fit. */
const HALF = 2 ** 16;

/** Whether chords can answer for a block. */
export function fitsChords(values: Float32Array, { shape, radius }: Kernel, about: BlockValues): boolean {
  if (shape !== 'disc' || radius > (fitsHalves(radius, about) ? WIDEST : WIDEST_APART)) return false;
  return largestSum(radius, about) < 2 ** 31 && areWhole(values);
}

function largestSum(radius: number, { low, high }: BlockValues): number {
  return Math.max(high, -low, 1) * Math.PI * (radius + 1) ** 2;
}

function fitsHalves(radius: number, about: BlockValues): boolean {
  return about.low >= 0 && largestSum(radius, about) < HALF;
}

/** Rows of running sums of `pitch` numbers, `reach` cells more on each side than the block, as bytes of the memory. */
interface Prefixes {
  readonly pitch: number;
  readonly rows: number;
  /** Of bytes: running sums, the chords' table, the sums of a row. */
  readonly table: number;
  readonly sums: number;
}

export function discBlock(input: BlockInput, about: BlockValues, write: RowWriter): void {
  const { width, height, kernel } = input;
  const packed = fitsHalves(kernel.radius, about);
  const [reach] = coveredHeights('disc', kernel.radius, Infinity);
  const pitch = 2 * Math.ceil((width + 2 * reach + 1 + CHORD_CELLS) / 32) * 16 + CHORD_CELLS; // no power of two, which caches dislike
  const rows = height + 2 * reach;
  const table = 4 * pitch * rows;
  const sums = table + 8 * (2 * reach + 1);
  const at: Prefixes = { pitch, rows, table, sums };
  const { functions, numbers } = keptFor(`chords ${pitch} ${rows} ${reach}`, () => instantiate(sums + 4 * pitch));
  const words = new Int32Array(numbers.buffer);
  words.set(chordTable(kernel.radius, pitch), table / 4);
  const found = words.subarray(sums / 4, sums / 4 + width);
  const [contrasts, weights] = [new Float64Array(width * (packed ? 1 : height)), new Float64Array(width)];
  const eachRow = (use: (y: number) => void) => {
    for (let y = 0; y < height; y++) {
      const from = 4 * y * pitch;
      functions.chords(from, from + 4 * width, sums, table, sums);
      use(y);
    }
  };
  if (packed) {
    putPrefixes(input, at, words, (value) => value + HALF);
    eachRow((y) => {
      for (let x = 0; x < width; x++) {
        contrasts[x] = found[x] & (HALF - 1);
        weights[x] = found[x] >>> 16;
      }
      write(y, contrasts, 0, weights, 0, 1);
    });
    return;
  }
  putPrefixes(input, at, words, (value) => value);
  eachRow((y) => contrasts.set(found, y * width));
  putPrefixes(input, at, words, () => 1);
  eachRow((y) => {
    weights.set(found);
    write(y, contrasts, y * width, weights, 0, 1);
  });
}

/** Of each row of the disc: how far east of a cell's place the running sum up to the end of its chord stands, and that before it. */
function chordTable(radius: number, pitch: number): Int32Array {
  const widths = coveredHeights('disc', radius, Infinity);
  const reach = widths[0];
  const entries: number[] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    const half = widths[Math.abs(dy)];
    const row = (reach + dy) * pitch;
    entries.push(4 * (row + reach + half + 1), 4 * (row + reach - half));
  }
  return Int32Array.from(entries);
}

/** Running sums of a number for each valid cell, 0 for others. */
function putPrefixes(
  { values, width, height, plan: { marginX, marginY }, kernel }: BlockInput,
  { pitch, rows }: Prefixes,
  words: Int32Array,
  of: (value: number) => number,
): void {
  const [reach] = coveredHeights('disc', kernel.radius, Infinity);
  const columns = width + 2 * marginX;
  for (let row = 0; row < rows; row++) {
    const start = row * pitch;
    const y = row - reach + marginY;
    if (y < 0 || y >= height + 2 * marginY) {
      words.fill(0, start, start + pitch);
      continue;
    }
    const before = reach - marginX;
    words.fill(0, start, start + Math.max(0, before) + 1);
    let sum = 0;
    for (let x = Math.max(0, -before), i = y * columns + x, o = start + before + x + 1; x < columns; x++, i++, o++) {
      const value = values[i];
      if (value !== NODATA) sum = (sum + of(value)) | 0;
      words[o] = sum;
    }
    words.fill(sum, start + before + columns + 1, start + pitch);
  }
}
