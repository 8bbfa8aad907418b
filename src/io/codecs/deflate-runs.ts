/**
 * Deflate that shortens runs and nothing else, for what predictor 3 leaves of measured quantities: noise, and planes of bytes that hardly change.
 * In WebAssembly, which is fast from the first block on. Measured against zlib with Z_RLE, for a megabyte and the same size within a hundredth:
 * 5 to 7 ms where that takes 11 to 13 (noise), 2 to 3.5 where it takes 3 to 5.5 (values of a table of classes).
 */

import { onGrowingMemory } from '../../core/wasm/on-memory.ts';
import * as place from '../wasm/run-codes.ts';
import { runFunctions } from '../wasm/run-codes.ts';
import { type BitWriter, finishBits, putBits, putStored } from './bit-writer.ts';
import { codeHeader, putHeader } from './deflate-header.ts';
import { END_OF_BLOCK, LENGTH_BASE, LENGTH_EXTRA, LENGTH_SYMBOL } from './deflate-symbols.ts';
import { huffmanCode } from './huffman.ts';

interface Kernel {
  readonly count: (at: number, end: number) => void;
  readonly put: (at: number, end: number, to: number, bits: number, held: number) => number;
  readonly adler: (at: number, end: number) => number;
}

/** Bytes that share a code. */
const BLOCK = 2 ** 20;
/** Four codes of this length, and what waits, fit into 64 bits. */
const LONGEST_CODE = 12;
const SYMBOLS = 286;

/** The bytes as a zlib stream. */
export function deflateRuns(input: Uint8Array): Uint8Array<ArrayBuffer> {
  const first = place.FREE + 64;
  const end = first + input.length;
  // What is read beyond the end, and what is written beyond the last bit.
  const to = Math.ceil((end + 64) / 64) * 64;
  const { functions, memory } = kernelOf(to + input.length + 10 * Math.ceil(input.length / 32768) + 64);
  const { count, put, adler } = functions;
  const bytes = new Uint8Array(memory.buffer);
  const counts = new Int32Array(memory.buffer, place.COUNTS, (2 * place.COUNTS_BYTES) / 4);
  const rest = new Int32Array(memory.buffer, place.REST, 4);
  bytes.set(input, first);
  bytes[first - 1] = ~input[0]; // the first byte repeats nothing
  bytes.set([0x78, 0x01], to); // 32 kB window, fastest
  const writer: BitWriter = { out: bytes, view: new DataView(memory.buffer), next: to + 2, bits: 0, held: 0 };
  let at = first;
  do {
    const until = Math.min(end, at + BLOCK);
    counts.fill(0);
    count(at, until);
    const frequencies = new Int32Array(SYMBOLS);
    for (let symbol = 0; symbol < SYMBOLS; symbol++) frequencies[symbol] = counts[symbol] + counts[symbol + SYMBOLS];
    frequencies[END_OF_BLOCK] = 1;
    const { bits, packed, header } = codesOf(frequencies);
    if (bits / 8 > until - at) putStored(writer, bytes, at, until, until === end);
    else {
      putHeader(writer, header, until === end);
      fillTables(memory, packed);
      writer.next = put(at, until, writer.next, writer.bits, writer.held);
      [writer.bits, , writer.held] = rest;
      putBits(writer, packed[END_OF_BLOCK] & 0xffff, packed[END_OF_BLOCK] >> 16);
    }
    at = until;
  } while (at < end);
  return finishBits(writer, adler(first, end) >>> 0).slice(to);
}

/** Distances are all 1, whose code is one bit, 0. */
const DISTANCES = new Int32Array(30);
DISTANCES[0] = 1;

function codesOf(frequencies: Int32Array) {
  const literals = huffmanCode(frequencies, LONGEST_CODE);
  const header = codeHeader(literals, huffmanCode(DISTANCES, 1));
  let { bits } = header;
  for (let symbol = 0; symbol < SYMBOLS; symbol++)
    bits +=
      frequencies[symbol] * (literals.lengths[symbol] + (symbol > END_OF_BLOCK ? LENGTH_EXTRA[symbol - 257] + 1 : 0));
  return { bits, packed: literals.packed, header };
}

function fillTables({ buffer }: WebAssembly.Memory, packed: Int32Array): void {
  const byteCodes = new Int32Array(buffer, place.BYTE_CODES, 256);
  const runCodes = new Int32Array(buffer, place.RUN_CODES, LENGTH_SYMBOL.length);
  for (let byte = 0; byte < 256; byte++) byteCodes[byte] = (packed[byte] & 0xffff) | ((packed[byte] >> 16) << 24);
  for (let length = 3; length < runCodes.length; length++) {
    const symbol = LENGTH_SYMBOL[length];
    const code = packed[257 + symbol];
    const width = code >> 16;
    const extra = (length - LENGTH_BASE[symbol]) << width;
    runCodes[length] = (code & 0xffff) | extra | ((width + LENGTH_EXTRA[symbol] + 1) << 24);
  }
}

const kernelOf = onGrowingMemory<Kernel>(runFunctions, ({ buffer }) => {
  const symbols = new Int32Array(buffer, place.RUN_SYMBOLS, LENGTH_SYMBOL.length);
  for (let length = 3; length < symbols.length; length++) symbols[length] = 257 + LENGTH_SYMBOL[length];
});
