/** The head of a deflate block with codes of its own (RFC 1951, 3.2.7). */
import { type BitWriter, putBits } from './bit-writer.ts';
import { type Code, huffmanCode } from './huffman.ts';

export interface CodeHeader {
  /** What is written, in turn. */
  readonly values: readonly number[];
  /** Bits of each. */
  readonly widths: readonly number[];
  /** Of all of it, the kind of the block included. */
  readonly bits: number;
}

export function putHeader(writer: BitWriter, { values, widths }: CodeHeader, final: boolean): void {
  putBits(writer, (final ? 1 : 0) | (2 << 1), 3);
  for (let i = 0; i < values.length; i++) putBits(writer, values[i], widths[i]);
}

const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** The two codes as deflate sends them: their lengths, runs shortened, in a third code. */
export function codeHeader(literals: Code, distances: Code): CodeHeader {
  let literalCount = 286;
  while (literalCount > 257 && literals.lengths[literalCount - 1] === 0) literalCount--;
  let distanceCount = 30;
  while (distanceCount > 1 && distances.lengths[distanceCount - 1] === 0) distanceCount--;
  const lengths = [...literals.lengths.subarray(0, literalCount), ...distances.lengths.subarray(0, distanceCount)];

  const symbols: number[] = [];
  const extras: [value: number, width: number][] = [];
  const add = (symbol: number, value = 0, width = 0) => {
    symbols.push(symbol);
    extras.push([value, width]);
  };
  for (let i = 0; i < lengths.length; ) {
    let run = 1;
    while (i + run < lengths.length && lengths[i + run] === lengths[i]) run++;
    if (lengths[i] === 0 && run >= 3) {
      run = Math.min(run, 138);
      if (run <= 10) add(17, run - 3, 3);
      else add(18, run - 11, 7);
    } else if (run >= 4) {
      run = Math.min(run, 7);
      add(lengths[i]);
      add(16, run - 4, 2);
    } else {
      run = 1;
      add(lengths[i]);
    }
    i += run;
  }
  const counts = new Int32Array(19);
  for (const symbol of symbols) counts[symbol]++;
  const code = huffmanCode(counts, 7);
  let orderCount = 19;
  while (orderCount > 4 && code.lengths[ORDER[orderCount - 1]] === 0) orderCount--;

  const values = [literalCount - 257, distanceCount - 1, orderCount - 4];
  const widths = [5, 5, 4];
  for (let i = 0; i < orderCount; i++) {
    values.push(code.lengths[ORDER[i]]);
    widths.push(3);
  }
  symbols.forEach((symbol, i) => {
    values.push(code.packed[symbol] & 0xffff, extras[i][0]);
    widths.push(code.packed[symbol] >>> 16, extras[i][1]);
  });
  return { values, widths, bits: 3 + widths.reduce((sum, width) => sum + width, 0) };
}
