/**
 * The nearest nodes of rows in WebAssembly, eight rows at a time: sums of squared differences in float64, features in their order, the lowest node of
 * equal ones.
 */
import type { Code } from '../../core/wasm/encoding.ts';
import { FunctionCode } from '../../core/wasm/function-code.ts';
import { f64x2, i32, v128 } from '../../core/wasm/instructions.ts';
import { onNewMemory } from '../../core/wasm/on-memory.ts';
import type { Codebook } from './map.ts';

/** Rows at a time. */
export const ROWS = 8;
const PAIRS = Array.from({ length: ROWS / 2 }, (_, i) => i);
/** Bytes of a number of each row. */
const STEP = 8 * ROWS;

type Search = (rows: number, nodes: number, end: number, size: number, out: number) => void;

const onMemory = onNewMemory<Readonly<Record<'nearest1' | 'nearest2', Search>>>(() => [search(1), search(2)]);

/**
 * nearest1 and nearest2 (rows, nodes, end, size, out): at `rows` for each feature the numbers of eight rows; from `nodes` to before `end` vectors of
 * `size` bytes; at `out` the best node of each row, then its squared distance, and of nearest2 the second best node.
 */
function search(wanted: 1 | 2): FunctionCode {
  const code = new FunctionCode(`nearest${wanted}`, 5);
  const [rows, nodes, end, size, out] = code.parameters;
  const each = (value: number) => PAIRS.map(() => code.local('v128', f64x2.of(value)));
  const [sums, nearest, best] = [each(0), each(Number.MAX_VALUE), each(0)];
  const [next, second] = wanted === 2 ? [each(Number.MAX_VALUE), each(0)] : [[], []];
  const index = code.local('v128', f64x2.of(0));
  const at = code.local('i32', rows);
  code.each(nodes, end, size, (node) => {
    for (const sum of sums) code.set(sum, f64x2.of(0));
    code.set(at, rows);
    code.each(node, i32.add(node, size), i32.of(8), (number) => {
      const weight = code.local('v128', f64x2.loadTwice(number));
      for (const i of PAIRS) {
        const apart = code.local('v128', f64x2.sub(v128.load(at, 16 * i), weight));
        code.set(sums[i], f64x2.add(sums[i], f64x2.multiply(apart, apart)));
      }
      code.set(at, i32.add(at, i32.of(STEP)));
    });
    for (const i of PAIRS) {
      const stays = code.local('v128', f64x2.atMost(nearest[i], sums[i]));
      if (wanted === 2) {
        const nextStays = code.local('v128', f64x2.atMost(next[i], sums[i]));
        const otherwise = (a: Code, b: Code, c: Code) => v128.choose(stays, v128.choose(nextStays, a, b), c);
        code.set(second[i], otherwise(second[i], index, best[i]));
        code.set(next[i], otherwise(next[i], sums[i], nearest[i]));
      }
      code.set(best[i], v128.choose(stays, best[i], index));
      code.set(nearest[i], v128.choose(stays, nearest[i], sums[i]));
    }
    code.set(index, f64x2.add(index, f64x2.of(1)));
  });
  for (const [part, found] of [best, nearest, second].entries())
    for (const [i, pair] of found.entries()) code.do(v128.store(out, pair, STEP * part + 16 * i));
  return code;
}

/** Of codebooks that stay, to rows that come and go. */
export class NearestNodes {
  readonly #features: number;
  readonly #rows: Float64Array;
  readonly #search: Search;
  /** Bytes where the vectors of each codebook begin, and the end. */
  readonly #vectors: readonly number[];
  readonly #out: number;
  /** After `find`, of each row: its best node, the squared distance, and the second best node where that was wanted. */
  readonly best: Float64Array;
  readonly squared: Float64Array;
  readonly second: Float64Array;

  /** `second`: find second best nodes too. */
  constructor(books: readonly Codebook[], features: number, second = false) {
    const starts = [ROWS * features];
    for (const book of books) starts.push(starts[starts.length - 1] + book.length);
    const out = starts[books.length];
    const { functions, memory } = onMemory(8 * (out + 3 * ROWS));
    const numbers = new Float64Array(memory.buffer);
    for (const [b, book] of books.entries()) numbers.set(book, starts[b]);
    this.#search = functions[second ? 'nearest2' : 'nearest1'];
    this.#features = features;
    this.#rows = numbers.subarray(0, ROWS * features);
    this.#vectors = starts.map((start) => 8 * start);
    this.#out = 8 * out;
    this.best = numbers.subarray(out, out + ROWS);
    this.squared = numbers.subarray(out + ROWS, out + 2 * ROWS);
    this.second = numbers.subarray(out + 2 * ROWS, out + 3 * ROWS);
  }

  /** Takes `count` rows of whole numbers from `from` on, ROWS at most. */
  take(rows: Int32Array, from: number, count: number, quantum: Float64Array): void {
    const features = this.#features;
    const numbers = this.#rows;
    for (let row = 0, at = from * features; row < count; row++)
      for (let f = 0; f < features; f++, at++) numbers[f * ROWS + row] = rows[at] * quantum[f];
  }

  /** Of the rows taken, among the nodes of a codebook. */
  find(book: number): void {
    this.#search(0, this.#vectors[book], this.#vectors[book + 1], 8 * this.#features, this.#out);
  }
}

/** Of a single row. */
export function nearestTo(rows: Int32Array, row: number, quantum: Float64Array, book: Codebook): number {
  const features = quantum.length;
  let nearest = Infinity;
  let best = 0;
  for (let k = 0; k < book.length / features; k++) {
    let sum = 0;
    for (let f = 0; f < features; f++) {
      const apart = rows[row * features + f] * quantum[f] - book[k * features + f];
      sum += apart * apart;
    }
    if (sum < nearest) {
      nearest = sum;
      best = k;
    }
  }
  return best;
}
